/** What one accepted m-line comes to. */
import { describe, expect, test } from '@jest/globals';
import {
  type Agreement,
  agreedMedia,
  requiredParameters,
  sharesTransport,
} from '../../../../gateway/offer-answer/agreed-media.ts';
import { transportPresets } from '../../../../gateway/offer-answer/description.ts';
import * as ours from './examples.ts';

const line = ours.lineOf(ours.described('chromium-audio-offer'));
const agreement: Agreement = {
  line,
  local: ours.browserAudio,
  transport: { local: ours.webrtcTransport, remote: line.transport },
  transportKind: transportPresets.webrtc,
  direction: 'sendrecv',
  sendCodecs: [
    { ...ours.opus, payloadType: 96, feedback: ['nack', 'transport-cc'] },
    ours.events48,
  ],
  receiveCodecs: [
    { ...ours.opus, feedback: ['transport-cc', 'ccm'] },
    { ...ours.events48, payloadType: 97 },
  ],
  extensions: [],
  earlier: [],
};

test('feedback is what both sides named, the same in both directions', () => {
  const { sendCodecs, receiveCodecs } = agreedMedia(agreement);
  expect(sendCodecs[0]?.feedback).toEqual(['transport-cc']);
  expect(receiveCodecs[0]?.feedback).toEqual(['transport-cc']);
});

test('telephone-event is paired by its place, one entry for each clock', () => {
  expect(agreedMedia(agreement).telephoneEvents).toEqual([
    { clockRate: 48_000, sendPayloadType: 110, receivePayloadType: 97 },
  ]);
});

describe('The packet time to send with', () => {
  const packetTime = (theirs: { ptimeMs?: number; maxPtimeMs?: number }, mine?: number) =>
    agreedMedia({
      ...agreement,
      line: { ...line, ...theirs },
      local: { ...ours.browserAudio, ...(mine !== undefined && { ptimeMs: mine }) },
    }).ptimeMs;
  test.each([
    ['the remote’s wish', { ptimeMs: 30 }, 20, 30],
    ['our own without one', {}, 20, 20],
    ['never above the remote’s maximum', { maxPtimeMs: 10 }, 20, 10],
    ['the maximum when nobody wishes', { maxPtimeMs: 40 }, undefined, 40],
    ['open when nobody says', {}, undefined, undefined],
  ])('is %s', (_rule, theirs, mine, expected) => {
    expect(packetTime(theirs, mine)).toBe(expected);
  });
});

test('an m-line on a transport in use is bundled into the first that uses it', () => {
  const first = agreedMedia(agreement);
  const second = agreedMedia({ ...agreement, line: { ...line, index: 1 }, earlier: [first] });
  expect(second).toMatchObject({ index: 1, bundledInto: 0, remote: first.remote });
  expect(sharesTransport(first, ours.audio(ours.rtpTransport))).toBe(false);
});

test('Opus always asks for in-band FEC, other codecs keep their parameters', () => {
  expect(requiredParameters(ours.opus)).toEqual({ minptime: '10', useinbandfec: '1' });
  expect(requiredParameters(ours.events8)).toEqual(ours.events8.parameters);
});
