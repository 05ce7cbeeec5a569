/** Sender and receiver reports (RFC 3550 §6.4). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { type RtcpFrame, startFrame } from './frame.ts';
import {
  MOST_COUNTED_ITEMS,
  type ReceiverReport,
  type ReportBlock,
  rtcpTypes,
  type SenderReport,
} from './packet.ts';

const SSRC_BYTES = 4;
const SENDER_BYTES = 20;
const BLOCK_BYTES = 24;

export function parseSenderReport({ body, count }: RtcpFrame): Result<SenderReport> {
  const blocksAt = SSRC_BYTES + SENDER_BYTES;
  if (body.byteLength < blocksAt + count * BLOCK_BYTES) return tooShort('SR', body);
  return succeed({
    type: 'sender-report',
    ssrc: body.getUint32(0),
    ntp: { seconds: body.getUint32(4), fraction: body.getUint32(8) },
    rtpTimestamp: body.getUint32(12),
    packetCount: body.getUint32(16),
    octetCount: body.getUint32(20),
    reports: readBlocks(body, blocksAt, count),
  });
}

export function parseReceiverReport({ body, count }: RtcpFrame): Result<ReceiverReport> {
  if (body.byteLength < SSRC_BYTES + count * BLOCK_BYTES) return tooShort('RR', body);
  const reports = readBlocks(body, SSRC_BYTES, count);
  return succeed({ type: 'receiver-report', ssrc: body.getUint32(0), reports });
}

export function buildSenderReport(report: SenderReport): Uint8Array {
  const blocksAt = SSRC_BYTES + SENDER_BYTES;
  const { length } = checked(report.reports);
  const { bytes, body } = startFrame(
    rtcpTypes.senderReport,
    length,
    blocksAt + length * BLOCK_BYTES,
  );
  body.setUint32(0, report.ssrc);
  body.setUint32(4, report.ntp.seconds);
  body.setUint32(8, report.ntp.fraction);
  body.setUint32(12, report.rtpTimestamp);
  body.setUint32(16, report.packetCount);
  body.setUint32(20, report.octetCount);
  writeBlocks(body, blocksAt, report.reports);
  return bytes;
}

export function buildReceiverReport(report: ReceiverReport): Uint8Array {
  const { length } = checked(report.reports);
  const { bytes, body } = startFrame(
    rtcpTypes.receiverReport,
    length,
    SSRC_BYTES + length * BLOCK_BYTES,
  );
  body.setUint32(0, report.ssrc);
  writeBlocks(body, SSRC_BYTES, report.reports);
  return bytes;
}

function readBlocks(body: DataView, from: number, count: number): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let i = 0, at = from; i < count; i += 1, at += BLOCK_BYTES) {
    const loss = body.getUint32(at + 4);
    blocks.push({
      ssrc: body.getUint32(at),
      fractionLost: loss >>> 24,
      cumulativeLost: (loss << 8) >> 8,
      highestSequence: body.getUint32(at + 8),
      jitter: body.getUint32(at + 12),
      lastSenderReport: body.getUint32(at + 16),
      delaySinceLastSenderReport: body.getUint32(at + 20),
    });
  }
  return blocks;
}

function writeBlocks(body: DataView, from: number, blocks: readonly ReportBlock[]): void {
  let at = from;
  for (const block of blocks) {
    // RFC 3550 A.3: the count stops at what 24 signed bits hold.
    const lost = Math.max(-0x800000, Math.min(0x7fffff, block.cumulativeLost));
    body.setUint32(at, block.ssrc);
    body.setUint32(at + 4, (block.fractionLost << 24) | (lost & 0xffffff));
    body.setUint32(at + 8, block.highestSequence);
    body.setUint32(at + 12, block.jitter);
    body.setUint32(at + 16, block.lastSenderReport);
    body.setUint32(at + 20, block.delaySinceLastSenderReport);
    at += BLOCK_BYTES;
  }
}

function checked(blocks: readonly ReportBlock[]): readonly ReportBlock[] {
  if (blocks.length > MOST_COUNTED_ITEMS) throw new RangeError(`${blocks.length} report blocks`);
  return blocks;
}

function tooShort(name: string, body: DataView): Result<never> {
  return fail('rtcp.truncated', `${name} of ${body.byteLength} octets`);
}
