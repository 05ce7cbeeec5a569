/** RTP's fixed header. */
import { describe, expect, test } from '@jest/globals';
import * as rtp from '../../../../../gateway/wire/rtp/header.ts';

/** V=2, P, X, CC=2, M, PT=111; two CSRCs, one word of extension, five octets, three of padding. */
const full = Uint8Array.of(
  ...[0xb2, 0xef, 0x12, 0x34, 0xfe, 0xdc, 0xba, 0x98, 0x89, 0xab, 0xcd, 0xef],
  ...[0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff],
  ...[0xbe, 0xde, 0, 1, 0x10, 7, 0, 0],
  ...[1, 2, 3, 4, 5],
  ...[0, 0, 3],
);
const OFFSET = 7;

function placed(packet: Uint8Array): Uint8Array {
  const arena = new Uint8Array(OFFSET + packet.length + 9).fill(0xaa);
  arena.set(packet, OFFSET);
  return arena;
}

test('every field is read at an offset, the 32-bit ones unsigned', () => {
  const arena = placed(full);
  expect(rtp.isRtpPacket(arena, OFFSET, full.length)).toBe(true);
  expect(rtp.payloadTypeOf(arena, OFFSET)).toBe(111);
  expect(rtp.markerOf(arena, OFFSET)).toBe(true);
  expect(rtp.sequenceOf(arena, OFFSET)).toBe(0x1234);
  expect(rtp.timestampOf(arena, OFFSET)).toBe(0xfedcba98);
  expect(rtp.ssrcOf(arena, OFFSET)).toBe(0x89abcdef);
  expect(rtp.csrcCountOf(arena, OFFSET)).toBe(2);
  expect(rtp.csrcOf(arena, OFFSET, 1)).toBe(0xffffffff);
  expect(rtp.hasExtension(arena, OFFSET)).toBe(true);
  expect(rtp.headerLength(arena, OFFSET)).toBe(28);
  expect(rtp.paddingLength(arena, OFFSET, full.length)).toBe(3);
  expect(rtp.payloadLength(arena, OFFSET, full.length)).toBe(5);
});

describe('What is not a whole RTP packet is refused', () => {
  const changed = (index: number, value: number) => full.with(index, value);
  test.each([
    ['version 1', changed(0, 0x72), full.length],
    ['version 3', changed(0, 0xf2), full.length],
    ['eleven octets', full, 11],
    ['CSRCs that overrun', full, 19],
    ['an extension header that overruns', full, 23],
    ['extension words that overrun', changed(23, 4), full.length],
    ['padding of zero', changed(full.length - 1, 0), full.length],
    ['padding larger than what is left', changed(full.length - 1, 9), full.length],
  ])('%s', (_why, packet, length) => {
    expect(rtp.isRtpPacket(placed(packet), OFFSET, length)).toBe(false);
  });

  test('more octets than there are', () => {
    expect(rtp.isRtpPacket(full, 0, full.length + 1)).toBe(false);
    expect(rtp.isRtpPacket(full, -1, 20)).toBe(false);
  });

  test('but encrypted padding is no reason', () => {
    expect(rtp.isRtpHeader(full.with(full.length - 1, 0), 0, full.length)).toBe(true);
  });
});

test('a packet that is all padding has a payload of nothing', () => {
  const packet = Uint8Array.of(0xa0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4);
  expect(rtp.isRtpPacket(packet, 0, 16)).toBe(true);
  expect(rtp.payloadLength(packet, 0, 16)).toBe(0);
});

test('fields are rewritten in place, and nothing but them', () => {
  const arena = placed(full);
  rtp.setPayloadType(arena, OFFSET, 0);
  rtp.setSequence(arena, OFFSET, 0xffff);
  rtp.setTimestamp(arena, OFFSET, 0x80000001);
  rtp.setSsrc(arena, OFFSET, 0xfffffffe);
  expect(rtp.markerOf(arena, OFFSET)).toBe(true);
  rtp.setMarker(arena, OFFSET, false);
  expect(rtp.payloadTypeOf(arena, OFFSET)).toBe(0);
  expect(rtp.markerOf(arena, OFFSET)).toBe(false);
  expect(rtp.sequenceOf(arena, OFFSET)).toBe(0xffff);
  expect(rtp.timestampOf(arena, OFFSET)).toBe(0x80000001);
  expect(rtp.ssrcOf(arena, OFFSET)).toBe(0xfffffffe);
  expect(arena.subarray(0, OFFSET + 1)).toEqual(placed(full).subarray(0, OFFSET + 1));
  expect(arena.subarray(OFFSET + 12)).toEqual(placed(full).subarray(OFFSET + 12));
});

test('padding is dropped, and the P bit with it', () => {
  const arena = placed(full);
  const length = rtp.dropPadding(arena, OFFSET, full.length);
  expect(length).toBe(full.length - 3);
  expect(rtp.payloadLength(arena, OFFSET, length)).toBe(5);
  expect(rtp.dropPadding(arena, OFFSET, length)).toBe(length);
});

test('CSRCs and extension are dropped by moving the fixed header to the payload', () => {
  const arena = placed(full);
  const dropped = rtp.dropCsrcsAndExtension(arena, OFFSET);
  expect(dropped).toBe(16);
  const at = OFFSET + dropped;
  const length = full.length - dropped;
  expect(rtp.isRtpPacket(arena, at, length)).toBe(true);
  expect(rtp.headerLength(arena, at)).toBe(12);
  expect(rtp.ssrcOf(arena, at)).toBe(0x89abcdef);
  expect(arena.slice(at + 12, at + 17)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  expect(rtp.dropCsrcsAndExtension(arena, at)).toBe(0);
});

test('a written header is read back', () => {
  const bytes = new Uint8Array(12);
  expect(rtp.writeRtpHeader(bytes, 0, true, 8, 65535, 4294967295, 2147483648)).toBe(12);
  expect(rtp.isRtpPacket(bytes, 0, 12)).toBe(true);
  const fields = [
    rtp.markerOf(bytes, 0),
    rtp.payloadTypeOf(bytes, 0),
    rtp.sequenceOf(bytes, 0),
    rtp.timestampOf(bytes, 0),
    rtp.ssrcOf(bytes, 0),
  ];
  expect(fields).toEqual([true, 8, 65535, 4294967295, 2147483648]);
});
