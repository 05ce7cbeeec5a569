/** RTP from strangers. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  extensionValueLength,
  findExtension,
  NOT_FOUND,
  renumberExtensions,
  writeExtensions,
} from '../../../gateway/wire/rtp/extension.ts';
import * as rtp from '../../../gateway/wire/rtp/header.ts';
import { damagedOctets } from '../mutation.ts';

function packet(elements: [id: number, length: number][], first = 0x80): Uint8Array {
  const bytes = new Uint8Array(400);
  rtp.writeRtpHeader(bytes, 0, true, 111, 1, 2, 3);
  const value = (length: number) => new Uint8Array(length).fill(0xab);
  const extension = writeExtensions(
    bytes,
    0,
    elements.map(([id, length]) => ({ id, value: value(length) })),
  );
  bytes[0]! |= first;
  return bytes.slice(0, rtp.RTP_HEADER_BYTES + extension + 20);
}
const seeds = [
  packet([
    [1, 1],
    [2, 3],
    [14, 16],
  ]),
  packet([
    [200, 0],
    [7, 40],
  ]),
  packet([[1, 1]], 0xa0).with(-1 + packet([[1, 1]]).length, 4),
];

test('in whatever passes for a packet, every part lies within it', () => {
  fc.assert(
    fc.property(
      damagedOctets(seeds),
      fc.nat(40),
      fc.integer({ min: 1, max: 255 }),
      (bytes, offset, id) => {
        const length = bytes.length - offset;
        if (!rtp.isRtpPacket(bytes, offset, length)) return;
        expect(rtp.headerLength(bytes, offset)).toBeLessThanOrEqual(length);
        expect(rtp.payloadLength(bytes, offset, length)).toBeGreaterThanOrEqual(0);
        const at = findExtension(bytes, offset, id);
        if (at === NOT_FOUND) return;
        const end = at + extensionValueLength(bytes, offset, at);
        expect(at).toBeGreaterThan(offset + rtp.RTP_HEADER_BYTES);
        expect(end).toBeLessThanOrEqual(offset + rtp.headerLength(bytes, offset));
      },
    ),
    { numRuns: 5000 },
  );
});

test('renumbering changes nothing outside the extension block', () => {
  fc.assert(
    fc.property(
      damagedOctets(seeds),
      fc.uint8Array({ minLength: 256, maxLength: 256 }),
      (bytes, ids) => {
        if (!rtp.isRtpPacket(bytes, 0, bytes.length)) return;
        const before = bytes.slice();
        renumberExtensions(bytes, 0, ids);
        const end = rtp.headerLength(bytes, 0);
        expect(bytes.subarray(0, 12)).toEqual(before.subarray(0, 12));
        expect(bytes.subarray(end)).toEqual(before.subarray(end));
      },
    ),
    { numRuns: 3000 },
  );
});

test('dropping extension and padding keeps the payload', () => {
  fc.assert(
    fc.property(damagedOctets(seeds), (bytes) => {
      if (!rtp.isRtpPacket(bytes, 0, bytes.length)) return;
      const start = rtp.headerLength(bytes, 0);
      const payload = bytes.slice(start, start + rtp.payloadLength(bytes, 0, bytes.length));
      const unpadded = rtp.dropPadding(bytes, 0, bytes.length);
      const dropped = rtp.dropCsrcsAndExtension(bytes, 0);
      expect(rtp.isRtpPacket(bytes, dropped, unpadded - dropped)).toBe(true);
      expect(bytes.slice(dropped + 12, unpadded)).toEqual(payload);
    }),
    { numRuns: 3000 },
  );
});
