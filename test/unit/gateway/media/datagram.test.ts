import { describe, expect, test } from '@jest/globals';
import { hostText, udpAddress } from '../../../../gateway/media/udp-address.ts';
import { fabricate } from '../../../sim/media/support/fabricated-datagram.ts';

describe('a datagram', () => {
  test('tells its source by numbers', () => {
    const datagram = fabricate({ from: '203.0.113.200', port: 4000 });
    expect(datagram.isFrom(udpAddress('203.0.113.200', 4000)!)).toBe(true);
    expect(datagram.isFrom(udpAddress('203.0.113.200', 4001)!)).toBe(false);
    expect(datagram.isFromHost(udpAddress('203.0.113.200', 9)!)).toBe(true);
    expect(datagram.isFromHost(udpAddress('203.0.113.201', 9)!)).toBe(false);
  });

  test('makes addresses of both ends on demand', () => {
    const datagram = fabricate({ from: '2001:db8::7', port: 4000, to: '2001:db8::1' });
    expect(hostText(datagram.remote())).toBe('2001:db8::7');
    expect(datagram.remote().port).toBe(4000);
    expect(hostText(datagram.local())).toBe('2001:db8::1');
  });

  test('shows where its octets lie, and whether some are missing', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const datagram = fabricate({ from: '203.0.113.1', port: 1, bytes, isTruncated: true });
    const { offset, length } = datagram;
    expect(datagram.bytes.subarray(offset, offset + length)).toEqual(bytes);
    expect(datagram.isTruncated).toBe(true);
  });
});
