/** The common header of RTCP packets. */
import { describe, expect, test } from '@jest/globals';
import { octetsOf, readFrame, startFrame } from '../../../../../gateway/wire/rtcp/frame.ts';
import { octets } from './octets.ts';

function faultOf(hexadecimal: string, end?: number): string | undefined {
  const bytes = octets(hexadecimal);
  const result = readFrame(bytes, 0, end ?? bytes.length);
  return result.ok ? undefined : result.fault.code;
}

test('a packet is cut out of what surrounds it', () => {
  const bytes = octets('ffff 82c90001 01020304 81cb0000');
  const result = readFrame(bytes, 2, bytes.length);
  if (!result.ok) throw new Error(result.fault.code);
  const { packetType, count, body, next } = result.value;
  expect([packetType, count, next]).toEqual([201, 2, 10]);
  expect(octetsOf(body, 0, body.byteLength)).toEqual(octets('01020304'));
});

test('padding of the last packet is cut away', () => {
  const bytes = octets('a0c90002 01020304 00000004');
  const result = readFrame(bytes, 0, bytes.length);
  expect(result.ok && result.value.body.byteLength).toBe(4);
});

describe('What is no packet is refused', () => {
  test.each([
    ['three octets', '80c900', 'rtcp.truncated'],
    ['a length beyond the datagram', '80c90002 00000000', 'rtcp.truncated'],
    ['version 1', '40c90001 00000000', 'rtcp.version'],
    ['padding before the last packet', 'a0c90001 00000004 80cb0000', 'rtcp.padding'],
    ['padding of zero', 'a0c90001 00000000', 'rtcp.padding'],
    ['padding of three', 'a0c90001 00000003', 'rtcp.padding'],
    ['padding that eats the header', 'a0c90001 00000008', 'rtcp.padding'],
    ['padding without a body', 'a0c90000', 'rtcp.padding'],
  ])('%s', (_why, hexadecimal, code) => {
    expect(faultOf(hexadecimal)).toBe(code);
  });
});

test('a started frame is filled up to 32 bits', () => {
  const { bytes, body } = startFrame(204, 5, 9);
  expect(bytes).toEqual(octets(`85cc0003 ${'00'.repeat(12)}`));
  body.setUint8(0, 7);
  expect(bytes[4]).toBe(7);
});
