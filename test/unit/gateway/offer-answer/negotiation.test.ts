/** The offer/answer state of a leg. */
import { expect, test } from '@jest/globals';
import { makeAnswer } from '../../../../gateway/offer-answer/answer.ts';
import { applyAnswer } from '../../../../gateway/offer-answer/apply-answer.ts';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';
import { startNegotiation, withdrawOffer } from '../../../../gateway/offer-answer/negotiation.ts';
import { makeOffer } from '../../../../gateway/offer-answer/offer.ts';
import { audio, faultOf, linesOf, rtpTransport, succeeded, understood } from './examples.ts';

const start = () => startNegotiation(transportPresets.rtp, false, '7');
const ours = audio(rtpTransport);
const theirs = audio({ ...rtpTransport, rtpPort: 30_000, rtcpPort: 30_001 });

test('a negotiation begins stable, with nothing agreed and nothing said', () => {
  expect(start()).toMatchObject({ version: 0, lines: [], agreed: [], sessionId: '7' });
  expect(start().pending).toBeUndefined();
});

test('an offer that is withdrawn leaves what was agreed, and its version is not used again', () => {
  const offer = succeeded(makeOffer(start(), [ours]));
  const answer = succeeded(
    makeAnswer(startNegotiation(transportPresets.rtp, false, '8'), understood(offer.sdp), [theirs]),
  );
  const first = succeeded(applyAnswer(offer.negotiation, understood(answer.sdp))).negotiation;
  const hold = succeeded(makeOffer(first, [{ ...ours, direction: 'sendonly' }]));
  const back = withdrawOffer(hold.negotiation);
  expect(back).toMatchObject({ agreed: first.agreed, lines: first.lines });
  const again = succeeded(makeOffer(back, [ours]));
  expect([first.version, hold.negotiation.version, again.negotiation.version]).toEqual([1, 2, 3]);
});

test('the whole state goes through JSON and on as if nothing had happened', () => {
  const restored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
  const offer = succeeded(makeOffer(restored(start()), [ours]));
  const callee = restored(startNegotiation(transportPresets.rtp, false, '8'));
  const answer = succeeded(makeAnswer(callee, understood(offer.sdp), [theirs]));
  const applied = succeeded(applyAnswer(restored(offer.negotiation), understood(answer.sdp)));
  expect(applied).toEqual(succeeded(applyAnswer(offer.negotiation, understood(answer.sdp))));
  const next = succeeded(makeOffer(restored(applied.negotiation), [ours]));
  expect(next).toEqual(succeeded(makeOffer(applied.negotiation, [ours])));
});

test('glare is refused in both ways: one offer at a time', () => {
  const offer = succeeded(makeOffer(start(), [ours]));
  expect(faultOf(makeOffer(offer.negotiation, [ours]))).toBe('offer_answer.offer_pending');
  const crossing = understood(offer.sdp);
  expect(faultOf(makeAnswer(offer.negotiation, crossing, [ours]))).toBe(
    'offer_answer.offer_pending',
  );
  expect(faultOf(applyAnswer(start(), crossing))).toBe('offer_answer.no_offer_pending');
});

test('the o= line keeps its session and address when the media moves', () => {
  const offer = succeeded(makeOffer(start(), [ours]));
  const moved = audio({ ...rtpTransport, address: '2001:db8::9' });
  const again = succeeded(makeOffer(withdrawOffer(offer.negotiation), [moved]));
  expect(linesOf(again.sdp, 'o=', 'c=')).toEqual([
    'o=- 7 2 IN IP4 203.0.113.7',
    'c=IN IP6 2001:db8::9',
  ]);
});
