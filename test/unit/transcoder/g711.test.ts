import { describe, expect, test } from '@jest/globals';
import {
  A_LAW_TO_LINEAR,
  LINEAR_TO_A_LAW,
  LINEAR_TO_MU_LAW,
  MU_LAW_TO_LINEAR,
  PCMA,
  PCMU,
} from '../../../transcoder/g711.ts';
import { sinadDb } from '../../support/sound/spectrum.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const specification = { name: 'pcmu', clockRate: 8000, parameters: {} };

describe('G.711', () => {
  test('expands the corner values of µ-law as table 2 of the recommendation does', () => {
    expect(MU_LAW_TO_LINEAR[0x00]).toBe(-32124);
    expect(MU_LAW_TO_LINEAR[0x80]).toBe(32124);
    expect(MU_LAW_TO_LINEAR[0xff]).toBe(0);
    expect(MU_LAW_TO_LINEAR[0x7f]).toBe(0);
    expect(MU_LAW_TO_LINEAR[0xfe]).toBe(8);
  });

  test('expands the corner values of A-law as table 1 of the recommendation does', () => {
    expect(A_LAW_TO_LINEAR[0xaa]).toBe(32256);
    expect(A_LAW_TO_LINEAR[0x2a]).toBe(-32256);
    expect(A_LAW_TO_LINEAR[0xd5]).toBe(8);
    expect(A_LAW_TO_LINEAR[0x55]).toBe(-8);
  });

  test.each([
    ['µ-law', MU_LAW_TO_LINEAR, LINEAR_TO_MU_LAW],
    ['A-law', A_LAW_TO_LINEAR, LINEAR_TO_A_LAW],
  ])('compresses every value that %s can express to itself', (_name, expanded, compressed) => {
    for (const value of expanded) {
      expect(expanded[compressed[value & 0xffff] ?? 0]).toBe(value);
    }
  });

  test.each([
    ['µ-law', MU_LAW_TO_LINEAR, LINEAR_TO_MU_LAW],
    ['A-law', A_LAW_TO_LINEAR, LINEAR_TO_A_LAW],
  ])('clips the loudest samples to the largest value of %s', (_name, expanded, compressed) => {
    expect(expanded[compressed[32767] ?? 0]).toBe(Math.max(...expanded));
    expect(expanded[compressed[0x8000] ?? 0]).toBe(Math.min(...expanded));
  });

  test.each([['pcmu', PCMU] as const, ['pcma', PCMA] as const])(
    'carries a tone through %s with at least 35 dB of SINAD',
    (_name, codec) => {
      const pcm = tonePcm(1004, 1, 8000);
      const payload = new Uint8Array(pcm.length);
      const decoded = new Int16Array(pcm.length);
      expect(codec.openEncoder(specification, 8000, 20).encode(pcm, payload)).toBe(8000);
      expect(codec.openDecoder(specification, 8000).decode(payload, decoded)).toBe(8000);
      expect(sinadDb(toFloat(decoded), 8000, 1004)).toBeGreaterThan(35);
    },
  );
});
