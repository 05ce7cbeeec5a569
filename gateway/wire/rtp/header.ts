/** RTP's fixed header read, written and altered in place, without allocation (RFC 3550 §5.1). */

export const RTP_HEADER_BYTES = 12;

const VERSION = 2;
const PADDING_BIT = 0x20;
const EXTENSION_BIT = 0x10;
const MARKER_BIT = 0x80;
const EXTENSION_HEADER_BYTES = 4;

/**
 * Whether `length` octets at `offset` are a whole RTP packet: version 2, with CSRCs, extension and
 * padding that fit. Every other function here relies on this having been asked first.
 */
export function isRtpPacket(bytes: Uint8Array, offset: number, length: number): boolean {
  if (!isRtpHeader(bytes, offset, length)) return false;
  const first = bytes[offset]!;
  if ((first & PADDING_BIT) === 0) return true;
  const padding = bytes[offset + length - 1]!;
  return padding > 0 && headerLength(bytes, offset) + padding <= length;
}

/** The same but for padding, which in SRTP is only readable after decryption. */
export function isRtpHeader(bytes: Uint8Array, offset: number, length: number): boolean {
  if (length < RTP_HEADER_BYTES || offset < 0 || offset + length > bytes.length) return false;
  const first = bytes[offset]!;
  if (first >> 6 !== VERSION) return false;
  const extensionAt = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (extensionAt > length) return false;
  if ((first & EXTENSION_BIT) === 0) return true;
  if (extensionAt + EXTENSION_HEADER_BYTES > length) return false;
  return headerLength(bytes, offset) <= length;
}

export function payloadTypeOf(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 1]! & 0x7f;
}

export function markerOf(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset + 1]! & MARKER_BIT) !== 0;
}

export function sequenceOf(bytes: Uint8Array, offset: number): number {
  return (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
}

export function timestampOf(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset + 4);
}

export function ssrcOf(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset + 8);
}

export function csrcCountOf(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! & 0x0f;
}

export function csrcOf(bytes: Uint8Array, offset: number, index: number): number {
  return readUint32(bytes, offset + RTP_HEADER_BYTES + index * 4);
}

export function hasExtension(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset]! & EXTENSION_BIT) !== 0;
}

/** Octets before the payload: fixed header, CSRCs and header extension. */
export function headerLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset]!;
  const beforeExtension = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if ((first & EXTENSION_BIT) === 0) return beforeExtension;
  const words = readUint16(bytes, offset + beforeExtension + 2);
  return beforeExtension + EXTENSION_HEADER_BYTES + words * 4;
}

/** Octets of padding at the end, the count octet included; zero without the P bit. */
export function paddingLength(bytes: Uint8Array, offset: number, length: number): number {
  return (bytes[offset]! & PADDING_BIT) === 0 ? 0 : bytes[offset + length - 1]!;
}

export function payloadLength(bytes: Uint8Array, offset: number, length: number): number {
  return length - headerLength(bytes, offset) - paddingLength(bytes, offset, length);
}

export function setPayloadType(bytes: Uint8Array, offset: number, payloadType: number): void {
  bytes[offset + 1] = (bytes[offset + 1]! & MARKER_BIT) | (payloadType & 0x7f);
}

export function setMarker(bytes: Uint8Array, offset: number, marker: boolean): void {
  const second = bytes[offset + 1]!;
  bytes[offset + 1] = marker ? second | MARKER_BIT : second & ~MARKER_BIT;
}

export function setSequence(bytes: Uint8Array, offset: number, sequence: number): void {
  bytes[offset + 2] = sequence >> 8;
  bytes[offset + 3] = sequence;
}

export function setTimestamp(bytes: Uint8Array, offset: number, timestamp: number): void {
  writeUint32(bytes, offset + 4, timestamp);
}

export function setSsrc(bytes: Uint8Array, offset: number, ssrc: number): void {
  writeUint32(bytes, offset + 8, ssrc);
}

/** Takes padding away; gives the new length of the packet. */
export function dropPadding(bytes: Uint8Array, offset: number, length: number): number {
  const padding = paddingLength(bytes, offset, length);
  bytes[offset] = bytes[offset]! & ~PADDING_BIT;
  return length - padding;
}

/**
 * Takes CSRCs and header extension away by moving the fixed header up to the payload; gives the
 * octets by which the packet now starts later and is shorter.
 */
export function dropCsrcsAndExtension(bytes: Uint8Array, offset: number): number {
  const dropped = headerLength(bytes, offset) - RTP_HEADER_BYTES;
  if (dropped > 0) {
    bytes.copyWithin(offset + dropped, offset, offset + RTP_HEADER_BYTES);
    const first = bytes[offset + dropped]!;
    bytes[offset + dropped] = first & ~(EXTENSION_BIT | 0x0f);
  }
  return dropped;
}

/** Writes a header without CSRCs, extension and padding; gives its length. */
export function writeRtpHeader(
  bytes: Uint8Array,
  offset: number,
  marker: boolean,
  payloadType: number,
  sequence: number,
  timestamp: number,
  ssrc: number,
): number {
  bytes[offset] = VERSION << 6;
  bytes[offset + 1] = (marker ? MARKER_BIT : 0) | (payloadType & 0x7f);
  setSequence(bytes, offset, sequence);
  setTimestamp(bytes, offset, timestamp);
  setSsrc(bytes, offset, ssrc);
  return RTP_HEADER_BYTES;
}

function readUint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function readUint32(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! << 24) | (bytes[at + 1]! << 16);
  return (high | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
