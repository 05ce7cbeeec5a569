/** The codecs of a bridge. */
import { describe, expect, test } from '@jest/globals';
import { chooseBridgeCodecs } from '../../../../gateway/offer-answer/bridge-codecs.ts';
import type { Codec } from '../../../../gateway/offer-answer/description.ts';
import { events8, faultOf, g722, opus, pcma, pcmu, succeeded } from './examples.ts';

/** The codecs that this gateway turns into each other; G.722 is relayed only. */
const canTranscode = (from: string, to: string) => from !== 'g722' && to !== 'g722';

/** A leg whose peer receives under payload types twenty above ours. */
function leg(...codecs: Codec[]) {
  const sendCodecs = codecs.map((codec) => ({ ...codec, payloadType: codec.payloadType + 20 }));
  return { sendCodecs, receiveCodecs: codecs };
}

describe('What is sent on a bridge', () => {
  test.each<[string, Codec[], Codec[], string]>([
    ['the same codec where both have one', [opus, pcmu], [pcmu], 'pcmu pcmu relayed'],
    ['the widest of several in common', [pcmu, opus], [pcmu, opus], 'opus opus relayed'],
    ['the agreed order among equals', [pcma, pcmu], [pcmu, pcma], 'pcma pcma relayed'],
    [
      'a relayed narrow codec before a transcoded wide one',
      [opus, pcma],
      [g722, pcma],
      'pcma pcma relayed',
    ],
    ['G.722 by relaying', [g722, pcmu], [g722], 'g722 g722 relayed'],
    ['Opus to G.711 by transcoding', [opus], [pcmu], 'opus pcmu transcoded'],
    ['the cheaper of two lossy pairs', [opus, pcma], [pcmu], 'pcma pcmu transcoded'],
    ['nothing of events', [events8, opus], [pcma, events8], 'opus pcma transcoded'],
  ])('is %s', (_rule, a, b, expected) => {
    const { aToB } = succeeded(chooseBridgeCodecs(leg(...a), leg(...b), canTranscode));
    const how = aToB.relayed ? 'relayed' : 'transcoded';
    expect(`${aToB.from.name} ${aToB.to.name} ${how}`).toBe(expected);
  });
});

test('each direction goes from our payload type to the far peer’s', () => {
  const { aToB, bToA } = succeeded(chooseBridgeCodecs(leg(opus), leg(pcmu), canTranscode));
  expect([aToB.from.payloadType, aToB.to.payloadType]).toEqual([111, 20]);
  expect([bToA.from.payloadType, bToA.to.payloadType]).toEqual([0, 131]);
  expect([bToA.from.name, bToA.to.name, bToA.relayed]).toEqual(['pcmu', 'opus', false]);
});

test('legs that cannot be bridged are told so', () => {
  const nothing = chooseBridgeCodecs(leg(g722), leg(pcmu, events8), canTranscode);
  expect(faultOf(nothing)).toBe('bridge.no_common_codec');
  expect(faultOf(chooseBridgeCodecs(leg(), leg(pcmu), canTranscode))).toBe(
    'bridge.no_common_codec',
  );
});
