/** Compound packets. */
import { describe, expect, test } from '@jest/globals';
import { buildCompound, parseCompound } from '../../../../../gateway/wire/rtcp/compound.ts';
import type { RtcpPacket } from '../../../../../gateway/wire/rtcp/packet.ts';
import { faultOf, octets, parseOne } from './octets.ts';

const everyKind: readonly RtcpPacket[] = [
  {
    type: 'sender-report',
    ssrc: 1,
    ntp: { seconds: 2, fraction: 3 },
    rtpTimestamp: 4,
    packetCount: 5,
    octetCount: 6,
    reports: [],
  },
  { type: 'receiver-report', ssrc: 1, reports: [] },
  { type: 'source-description', chunks: [{ ssrc: 1, cname: 'somebody' }] },
  { type: 'nack', senderSsrc: 1, mediaSsrc: 2, lost: [3] },
  { type: 'picture-loss', senderSsrc: 1, mediaSsrc: 2 },
  { type: 'full-intra-request', senderSsrc: 1, requests: [{ ssrc: 2, sequence: 3 }] },
  { type: 'bandwidth-estimate', senderSsrc: 1, bitsPerSecond: 64000, sources: [2] },
  {
    type: 'transport-feedback',
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequence: 3,
    referenceTime: 4,
    feedbackCount: 5,
    arrivals: [6],
  },
  { type: 'extended-report', ssrc: 1, delaysSinceReceiverReport: [] },
  { type: 'application', subtype: 3, ssrc: 1, name: 'test', data: Uint8Array.of(1, 2, 3, 4) },
  { type: 'other', packetType: 205, count: 7, body: Uint8Array.of(1, 2, 3, 4) },
  { type: 'other', packetType: 206, count: 9, body: Uint8Array.of(5, 6, 7, 8) },
  { type: 'other', packetType: 223, count: 1, body: new Uint8Array(0) },
  { type: 'goodbye', sources: [1] },
];

test('packets of every kind travel in one datagram, in order', () => {
  const result = parseCompound(buildCompound(everyKind));
  expect(result).toEqual({ ok: true, value: everyKind });
});

test('a compound is read from the middle of a larger buffer', () => {
  const compound = buildCompound(everyKind);
  const arena = new Uint8Array(compound.length + 50).fill(0xff);
  arena.set(compound, 13);
  expect(parseCompound(arena, 13, compound.length)).toEqual({ ok: true, value: everyKind });
  expect(parseCompound(arena, 60, compound.length).ok).toBe(false);
});

describe('A datagram is refused as a whole', () => {
  test.each([
    ['when empty', '', 'rtcp.truncated'],
    ['when a packet behind a good one is cut short', '80c90001 00000001 80', 'rtcp.truncated'],
    [
      'when a packet behind a good one is of another version',
      '80c90001 00000001 00c90000',
      'rtcp.version',
    ],
    ['when it holds more packets than any real one', '80cb0000'.repeat(33), 'rtcp.too_many'],
    ['when an application’s packet has no name', '80cc0001 00000001', 'rtcp.truncated'],
  ])('%s', (_why, hexadecimal, code) => {
    expect(faultOf(octets(hexadecimal))).toBe(code);
  });
});

test('reduced-size RTCP may start with feedback (RFC 5506 §3.4.1)', () => {
  expect(parseOne(octets('81ce0002 00000001 00000002')).type).toBe('picture-loss');
});
