/** IP literals, both ways. */
import { describe, expect, test } from '@jest/globals';
import {
  formatIpAddress,
  isIpv6,
  isUnspecifiedAddress,
  parseIpAddress,
} from '../../../../gateway/wire/ip-address.ts';

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
  'fe80::1%eth0',
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
