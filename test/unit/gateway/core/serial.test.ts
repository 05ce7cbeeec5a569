/** Serial number arithmetic (RFC 1982): the counters of RTP wrap, and their order survives it. */
import { describe, expect, test } from '@jest/globals';
import {
  add16,
  add32,
  distance16,
  distance32,
  isNewer16,
  isNewer32,
} from '../../../../gateway/core/serial.ts';

describe('serial arithmetic', () => {
  test.each([
    [0, 1, 1],
    [1, 0, -1],
    [65_535, 0, 1],
    [0, 65_535, -1],
    [65_530, 5, 11],
    [0, 32_767, 32_767],
    [0, 32_768, -32_768],
    [7, 7, 0],
  ])('from %i to %i it is %i in 16 bits', (from, to, distance) => {
    expect(distance16(from, to)).toBe(distance);
    expect(isNewer16(to, from)).toBe(distance > 0);
  });

  test.each([
    [0, 160, 160],
    [0xffff_ffff, 0, 1],
    [0, 0xffff_ffff, -1],
    [0xffff_ff60, 0x60, 256],
    [0, 0x7fff_ffff, 0x7fff_ffff],
    [0, 0x8000_0000, -0x8000_0000],
  ])('from %i to %i it is %i in 32 bits', (from, to, distance) => {
    expect(distance32(from, to)).toBe(distance);
    expect(isNewer32(to, from)).toBe(distance > 0);
  });

  test('adding wraps, in both directions', () => {
    expect([add16(65_535, 1), add16(0, -1), add16(10, 65_536)]).toEqual([0, 65_535, 10]);
    expect([add32(0xffff_ffff, 1), add32(0, -1)]).toEqual([0, 0xffff_ffff]);
  });

  test('what was added is the distance, wherever it starts', () => {
    for (let start = 0; start < 65_536; start += 257) {
      for (const step of [-32_768, -100, 0, 1, 32_767]) {
        expect(distance16(start, add16(start, step))).toBe(step);
      }
    }
  });
});
