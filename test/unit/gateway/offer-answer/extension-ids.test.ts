/** Ids of header extensions. */
import { expect, test } from '@jest/globals';
import { makeAnswer } from '../../../../gateway/offer-answer/answer.ts';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';
import { bindExtensions, noteExtensions } from '../../../../gateway/offer-answer/extension-ids.ts';
import { startNegotiation } from '../../../../gateway/offer-answer/negotiation.ts';
import { makeOffer } from '../../../../gateway/offer-answer/offer.ts';
import { browserAudio, described, linesOf, succeeded } from './examples.ts';

const ids = (bindings: { [id: string]: string }, ...wishes: [id: number, uri: string][]) =>
  bindExtensions(
    bindings,
    wishes.map(([id, uri]) => ({ id, uri })),
  ).extensions.map(({ id, uri }) => `${id} ${uri}`);

test('an extension has the id that it had, else the one it likes, else a free one', () => {
  expect(ids({ 4: 'mid' }, [1, 'mid'])).toEqual(['4 mid']);
  expect(ids({}, [1, 'mid'], [2, 'level'])).toEqual(['1 mid', '2 level']);
  expect(ids({ 1: 'level' }, [1, 'mid'], [1, 'time'])).toEqual(['2 mid', '3 time']);
});

test('an extension for which no id is left is not offered', () => {
  const full = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`${i + 1}`, `x${i}`]));
  expect(ids(full, [1, 'mid'])).toEqual([]);
});

test('what an id meant first it goes on to mean', () => {
  expect(
    noteExtensions({ 1: 'a' }, [
      { id: 1, uri: 'b' },
      { id: 2, uri: 'c' },
    ]),
  ).toEqual({
    1: 'a',
    2: 'c',
  });
});

test('our offer to a browser that offered before keeps its ids, those that we refused included', () => {
  const start = startNegotiation(transportPresets.webrtc, true, '1');
  const answer = succeeded(makeAnswer(start, described('chromium-audio-offer'), [browserAudio]));
  const level = { id: 4, uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' };
  const extensions = [...browserAudio.extensions, level, { id: 2, uri: 'urn:new' }];
  const offer = succeeded(makeOffer(answer.negotiation, [{ ...browserAudio, extensions }]));
  expect(linesOf(offer.sdp, 'a=extmap:')).toEqual([
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'a=extmap:5 urn:new',
  ]);
});
