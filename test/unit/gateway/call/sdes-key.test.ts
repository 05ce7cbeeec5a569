/** SDES keys: their sizes by suite, and their two forms. */
import { describe, expect, test } from '@jest/globals';
import { makeCryptoLines, sdesKeyOf } from '../../../../gateway/call/sdes-key.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

describe('an SDES key', () => {
  test.each([
    ['AES_CM_128_HMAC_SHA1_80', 30, 16],
    ['AES_CM_128_HMAC_SHA1_32', 30, 16],
    ['AES_256_CM_HMAC_SHA1_80', 46, 32],
    ['AES_256_CM_HMAC_SHA1_32', 46, 32],
    ['AEAD_AES_128_GCM', 28, 16],
    ['AEAD_AES_256_GCM', 44, 32],
  ] as const)('for %s has %i octets, %i of them the key', (suite, octets, keyOctets) => {
    const [line] = makeCryptoLines(new SeededRandom(1), [suite]);
    expect(Buffer.from(line!.key, 'base64')).toHaveLength(octets);
    const { keyHex, saltHex } = sdesKeyOf(line!);
    expect(keyHex).toHaveLength(2 * keyOctets);
    expect(saltHex).toHaveLength(2 * (octets - keyOctets));
    expect(Buffer.from(keyHex + saltHex, 'hex').toString('base64')).toBe(line!.key);
  });

  test.each([
    [1, 1, '01'],
    [258, 4, '00000102'],
    [0, 2, '0000'],
  ])('has the identifier %i of %i octets as it stands in packets', (value, length, mkiHex) => {
    const [line] = makeCryptoLines(new SeededRandom(1), ['AES_CM_128_HMAC_SHA1_80']);
    expect(sdesKeyOf({ ...line!, mki: { value, length } }).mkiHex).toBe(mkiHex);
    expect(sdesKeyOf(line!)).not.toHaveProperty('mkiHex');
  });

  test('is its own in every line, tagged from 1', () => {
    const lines = makeCryptoLines(new SeededRandom(1), [
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]);
    expect(lines.map(({ tag }) => tag)).toEqual([1, 2]);
    expect(lines[0]!.key).not.toBe(lines[1]!.key);
  });
});
