/** RTP header extensions. */
import { describe, expect, test } from '@jest/globals';
import {
  extensionValueLength,
  findExtension,
  NOT_FOUND,
  renumberExtensions,
  writeExtensions,
} from '../../../../../gateway/wire/rtp/extension.ts';
import {
  headerLength,
  isRtpPacket,
  writeRtpHeader,
} from '../../../../../gateway/wire/rtp/header.ts';

function packet(...block: number[]): Uint8Array {
  const bytes = new Uint8Array(12 + block.length);
  writeRtpHeader(bytes, 0, false, 96, 1, 2, 3);
  bytes[0]! |= 0x10;
  bytes.set(block, 12);
  return bytes;
}

/** RFC 8285 §4.2's example: three elements with padding between them. */
const oneByte = packet(0xbe, 0xde, 0, 3, 0x10, 0xa0, 0x21, 0xb0, 0xb1, 0, 0, 0x33, 1, 2, 3, 4);
const twoByte = packet(0x10, 0x07, 0, 3, 1, 0, 2, 1, 0xb0, 0, 40, 4, 1, 2, 3, 4);

function elementOf(bytes: Uint8Array, id: number): number[] | undefined {
  const at = findExtension(bytes, 0, id);
  if (at === NOT_FOUND) return undefined;
  return [...bytes.subarray(at, at + extensionValueLength(bytes, 0, at))];
}

describe('An element is found by its id', () => {
  test('in one-byte form, padding skipped', () => {
    expect([1, 2, 3].map((id) => elementOf(oneByte, id))).toEqual([
      [0xa0],
      [0xb0, 0xb1],
      [1, 2, 3, 4],
    ]);
    expect(elementOf(oneByte, 4)).toBeUndefined();
  });

  test('in two-byte form, whose elements may be empty', () => {
    expect([1, 2, 40].map((id) => elementOf(twoByte, id))).toEqual([[], [0xb0], [1, 2, 3, 4]]);
  });

  test('never behind id 15 of the one-byte form', () => {
    expect(elementOf(packet(0xbe, 0xde, 0, 1, 0xf0, 0, 0x10, 7), 1)).toBeUndefined();
  });

  test('never when it overruns the block', () => {
    expect(elementOf(packet(0xbe, 0xde, 0, 1, 0x1f, 0, 0, 0), 1)).toBeUndefined();
    expect(elementOf(packet(0x10, 0, 0, 1, 0, 0, 0, 9), 9)).toBeUndefined();
    expect(elementOf(packet(0x10, 0, 0, 1, 9, 3, 0, 9), 9)).toBeUndefined();
  });

  test('never in a block of another profile, nor without one', () => {
    expect(elementOf(packet(0xab, 0xcd, 0, 1, 0x10, 7, 0, 0), 1)).toBeUndefined();
    expect(elementOf(new Uint8Array(12).fill(0x80, 0, 1), 1)).toBeUndefined();
  });
});

describe('Elements are renumbered in place', () => {
  const ids = (map: { [id: number]: number }) => {
    const table = new Uint8Array(256);
    for (const [from, to] of Object.entries(map)) table[Number(from)] = to;
    return table;
  };

  test('with ids exchanged, and those without a new id turned into padding', () => {
    const bytes = oneByte.slice();
    renumberExtensions(bytes, 0, ids({ 1: 3, 3: 1 }));
    expect([1, 2, 3].map((id) => elementOf(bytes, id))).toEqual([[1, 2, 3, 4], undefined, [0xa0]]);
    expect(bytes.subarray(18, 23)).toEqual(new Uint8Array(5));
  });

  test('in two-byte form too', () => {
    const bytes = twoByte.slice();
    renumberExtensions(bytes, 0, ids({ 2: 200, 40: 5 }));
    expect([elementOf(bytes, 200), elementOf(bytes, 5), elementOf(bytes, 1)]).toEqual([
      [0xb0],
      [1, 2, 3, 4],
      undefined,
    ]);
  });

  test('and taken away when the new id does not fit one-byte form', () => {
    const bytes = oneByte.slice();
    renumberExtensions(bytes, 0, ids({ 1: 15, 2: 14 }));
    expect([elementOf(bytes, 15), elementOf(bytes, 14)]).toEqual([undefined, [0xb0, 0xb1]]);
  });

  test('and what overruns is wiped', () => {
    const bytes = packet(0xbe, 0xde, 0, 1, 0x1f, 1, 2, 3);
    renumberExtensions(bytes, 0, ids({ 1: 1 }));
    expect(bytes.subarray(16)).toEqual(new Uint8Array(4));
  });
});

describe('A written block', () => {
  const write = (elements: { id: number; value: Uint8Array }[]) => {
    const bytes = new Uint8Array(100);
    writeRtpHeader(bytes, 0, false, 96, 1, 2, 3);
    const length = writeExtensions(bytes, 0, elements);
    return bytes.subarray(0, 12 + length);
  };

  test('takes one-byte form when all elements fit it', () => {
    const bytes = write([
      { id: 4, value: Uint8Array.of(0x30) },
      { id: 14, value: new Uint8Array(16).fill(9) },
    ]);
    expect([bytes[12], bytes[13]]).toEqual([0xbe, 0xde]);
    expect(isRtpPacket(bytes, 0, bytes.length)).toBe(true);
    expect(headerLength(bytes, 0)).toBe(bytes.length);
    expect(elementOf(bytes, 4)).toEqual([0x30]);
    expect(elementOf(bytes, 14)).toEqual(new Array(16).fill(9));
  });

  test.each([
    ['an id above 14', { id: 15, value: Uint8Array.of(1) }],
    ['an empty value', { id: 1, value: new Uint8Array(0) }],
    ['more than sixteen octets', { id: 1, value: new Uint8Array(17).fill(3) }],
  ])('takes two-byte form for %s', (_why, element) => {
    const bytes = write([element]);
    expect([bytes[12], bytes[13]]).toEqual([0x10, 0x00]);
    expect(elementOf(bytes, element.id)).toEqual([...element.value]);
  });

  test('refuses what no form can carry', () => {
    expect(() => write([{ id: 0, value: Uint8Array.of(1) }])).toThrow(RangeError);
    expect(() => write([{ id: 1, value: new Uint8Array(256) }])).toThrow(RangeError);
  });
});
