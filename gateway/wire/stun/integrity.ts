/** MESSAGE-INTEGRITY by short-term credentials, computed and checked (RFC 8489 §9.1, §14.5). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { INTEGRITY_BYTES, STUN_HEADER_BYTES, type StunMessage } from './message.ts';

const ATTRIBUTE_HEADER_BYTES = 4;

/** Whether a message carries MESSAGE-INTEGRITY under `key` (in ICE: the receiver's password). */
export function hasIntegrity(message: StunMessage, key: string | Uint8Array): boolean {
  const at = message.integrityAt;
  if (at === undefined) return false;
  const value = at + ATTRIBUTE_HEADER_BYTES;
  const given = message.bytes.subarray(value, value + INTEGRITY_BYTES);
  return timingSafeEqual(given, integrityOf(message.bytes, at, key));
}

/**
 * The HMAC of everything before the attribute at `integrityAt`, computed as if the message ended
 * with that attribute, since what follows it is not covered.
 */
export function integrityOf(
  bytes: Uint8Array,
  integrityAt: number,
  key: string | Uint8Array,
): Uint8Array {
  const covered = integrityAt + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - STUN_HEADER_BYTES;
  const head = Uint8Array.of(bytes[0]!, bytes[1]!, covered >> 8, covered & 0xff);
  return createHmac('sha1', key).update(head).update(bytes.subarray(4, integrityAt)).digest();
}
