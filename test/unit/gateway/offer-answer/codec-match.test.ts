/** Codecs in common, and their payload types. */
import { describe, expect, test } from '@jest/globals';
import {
  bindPayloadTypes,
  codecKey,
  commonCodecs,
  distinguishingParameters,
} from '../../../../gateway/offer-answer/codec-match.ts';
import type { Codec } from '../../../../gateway/offer-answer/description.ts';
import * as ours from './examples.ts';

const { audioCodecs, codec, described, lineOf } = ours;

function common(name: string, capabilities: readonly Codec[], order: 'ours' | 'remote' = 'ours') {
  const pairs = commonCodecs(lineOf(described(name)).codecs, capabilities, order);
  return pairs.map(({ remote }) => `${remote.payloadType} ${remote.name}/${remote.clockRate}`);
}

describe('In common with real peers we have', () => {
  test.each([
    [
      'chromium-audio-offer',
      [
        '111 opus/48000',
        '9 g722/8000',
        '0 pcmu/8000',
        '8 pcma/8000',
        '110 telephone-event/48000',
        '126 telephone-event/8000',
      ],
    ],
    [
      'firefox-audio-offer',
      ['109 opus/48000', '9 g722/8000', '0 pcmu/8000', '8 pcma/8000', '101 telephone-event/8000'],
    ],
    ['sipp-offer', ['0 pcmu/8000']],
    [
      'linphone-savpf-offer',
      [
        '96 opus/48000',
        '0 pcmu/8000',
        '8 pcma/8000',
        '101 telephone-event/48000',
        '100 telephone-event/8000',
      ],
    ],
  ])('%s: %p', (name, expected) => {
    expect(common(name, audioCodecs)).toEqual(expected);
  });
});

test('the order is ours when we answer, the remote’s when it does', () => {
  const capabilities = [ours.pcma, ours.opus];
  expect(common('chromium-audio-offer', capabilities)).toEqual(['8 pcma/8000', '111 opus/48000']);
  expect(common('chromium-audio-offer', capabilities, 'remote')).toEqual([
    '111 opus/48000',
    '8 pcma/8000',
  ]);
});

describe('telephone-event', () => {
  test('is taken at the clocks of the codecs', () => {
    expect(common('chromium-audio-offer', [ours.opus, ours.events8, ours.events48])).toEqual([
      '111 opus/48000',
      '110 telephone-event/48000',
    ]);
  });
  test('is taken at another clock where the peer has no better', () => {
    expect(common('firefox-audio-offer', [ours.opus, ours.events48])).toEqual([
      '109 opus/48000',
      '101 telephone-event/8000',
    ]);
    const pairs = commonCodecs(
      lineOf(described('firefox-audio-offer')).codecs,
      [ours.opus, ours.events48],
      'ours',
    );
    expect(pairs[1]?.ours).toEqual({ ...ours.events48, clockRate: 8000 });
  });
  test('is nothing without a codec, nor is comfort noise', () => {
    const cn = codec('cn', 13);
    expect(common('chromium-audio-offer', [ours.events8, cn])).toEqual([]);
    expect(common('chromium-audio-offer', [ours.pcmu, cn])).toEqual(['0 pcmu/8000', '13 cn/8000']);
    expect(common('chromium-audio-offer', [ours.opus, cn])).toEqual(['111 opus/48000']);
  });
});

describe('Codecs of one name are different ones', () => {
  const h264 = (mode: string | undefined, profile: string) =>
    codecKey(
      codec('h264', 96, {
        clockRate: 90_000,
        parameters: { ...(mode && { 'packetization-mode': mode }), 'profile-level-id': profile },
      }),
    );
  test('by packetisation mode and profile of H.264, not by its level', () => {
    expect(h264('1', '42e01f')).not.toBe(h264('0', '42e01f'));
    expect(h264(undefined, '42e01f')).toBe(h264('0', '42E034'));
    expect(h264('1', '42e01f')).not.toBe(h264('1', '640c1f'));
  });
  test('by profile of VP9, zero unless told', () => {
    const vp9 = (parameters: Codec['parameters']) => codecKey(codec('vp9', 98, { parameters }));
    expect(vp9({})).toBe(vp9({ 'profile-id': '0' }));
    expect(vp9({})).not.toBe(vp9({ 'profile-id': '2' }));
  });
  test('by clock and channels, not by parameters that only tune', () => {
    expect(codecKey(ours.opus)).toBe(
      codecKey({ ...ours.opus, parameters: { stereo: '1' }, payloadType: 5 }),
    );
    expect(codecKey(ours.events8)).not.toBe(codecKey(ours.events48));
  });
  test('and the answer repeats what tells them apart', () => {
    const parameters = { 'packetization-mode': '1', 'sprop-parameter-sets': 'x' };
    expect(distinguishingParameters(codec('h264', 96, { parameters }))).toEqual({
      'packetization-mode': '1',
    });
    expect(distinguishingParameters(ours.opus)).toEqual({});
  });
});

describe('Payload types are bound', () => {
  const wish = (one: Codec) => ({ codec: one, prefer: 'wish' as const });
  const bound = (one: Codec) => ({ codec: one, prefer: 'bound' as const });
  const types = ({ codecs }: ReturnType<typeof bindPayloadTypes>) =>
    codecs.map(({ payloadType }) => payloadType);

  test('as wished when free', () => {
    const result = bindPayloadTypes({}, [wish(ours.opus), wish(ours.pcmu)]);
    expect(types(result)).toEqual([111, 0]);
    expect(result.bindings).toEqual({ 111: 'opus/48000/2', 0: 'pcmu/8000/1' });
  });
  test('never to a second codec (RFC 3264 §8.3.2)', () => {
    const result = bindPayloadTypes({ 111: 'vp8/90000/1' }, [wish(ours.opus)]);
    expect(types(result)).toEqual([96]);
    expect(result.bindings['111']).toBe('vp8/90000/1');
  });
  test('as before in an offer, as the peer likes in an answer', () => {
    const before = { 109: 'opus/48000/2' };
    expect(types(bindPayloadTypes(before, [bound(ours.opus)]))).toEqual([109]);
    expect(types(bindPayloadTypes(before, [wish(ours.opus)]))).toEqual([111]);
  });
  test('apart from each other and from what others wish', () => {
    const same = { ...ours.pcma, payloadType: 111 };
    expect(
      types(
        bindPayloadTypes({}, [
          wish(ours.opus),
          wish(same),
          wish({ ...ours.g722, payloadType: 96 }),
        ]),
      ),
    ).toEqual([111, 97, 96]);
  });
  test('never to 64 to 95, which are RTCP’s, and not at all when none is left', () => {
    const full: { [type: string]: string } = {};
    for (let type = 96; type <= 127; type += 1) full[type] = 'other';
    expect(types(bindPayloadTypes(full, [wish(ours.opus)]))).toEqual([35]);
    for (let type = 35; type <= 63; type += 1) full[type] = 'other';
    expect(types(bindPayloadTypes(full, [wish(ours.opus), wish(ours.pcmu)]))).toEqual([0]);
  });
});
