import { describe, expect, test } from '@jest/globals';
import {
  isInNetwork,
  isLoopbackAddress,
  isPrivateAddress,
} from '../../../../gateway/core/ip-network.ts';

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
