/** Offers and answers of one leg. */
import { describe, expect, test } from '@jest/globals';
import type { Leg } from '../../../../gateway/call/call.ts';
import { offeredCodecs } from '../../../../gateway/call/codec-policy.ts';
import { answerTo, offerOf, takeAnswer } from '../../../../gateway/call/leg-negotiation.ts';
import { parseRemoteDescription } from '../../../../gateway/offer-answer/remote-description.ts';
import { answeredCall } from '../../../support/call/call-bench.ts';
import { phoneSdp } from '../../../support/call/peer-description.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const random = new SeededRandom(1);
const CODECS = offeredCodecs(undefined, ['pcmu']);

function phone(): Leg {
  const [call] = answeredCall().machine.snapshot().calls;
  return call!.callees[0]!;
}

function described(sdp: string) {
  const parsed = parseRemoteDescription(sdp);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return parsed.value;
}

describe('a leg', () => {
  test('whose media is not open can neither offer nor answer', () => {
    const leg = { ...phone(), local: undefined };
    expect(offerOf(random, leg, CODECS)).toMatchObject({ fault: { code: 'call.media-not-open' } });
    const answered = answerTo(random, leg, described(phoneSdp()), CODECS);
    expect(answered).toMatchObject({ fault: { code: 'call.media-not-open' } });
  });

  test('has an offer outstanding until its answer is put into force', () => {
    const leg = phone();
    expect(offerOf(random, leg, CODECS).ok).toBe(true);
    expect(leg.negotiation?.pending).toBeDefined();
    expect(offerOf(random, leg, CODECS).ok).toBe(false);
    const taken = takeAnswer(leg, phoneSdp());
    expect(taken.ok && taken.value.pending).toBeUndefined();
    expect(leg.negotiation?.pending).toBeDefined();
  });

  test('raises the version of its description exactly when that changes', () => {
    const leg = phone();
    const version = () => leg.negotiation!.version;
    answerTo(random, leg, described(phoneSdp({ version: 2 })), CODECS);
    const before = version();
    answerTo(random, leg, described(phoneSdp({ version: 3 })), CODECS);
    expect(version()).toBe(before);
    leg.wanted = 'sendonly';
    answerTo(random, leg, described(phoneSdp({ version: 4 })), CODECS);
    expect(version()).toBe(before + 1);
  });

  test('takes no answer that is none, or to no offer', () => {
    const leg = phone();
    expect(takeAnswer(leg, phoneSdp()).ok).toBe(false);
    offerOf(random, leg, CODECS);
    expect(takeAnswer(leg, 'v=0').ok).toBe(false);
    expect(takeAnswer({ ...leg, negotiation: undefined }, phoneSdp()).ok).toBe(false);
  });
});
