import { describe, expect, test } from '@jest/globals';
import { NetworkList } from '../../../../gateway/media/networks.ts';
import { udpAddress } from '../../../../gateway/media/udp-address.ts';

describe('a list of networks', () => {
  test.each([
    ['198.18.0.0/15', '198.19.255.255', true],
    ['198.18.0.0/15', '198.20.0.0', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['203.0.113.1', '203.0.113.1', true],
    ['203.0.113.1/32', '203.0.113.2', false],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['no network', '203.0.113.1', false],
    ['203.0.113.0/33', '203.0.113.1', false],
  ])('%s contains %s: %s', (block, host, isInside) => {
    expect(new NetworkList([block]).contains(udpAddress(host, 0)!)).toBe(isInside);
  });

  test('contains what any of its blocks contains', () => {
    const list = new NetworkList(['10.0.0.0/8', '192.168.0.0/16']);
    expect(list.contains(udpAddress('192.168.1.1', 0)!)).toBe(true);
    expect(new NetworkList([]).contains(udpAddress('10.0.0.1', 0)!)).toBe(false);
  });
});
