/**
 * Feedback messages: NACK, PLI, FIR and REMB (RFC 4585 §6, RFC 5104 §4.3, draft-alvestrand-remb).
 */
import { fail, type Result, succeed } from '../../core/result.ts';
import { distance16 } from '../../core/serial.ts';
import { type RtcpFrame, startFrame } from './frame.ts';
import {
  type BandwidthEstimate,
  type FullIntraRequest,
  type Nack,
  type OtherPacket,
  type PictureLoss,
  rtcpTypes,
} from './packet.ts';

/** Sender and media SSRC. */
export const FEEDBACK_HEADER_BYTES = 8;

/** FMT values: RFC 4585 §6.2 and §6.3, RFC 5104 §4.3. */
export const NACK_FORMAT = 1;
export const PICTURE_LOSS_FORMAT = 1;
export const FULL_INTRA_FORMAT = 4;
export const APPLICATION_LAYER_FORMAT = 15;

const NACK_ITEM_BYTES = 4;
const FIR_ITEM_BYTES = 8;
/** A NACK item names one packet and any of the sixteen after it. */
const NACK_MASK_BITS = 16;
const REMB_NAME = 0x52454d42;
const REMB_BYTES = 16;
const REMB_MANTISSA = 2 ** 18;
const LARGEST_REMB_EXPONENT = 63;
const MOST_REMB_SOURCES = 255;

export function parseNack({ body }: RtcpFrame): Result<Nack> {
  if (body.byteLength < FEEDBACK_HEADER_BYTES) return fail('rtcp.truncated', 'NACK');
  const lost: number[] = [];
  for (let at = FEEDBACK_HEADER_BYTES; at + NACK_ITEM_BYTES <= body.byteLength; ) {
    const first = body.getUint16(at);
    const mask = body.getUint16(at + 2);
    lost.push(first);
    for (let bit = 0; bit < NACK_MASK_BITS; bit += 1) {
      if (((mask >> bit) & 1) === 1) lost.push((first + bit + 1) & 0xffff);
    }
    at += NACK_ITEM_BYTES;
  }
  return succeed({ type: 'nack', ...feedbackSources(body), lost });
}

/** Sequence numbers are packed in the order given: sorted ones take the least space. */
export function buildNack(nack: Nack): Uint8Array {
  const items: [first: number, mask: number][] = [];
  for (const sequence of nack.lost) {
    const item = items.at(-1);
    const distance = item === undefined ? 0 : distance16(item[0], sequence);
    if (item !== undefined && distance >= 1 && distance <= NACK_MASK_BITS) {
      item[1] |= 1 << (distance - 1);
    } else {
      items.push([sequence, 0]);
    }
  }
  const length = FEEDBACK_HEADER_BYTES + items.length * NACK_ITEM_BYTES;
  const { bytes, body } = startFrame(rtcpTypes.transportFeedback, NACK_FORMAT, length);
  body.setUint32(0, nack.senderSsrc);
  body.setUint32(4, nack.mediaSsrc);
  for (const [i, [first, mask]] of items.entries()) {
    body.setUint16(FEEDBACK_HEADER_BYTES + i * NACK_ITEM_BYTES, first);
    body.setUint16(FEEDBACK_HEADER_BYTES + i * NACK_ITEM_BYTES + 2, mask);
  }
  return bytes;
}

export function parsePictureLoss({ body }: RtcpFrame): Result<PictureLoss> {
  if (body.byteLength < FEEDBACK_HEADER_BYTES) return fail('rtcp.truncated', 'PLI');
  return succeed({ type: 'picture-loss', ...feedbackSources(body) });
}

export function buildPictureLoss(loss: PictureLoss): Uint8Array {
  const { bytes, body } = startFrame(
    rtcpTypes.payloadFeedback,
    PICTURE_LOSS_FORMAT,
    FEEDBACK_HEADER_BYTES,
  );
  body.setUint32(0, loss.senderSsrc);
  body.setUint32(4, loss.mediaSsrc);
  return bytes;
}

export function parseFullIntraRequest({ body }: RtcpFrame): Result<FullIntraRequest> {
  if (body.byteLength < FEEDBACK_HEADER_BYTES) return fail('rtcp.truncated', 'FIR');
  const requests: { ssrc: number; sequence: number }[] = [];
  for (let at = FEEDBACK_HEADER_BYTES; at + FIR_ITEM_BYTES <= body.byteLength; ) {
    requests.push({ ssrc: body.getUint32(at), sequence: body.getUint8(at + 4) });
    at += FIR_ITEM_BYTES;
  }
  return succeed({ type: 'full-intra-request', senderSsrc: body.getUint32(0), requests });
}

export function buildFullIntraRequest({ senderSsrc, requests }: FullIntraRequest): Uint8Array {
  const length = FEEDBACK_HEADER_BYTES + requests.length * FIR_ITEM_BYTES;
  const { bytes, body } = startFrame(rtcpTypes.payloadFeedback, FULL_INTRA_FORMAT, length);
  body.setUint32(0, senderSsrc);
  for (const [i, { ssrc, sequence }] of requests.entries()) {
    body.setUint32(FEEDBACK_HEADER_BYTES + i * FIR_ITEM_BYTES, ssrc);
    body.setUint8(FEEDBACK_HEADER_BYTES + i * FIR_ITEM_BYTES + 4, sequence);
  }
  return bytes;
}

/** An application layer feedback message; one that is no REMB is a packet of another kind. */
export function parseApplicationFeedback(
  frame: RtcpFrame,
  other: OtherPacket,
): Result<BandwidthEstimate | OtherPacket> {
  const { body } = frame;
  if (body.byteLength < REMB_BYTES || body.getUint32(8) !== REMB_NAME) return succeed(other);
  const count = body.getUint8(12);
  if (REMB_BYTES + count * 4 > body.byteLength) return fail('rtcp.truncated', 'REMB');
  const packed = body.getUint32(12) & 0xffffff;
  const sources: number[] = [];
  for (let i = 0; i < count; i += 1) sources.push(body.getUint32(REMB_BYTES + i * 4));
  const bitsPerSecond = (packed & (REMB_MANTISSA - 1)) * 2 ** (packed >> 18);
  return succeed({
    type: 'bandwidth-estimate',
    senderSsrc: body.getUint32(0),
    bitsPerSecond,
    sources,
  });
}

/** Rounds down to what an 18-bit mantissa can say. */
export function buildBandwidthEstimate(estimate: BandwidthEstimate): Uint8Array {
  const { senderSsrc, bitsPerSecond, sources } = estimate;
  if (sources.length > MOST_REMB_SOURCES) throw new RangeError(`${sources.length} sources`);
  const length = REMB_BYTES + sources.length * 4;
  const { bytes, body } = startFrame(rtcpTypes.payloadFeedback, APPLICATION_LAYER_FORMAT, length);
  let exponent = 0;
  let mantissa = Math.max(0, Math.floor(bitsPerSecond));
  while (mantissa >= REMB_MANTISSA && exponent < LARGEST_REMB_EXPONENT) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  body.setUint32(0, senderSsrc);
  body.setUint32(8, REMB_NAME);
  body.setUint32(12, (sources.length << 24) | (exponent << 18) | mantissa);
  for (const [i, ssrc] of sources.entries()) body.setUint32(REMB_BYTES + i * 4, ssrc);
  return bytes;
}

function feedbackSources(body: DataView): { senderSsrc: number; mediaSsrc: number } {
  return { senderSsrc: body.getUint32(0), mediaSsrc: body.getUint32(4) };
}
