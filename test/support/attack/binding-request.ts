/**
 * STUN Binding requests of ICE, honest and not, made apart from the product's own (RFC 8489 §14).
 */
import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

export interface BindingRequestOptions {
  readonly username: string;
  /** What integrity is computed with; none without it. */
  readonly password: string | undefined;
  /** One bit of the integrity is turned over. */
  readonly isDamaged?: boolean;
}

const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 20;
const FINGERPRINT_BYTES = 8;
const MAGIC_COOKIE = 0x2112a442;
const FINGERPRINT_XOR = 0x5354554e;
const SUCCESS = 0x0101;

/** A check of a controlling agent that nominates, as browsers send it. */
export function bindingRequest(options: BindingRequestOptions): Buffer {
  const { username, password, isDamaged = false } = options;
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(0x6e_00_01_ff);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(0x0001, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  let message = Buffer.concat([
    header,
    attribute(0x0006, Buffer.from(username)),
    attribute(0x0024, priority),
    attribute(0x802a, randomBytes(8)),
    attribute(0x0025, Buffer.alloc(0)),
  ]);
  if (password !== undefined) {
    setLength(message, message.length + 4 + INTEGRITY_BYTES);
    const integrity = createHmac('sha1', password).update(message).digest();
    if (isDamaged) integrity[7] = (integrity[7] ?? 0) ^ 0x10;
    message = Buffer.concat([message, attribute(0x0008, integrity)]);
  }
  setLength(message, message.length + FINGERPRINT_BYTES);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(message) ^ FINGERPRINT_XOR) >>> 0);
  return Buffer.concat([message, attribute(0x8028, fingerprint)]);
}

/** Whether a datagram is the success that a Binding request asks for. */
export function isBindingSuccess(datagram: Buffer): boolean {
  return datagram.length >= HEADER_BYTES && datagram.readUInt16BE(0) === SUCCESS;
}

function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + ((value.length + 3) & ~3));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** The length in the header, of a message of so many octets in all. */
function setLength(message: Buffer, bytes: number): void {
  message.writeUInt16BE(bytes - HEADER_BYTES, 2);
}
