import { describe, expect, test } from '@jest/globals';
import {
  eventBinding,
  firstMediaCodec,
  routePayloads,
} from '../../../../../gateway/media/relay/payload-routes.ts';
import {
  audio,
  codec,
  OPUS,
  PCMA,
  PCMU,
  VP8,
} from '../../../../sim/media/support/simulated-media.ts';

const EVENT_8 = codec('telephone-event', 101, 8000);
const EVENT_48 = codec('telephone-event', 110, 48_000);
const CN = codec('cn', 13, 8000);
const transcodes = (a: string, b: string) => a !== 'g729' && b !== 'g729';
const kinds = (from: ReturnType<typeof audio>, to: ReturnType<typeof audio>) =>
  [...routePayloads(from, to, transcodes)].map(([payloadType, route]) => [
    payloadType,
    route.kind,
    route.kind === 'drop' ? undefined : route.to.payloadType,
  ]);

describe('the route of a payload type', () => {
  test('is relay under the other side’s number where both have the codec', () => {
    const to = audio([
      { ...PCMU, payloadType: 0 },
      { ...OPUS, payloadType: 96 },
    ]);
    expect(kinds(audio([OPUS, PCMU]), to)).toEqual([
      [111, 'relay', 96],
      [0, 'relay', 0],
    ]);
  });

  test('is conversion to the other side’s first choice where they differ', () => {
    expect(kinds(audio([OPUS]), audio([EVENT_8, PCMA, PCMU]))).toEqual([[111, 'transcode', 8]]);
    expect(kinds(audio([codec('g729', 18, 8000)]), audio([PCMA]))).toEqual([
      [18, 'drop', undefined],
    ]);
  });

  test('of an event is the event of the clock that goes with the sound, else any', () => {
    expect(kinds(audio([EVENT_8]), audio([OPUS, EVENT_8, EVENT_48]))).toEqual([
      [101, 'event', 110],
    ]);
    expect(kinds(audio([EVENT_48]), audio([PCMU, EVENT_8]))).toEqual([[110, 'event', 101]]);
    expect(kinds(audio([EVENT_48]), audio([PCMU]))).toEqual([[110, 'drop', undefined]]);
  });

  test('of comfort noise is nowhere unless both agreed on it', () => {
    expect(kinds(audio([CN]), audio([PCMU]))).toEqual([[13, 'drop', undefined]]);
    expect(kinds(audio([CN]), audio([PCMU, CN]))).toEqual([[13, 'relay', 13]]);
  });

  test('of video is never conversion', () => {
    const video = { ...audio([VP8]), kind: 'video' as const };
    const other = { ...audio([codec('h264', 97, 90_000)]), kind: 'video' as const };
    expect(kinds(video, other)).toEqual([[96, 'drop', undefined]]);
    expect(kinds(video, video)).toEqual([[96, 'relay', 96]]);
  });

  test('of Opus does not hang on the number of channels written', () => {
    expect(kinds(audio([OPUS]), audio([{ ...OPUS, channels: 1 }]))).toEqual([[111, 'relay', 111]]);
  });
});

test('what carries media is found among what does not', () => {
  expect(firstMediaCodec([EVENT_8, CN, PCMA])).toBe(PCMA);
  expect(eventBinding([PCMU, EVENT_8, EVENT_48], 48_000)).toBe(EVENT_48);
  expect(eventBinding([PCMU, EVENT_8], 48_000)).toBe(EVENT_8);
  expect(eventBinding([PCMU], 8000)).toBeUndefined();
});
