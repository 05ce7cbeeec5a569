/** Ids and numbers made from a source of octets, which the tests choose. */
import { describe, expect, test } from '@jest/globals';
import {
  type Random,
  randomHex,
  randomSafeInteger,
  randomUint32,
} from '../../../../gateway/core/random.ts';

/** Gives the same octet for ever. */
function always(octet: number): Random {
  return { bytes: (length) => new Uint8Array(length).fill(octet) };
}

describe('randomness', () => {
  test('32 bits are taken whole and unsigned', () => {
    expect(randomUint32(always(0xff))).toBe(0xffff_ffff);
    expect(randomUint32(always(0))).toBe(0);
  });

  test('32 bits are read from where the octets lie, not from the buffer around them', () => {
    const around = new Uint8Array([9, 9, 9, 9, 0, 0, 0, 7]);
    expect(randomUint32({ bytes: () => around.subarray(4) })).toBe(7);
  });

  test('hexadecimal is two digits an octet', () => {
    expect(randomHex(always(0x0a), 3)).toBe('0a0a0a');
  });

  test('a safe integer is positive and survives JSON', () => {
    expect(randomSafeInteger(always(0))).toBe(1);
    expect(randomSafeInteger(always(0xff))).toBe(Number.MAX_SAFE_INTEGER);
  });
});
