/** What the first octets of a datagram mean. */
import { describe, expect, test } from '@jest/globals';
import { classify } from '../../../../gateway/wire/classify.ts';

const kindOf = (...octets: number[]) => classify(Uint8Array.from(octets), 0, octets.length);

describe('A datagram is told by its first octet (RFC 7983 §7)', () => {
  test.each([
    [0, 3, 'stun'],
    [4, 19, 'unknown'],
    [20, 63, 'dtls'],
    [64, 127, 'unknown'],
    [192, 255, 'unknown'],
  ])('%i to %i are %s', (first, last, kind) => {
    for (let octet = first; octet <= last; octet += 1) expect(kindOf(octet, 0)).toBe(kind);
  });

  test('128 to 191 are RTCP when the second octet is 192 to 223, else RTP (RFC 5761 §4)', () => {
    for (let first = 128; first <= 191; first += 1) {
      for (let second = 0; second <= 255; second += 1) {
        const expected = second >= 192 && second <= 223 ? 'rtcp' : 'rtp';
        expect(kindOf(first, second)).toBe(expected);
      }
    }
  });
});

test('fewer than two octets are nothing', () => {
  expect(kindOf()).toBe('unknown');
  expect(kindOf(0x80)).toBe('unknown');
});

test('octets are read from the offset given', () => {
  expect(classify(Uint8Array.of(0xff, 0x80, 200), 1, 2)).toBe('rtcp');
});
