/** RTCP's common header, written, and one packet cut out of a compound (RFC 3550 §6.1, §6.4.1). */
import { fail, type Result, succeed } from '../../core/result.ts';

export const RTCP_HEADER_BYTES = 4;

const VERSION = 2;
const PADDING_BIT = 0x20;

/** One packet of a compound, its common header taken off and its padding cut away. */
export interface RtcpFrame {
  readonly packetType: number;
  /** The five bits after padding: a count, a subtype or a feedback format. */
  readonly count: number;
  readonly body: DataView;
  /** Where the next packet starts. */
  readonly next: number;
}

/** Faults: `rtcp.truncated`, `rtcp.version`, `rtcp.padding`. */
export function readFrame(bytes: Uint8Array, at: number, end: number): Result<RtcpFrame> {
  if (at + RTCP_HEADER_BYTES > end) return fail('rtcp.truncated', `${end - at} octets left`);
  const first = bytes[at]!;
  if (first >> 6 !== VERSION) return fail('rtcp.version', `${first >> 6}`);
  const length = (((bytes[at + 2]! << 8) | bytes[at + 3]!) + 1) * 4;
  const next = at + length;
  if (next > end) return fail('rtcp.truncated', `${length} octets declared, ${end - at} left`);
  let padding = 0;
  if ((first & PADDING_BIT) !== 0) {
    padding = bytes[next - 1]!;
    // RFC 3550 §6.4.1: only the last packet is padded, by a multiple of four.
    const fits = padding > 0 && padding % 4 === 0 && padding <= length - RTCP_HEADER_BYTES;
    if (next !== end || !fits) return fail('rtcp.padding', `${padding} octets`);
  }
  const bodyAt = bytes.byteOffset + at + RTCP_HEADER_BYTES;
  const body = new DataView(bytes.buffer, bodyAt, length - RTCP_HEADER_BYTES - padding);
  return succeed({ packetType: bytes[at + 1]!, count: first & 0x1f, body, next });
}

/** A packet of `bodyLength` octets, padded with zeros to 32 bits, and a view of its body. */
export function startFrame(
  packetType: number,
  count: number,
  bodyLength: number,
): { readonly bytes: Uint8Array; readonly body: DataView } {
  const words = Math.ceil(bodyLength / 4);
  const bytes = new Uint8Array(RTCP_HEADER_BYTES + words * 4);
  bytes[0] = (VERSION << 6) | count;
  bytes[1] = packetType;
  bytes[2] = words >> 8;
  bytes[3] = words;
  return { bytes, body: new DataView(bytes.buffer, RTCP_HEADER_BYTES) };
}

/** The octets of a part of a body. */
export function octetsOf(body: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(body.buffer, body.byteOffset + at, length);
}
