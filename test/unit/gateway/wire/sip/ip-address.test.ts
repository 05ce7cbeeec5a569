import { describe, expect, test } from '@jest/globals';
import {
  bracketed,
  isInNetwork,
  isIpAddress,
  isLoopbackAddress,
  isPrivateAddress,
  parseIpAddress,
  sameAddress,
} from '../../../../../gateway/wire/sip/ip-address.ts';

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

describe('networks', () => {
  test('hold the addresses that share their prefix to the last bit', () => {
    expect(isInNetwork('10.1.2.3', '10.0.0.0/8')).toBe(true);
    expect(isInNetwork('192.168.1.127', '192.168.1.0/25')).toBe(true);
    expect(isInNetwork('192.168.1.128', '192.168.1.0/25')).toBe(false);
    expect(isInNetwork('2001:db8::1', '2001:db8::/32')).toBe(true);
    expect(isInNetwork('10.0.0.1', '::/0')).toBe(false);
    expect(isInNetwork('10.0.0.1', '10.0.0.0/33')).toBe(false);
    expect(isInNetwork('10.0.0.1', '10.0.0.1')).toBe(true);
  });

  test('know what is private and what is loopback', () => {
    expect(
      ['10.0.0.1', '172.31.0.1', '100.64.0.1', 'fd00::1', 'fe80::1'].every(isPrivateAddress),
    ).toBe(true);
    expect(['172.32.0.1', '8.8.8.8', '2001:db8::1'].some(isPrivateAddress)).toBe(false);
    expect([
      isLoopbackAddress('127.9.9.9'),
      isLoopbackAddress('::1'),
      isLoopbackAddress('10.0.0.1'),
    ]).toEqual([true, true, false]);
  });
});
