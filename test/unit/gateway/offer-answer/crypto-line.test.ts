/** SDES key lines. */
import { describe, expect, test } from '@jest/globals';
import {
  chooseCryptoLine,
  formatCryptoLine,
  readCryptoLines,
} from '../../../../gateway/offer-answer/crypto-line.ts';
import { described, lineOf, sdesTransport } from './examples.ts';

const key = (octets: number) => Buffer.alloc(octets, 7).toString('base64');
const read = (...values: string[]) =>
  readCryptoLines(values.map((value) => ({ name: 'crypto', value })));

describe('A line is taken when its key has the size of its suite', () => {
  test.each([
    ['AES_CM_128_HMAC_SHA1_80', 30],
    ['AES_CM_128_HMAC_SHA1_32', 30],
    ['AES_256_CM_HMAC_SHA1_80', 46],
    ['AES_256_CM_HMAC_SHA1_32', 46],
    ['AEAD_AES_128_GCM', 28],
    ['AEAD_AES_256_GCM', 44],
  ])('%s: %i octets', (suite, octets) => {
    const sizes = [28, 29, 30, 31, 44, 45, 46, 47];
    const lines = sizes.map((size) => `${size} ${suite} inline:${key(size)}`);
    expect(read(...lines)).toEqual([{ tag: octets, suite, key: key(octets) }]);
  });
});

test('other spellings are understood', () => {
  expect(read(`1 aes_cm_128_hmac_sha1_80 inline:${key(30)}`)[0]?.suite).toBe(
    'AES_CM_128_HMAC_SHA1_80',
  );
  expect(read(`1 AES_CM_256_HMAC_SHA1_80 inline:${key(46)}`)[0]?.suite).toBe(
    'AES_256_CM_HMAC_SHA1_80',
  );
});

describe('Behind the key', () => {
  const one = (rest: string) => read(`1 AES_CM_128_HMAC_SHA1_80 inline:${key(30)}${rest}`)[0];
  test.each(['', '|2^31', '|2^48', '|1048576', ' -FUTURE=1'])('%p changes nothing', (rest) => {
    expect(one(rest)).toEqual({ tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', key: key(30) });
  });
  test.each([
    ['|2^20|1:4', { value: 1, length: 4 }],
    ['|255:1', { value: 255, length: 1 }],
  ])('%p is an MKI', (rest, mki) => {
    expect(one(rest)?.mki).toEqual(mki);
  });
  test.each([
    '|256:1',
    '|1:0',
    '|1:5',
    '|x',
    '|2^31|1:1|1:1',
    `;inline:${key(30)}|2:1`,
    ' KDR=1',
    ' UNENCRYPTED_SRTP',
    ' -OK WSH=64',
  ])('%p makes the line unusable', (rest) => {
    expect(one(rest)).toBeUndefined();
  });
});

test.each([
  '1',
  '1 AES_CM_128_HMAC_SHA1_80',
  'x AES_CM_128_HMAC_SHA1_80 inline:AAAA',
  `1 F8_128_HMAC_SHA1_80 inline:${key(30)}`,
  `1 NULL_HMAC_SHA1_80 inline:${key(30)}`,
  `1 toString inline:${key(30)}`,
  `1 AES_CM_128_HMAC_SHA1_80 uri:${key(30)}`,
  '1 AES_CM_128_HMAC_SHA1_80 inline:!!!!',
])('%p is no usable line', (value) => {
  expect(read(value)).toEqual([]);
});

describe('The line to answer with', () => {
  const { crypto: ours } = sdesTransport;
  test('is the first offered whose suite we have', () => {
    const { crypto } = lineOf(described('linphone-savpf-offer')).transport;
    expect(crypto.map(({ tag }) => tag)).toEqual([1, 2, 3, 4]);
    expect(chooseCryptoLine(crypto, ours)).toEqual({ offered: crypto[0], ours: ours[0] });
    expect(chooseCryptoLine(crypto.slice(1), ours)).toEqual({ offered: crypto[1], ours: ours[1] });
    expect(chooseCryptoLine(crypto.slice(2), ours)).toBeUndefined();
  });
  test('is one without MKI where there is one', () => {
    const { crypto } = lineOf(described('desk-phone-dual-line-offer'), 1).transport;
    expect(crypto.map(({ tag }) => tag)).toEqual([2, 3]);
    expect(chooseCryptoLine(crypto, ours)?.offered.tag).toBe(3);
    expect(chooseCryptoLine(crypto.slice(0, 1), ours)?.offered.mki).toEqual({
      value: 7,
      length: 4,
    });
  });
});

test('what is written is read back', () => {
  const mki = { value: 7, length: 4 };
  for (const line of [sdesTransport.crypto[0]!, { ...sdesTransport.crypto[1]!, mki }]) {
    expect(read(formatCryptoLine(line))).toEqual([line]);
  }
});
