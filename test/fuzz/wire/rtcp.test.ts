/** RTCP from strangers. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildCompound, parseCompound } from '../../../gateway/wire/rtcp/compound.ts';
import type { ReportBlock, RtcpPacket } from '../../../gateway/wire/rtcp/packet.ts';
import { damagedOctets } from '../mutation.ts';

const block: ReportBlock = {
  ssrc: 2,
  fractionLost: 3,
  cumulativeLost: -4,
  highestSequence: 5,
  jitter: 6,
  lastSenderReport: 7,
  delaySinceLastSenderReport: 8,
};
const ntp = { seconds: 1, fraction: 2 };
const packets: readonly RtcpPacket[] = [
  {
    type: 'sender-report',
    ssrc: 1,
    ntp,
    rtpTimestamp: 4,
    packetCount: 5,
    octetCount: 6,
    reports: [block],
  },
  { type: 'receiver-report', ssrc: 1, reports: [block, block] },
  { type: 'source-description', chunks: [{ ssrc: 1, cname: 'somebody' }, { ssrc: 2 }] },
  { type: 'nack', senderSsrc: 1, mediaSsrc: 2, lost: [3, 5, 65535, 0] },
  { type: 'full-intra-request', senderSsrc: 1, requests: [{ ssrc: 2, sequence: 3 }] },
  { type: 'bandwidth-estimate', senderSsrc: 1, bitsPerSecond: 64000, sources: [2, 3] },
  {
    type: 'transport-feedback',
    senderSsrc: 1,
    mediaSsrc: 2,
    baseSequence: 3,
    referenceTime: 4,
    feedbackCount: 5,
    arrivals: [6, undefined, -7, 300],
  },
  {
    type: 'extended-report',
    ssrc: 1,
    receiverReferenceTime: ntp,
    delaysSinceReceiverReport: [{ ssrc: 1, lastReceiverReport: 2, delay: 3 }],
  },
  { type: 'goodbye', sources: [1, 2], reason: 'gone' },
];
const seeds = [...packets.map((packet) => buildCompound([packet])), buildCompound(packets)];

test('any octets are parsed or refused, never thrown at', () => {
  fc.assert(
    fc.property(damagedOctets(seeds), fc.nat(20), (bytes, offset) => {
      parseCompound(bytes, offset, bytes.length - offset);
    }),
    { numRuns: 10_000 },
  );
});

test('what was understood is written and understood again the same', () => {
  fc.assert(
    fc.property(damagedOctets(seeds), (bytes) => {
      const first = parseCompound(bytes);
      if (!first.ok) return;
      const again = parseCompound(buildCompound(first.value.map(withoutLooseText)));
      expect(again).toEqual({ ok: true, value: first.value.map(withoutLooseText) });
    }),
    { numRuns: 5000 },
  );
});

/** Damaged UTF-8 grows when decoded, an absent CNAME is written as an empty one. */
function withoutLooseText(packet: RtcpPacket): RtcpPacket {
  if (packet.type === 'source-description') {
    return { ...packet, chunks: packet.chunks.map(({ ssrc }) => ({ ssrc, cname: 'x' })) };
  }
  if (packet.type === 'goodbye') return { type: 'goodbye', sources: packet.sources };
  if (packet.type === 'application') return { ...packet, name: 'name' };
  return packet;
}
