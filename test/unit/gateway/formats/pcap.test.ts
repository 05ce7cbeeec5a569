/** Captures for Wireshark. */
import { expect, test } from '@jest/globals';
import { pcapFileHeader, pcapRecord } from '../../../../gateway/formats/pcap.ts';

const hexadecimal = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const endpoint = (address: string, port: number) => ({ address, port });

/** RFC 1071: a right checksum makes the sum of all words 0xffff. */
function sum(...parts: Uint8Array[]): number {
  let total = 0;
  const bytes = Buffer.concat(parts);
  for (let i = 0; i < bytes.length; i += 2) total += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
  while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
  return total;
}

test('a file starts with version 2.4 and the raw link type', () => {
  expect(hexadecimal(pcapFileHeader())).toBe('a1b2c3d40002000400000000000000000000ffff00000065');
});

test('an IPv4 datagram has its time, lengths, addresses, ports and right checksums', () => {
  const record = pcapRecord({
    wallClockMs: 1_700_000_000_123.456,
    source: endpoint('192.0.2.1', 5060),
    destination: endpoint('198.51.100.2', 30_000),
    payload: Uint8Array.of(1, 2, 3),
  });
  const [head, ip, udp] = [record.subarray(0, 16), record.subarray(16, 36), record.subarray(36)];
  expect(hexadecimal(head)).toBe('6553f1000001e2400000001f0000001f');
  expect(hexadecimal(ip)).toMatch(/^4500001f000000004011[0-9a-f]{4}c0000201c6336402$/);
  expect(hexadecimal(udp)).toMatch(/^13c47530000b[0-9a-f]{4}010203$/);
  expect(sum(ip)).toBe(0xffff);
  const pseudo = Uint8Array.of(0, 17, 0, 11);
  expect(sum(ip.subarray(12), pseudo, udp)).toBe(0xffff);
});

test('an IPv6 datagram has its header and right checksum', () => {
  const record = pcapRecord({
    wallClockMs: 0,
    source: endpoint('2001:db8::1', 1),
    destination: endpoint('2001:db8::2', 65_535),
    payload: Uint8Array.of(0xff, 0xff),
  });
  const [ip, udp] = [record.subarray(16, 56), record.subarray(56)];
  expect(hexadecimal(ip.subarray(0, 8))).toBe('60000000000a1140');
  expect(sum(ip.subarray(8), Uint8Array.of(0, 17, 0, 10), udp)).toBe(0xffff);
});

test('addresses of two families, or too large a payload, are our own mistakes', () => {
  const datagram = {
    wallClockMs: 0,
    source: endpoint('192.0.2.1', 1),
    destination: endpoint('::1', 1),
    payload: new Uint8Array(0),
  };
  expect(() => pcapRecord(datagram)).toThrow(RangeError);
  const large = { ...datagram, destination: datagram.source, payload: new Uint8Array(65_508) };
  expect(() => pcapRecord(large)).toThrow(RangeError);
});
