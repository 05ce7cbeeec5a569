/**
 * Extended reports: the blocks that let a receiver measure its round trip (RFC 3611 §4.4, §4.5).
 */
import { fail, type Result, succeed } from '../../core/result.ts';
import { type RtcpFrame, startFrame } from './frame.ts';
import type { NtpTime } from './ntp.ts';
import { type ExtendedReport, type ReceiverDelay, rtcpTypes } from './packet.ts';

const RECEIVER_REFERENCE_TIME = 4;
const DELAY_SINCE_RECEIVER_REPORT = 5;
const BLOCK_HEADER_BYTES = 4;
const REFERENCE_TIME_BYTES = 8;
const DELAY_BYTES = 12;

/** Blocks of other types are skipped by their length. */
export function parseExtendedReport({ body }: RtcpFrame): Result<ExtendedReport> {
  if (body.byteLength < 4) return fail('rtcp.truncated', 'XR');
  let receiverReferenceTime: NtpTime | undefined;
  const delaysSinceReceiverReport: ReceiverDelay[] = [];
  for (let at = 4; at < body.byteLength; ) {
    if (at + BLOCK_HEADER_BYTES > body.byteLength) return fail('rtcp.truncated', 'XR block');
    const type = body.getUint8(at);
    const valueAt = at + BLOCK_HEADER_BYTES;
    const end = valueAt + body.getUint16(at + 2) * 4;
    if (end > body.byteLength) return fail('rtcp.truncated', `XR block ${type}`);
    if (type === RECEIVER_REFERENCE_TIME && end - valueAt === REFERENCE_TIME_BYTES) {
      receiverReferenceTime = {
        seconds: body.getUint32(valueAt),
        fraction: body.getUint32(valueAt + 4),
      };
    } else if (type === DELAY_SINCE_RECEIVER_REPORT) {
      for (let sub = valueAt; sub + DELAY_BYTES <= end; sub += DELAY_BYTES) {
        delaysSinceReceiverReport.push({
          ssrc: body.getUint32(sub),
          lastReceiverReport: body.getUint32(sub + 4),
          delay: body.getUint32(sub + 8),
        });
      }
    }
    at = end;
  }
  const ssrc = body.getUint32(0);
  const base = { type: 'extended-report', ssrc, delaysSinceReceiverReport } as const;
  return succeed(receiverReferenceTime === undefined ? base : { ...base, receiverReferenceTime });
}

export function buildExtendedReport(report: ExtendedReport): Uint8Array {
  const time = report.receiverReferenceTime;
  const delays = report.delaysSinceReceiverReport;
  const timeBytes = time === undefined ? 0 : BLOCK_HEADER_BYTES + REFERENCE_TIME_BYTES;
  const delayBytes = delays.length === 0 ? 0 : BLOCK_HEADER_BYTES + delays.length * DELAY_BYTES;
  const { bytes, body } = startFrame(rtcpTypes.extendedReport, 0, 4 + timeBytes + delayBytes);
  body.setUint32(0, report.ssrc);
  let at = 4;
  if (time !== undefined) {
    body.setUint8(at, RECEIVER_REFERENCE_TIME);
    body.setUint16(at + 2, REFERENCE_TIME_BYTES / 4);
    body.setUint32(at + 4, time.seconds);
    body.setUint32(at + 8, time.fraction);
    at += timeBytes;
  }
  if (delays.length > 0) {
    body.setUint8(at, DELAY_SINCE_RECEIVER_REPORT);
    body.setUint16(at + 2, (delays.length * DELAY_BYTES) / 4);
    at += BLOCK_HEADER_BYTES;
  }
  for (const { ssrc, lastReceiverReport, delay } of delays) {
    body.setUint32(at, ssrc);
    body.setUint32(at + 4, lastReceiverReport);
    body.setUint32(at + 8, delay);
    at += DELAY_BYTES;
  }
  return bytes;
}
