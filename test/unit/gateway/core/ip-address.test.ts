/** IP literals, both ways. */
import { describe, expect, test } from '@jest/globals';
import {
  bracketed,
  formatIpAddress,
  isIpAddress,
  isIpv6,
  isUnspecifiedAddress,
  parseIpAddress,
  sameAddress,
} from '../../../../gateway/core/ip-address.ts';

function rewritten(text: string): string | undefined {
  const octets = parseIpAddress(text);
  return octets && formatIpAddress(octets, 0, octets.length as 4 | 16);
}

describe('An IP literal is read and written', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:1234:5678:11:2233:4455:6677', '2001:db8:1234:5678:11:2233:4455:6677'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.33', '::ffff:192.0.2.33'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s as %s (RFC 5952 §4)', (text, canonical) => {
    expect(rewritten(text)).toBe(canonical);
  });
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '1.2.3.+4',
  '1.2.3.4 ',
  'a.b.c.d',
  '0x7f.0.0.1',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  '::g',
  '1.2.3.4::',
  ':1:2:3:4:5:6:7',
  `${'0'.repeat(64)}::1`,
])('%p is no IP address', (text) => {
  expect(parseIpAddress(text)).toBeUndefined();
});

test('the unspecified addresses are recognised in every spelling', () => {
  expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].every(isUnspecifiedAddress)).toBe(true);
  expect(['0.0.0.1', '::1', 'host.invalid'].some(isUnspecifiedAddress)).toBe(false);
});

test('an IPv6 literal is told from an IPv4 one', () => {
  expect([isIpv6('::1'), isIpv6('127.0.0.1')]).toEqual([true, false]);
});

describe('address literals', () => {
  test('are read in every form of RFC 4291 §2.2', () => {
    for (const good of [
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      '1::',
      '1:2:3:4:5:6:7:8',
      '::ffff:192.0.2.1',
      'fe80::1%eth0',
    ]) {
      expect({ good, is: isIpAddress(good) }).toEqual({ good, is: true });
    }
    expect([...parseIpAddress('2001:db8::1')!]).toEqual([
      0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  test('are nothing else', () => {
    for (const bad of [
      '',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1..2.3',
      ':',
      ':::',
      '1:2',
      '1::2::3',
      '12345::',
      '1:2:3:4:5:6:7:8:9',
      '::1.2.3',
      'a.b.c.d',
    ]) {
      expect({ bad, is: isIpAddress(bad) }).toEqual({ bad, is: false });
    }
  });

  test('are the same whatever their spelling', () => {
    expect(sameAddress('::1', '0:0:0:0:0:0:0:1')).toBe(true);
    expect(sameAddress('::ffff:192.0.2.1', '192.0.2.1')).toBe(true);
    expect(sameAddress('192.0.2.1', '192.0.2.2')).toBe(false);
    expect(sameAddress('a.example', 'b.example')).toBe(false);
  });

  test('get brackets in URIs when they are IPv6', () => {
    expect([bracketed('::1'), bracketed('1.2.3.4')]).toEqual(['[::1]', '1.2.3.4']);
  });
});
