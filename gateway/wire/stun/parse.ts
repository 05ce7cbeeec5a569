/** Parses a STUN message without ever throwing at a stranger's octets (RFC 8489 §5, §14). */
import { crc32 } from 'node:zlib';
import { formatIpAddress } from '../../core/ip-address.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import {
  attributeTypes,
  FINGERPRINT_XOR,
  INTEGRITY_BYTES,
  LONGEST_STUN_MESSAGE,
  LONGEST_USERNAME_BYTES,
  MOST_STUN_ATTRIBUTES,
  STUN_HEADER_BYTES,
  STUN_MAGIC_COOKIE,
  type StunAddress,
  type StunClass,
  type StunErrorCode,
  type StunMessage,
} from './message.ts';

const ATTRIBUTE_HEADER_BYTES = 4;
const FIRST_OPTIONAL_TYPE = 0x8000;
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;
const classes: readonly StunClass[] = ['request', 'indication', 'success', 'error'];
const utf8 = new TextDecoder();

/** What the attributes have said so far. */
type Draft = { -readonly [key in keyof StunMessage]: StunMessage[key] } & {
  unknownAttributes: number[];
  unknownRequired: number[];
};

/**
 * Faults: `stun.not_stun`, `stun.length`, `stun.attribute`, `stun.too_many_attributes`,
 * `stun.fingerprint`. Integrity is not checked here: only the caller knows the key.
 */
export function parseStun(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Result<StunMessage> {
  if (length < STUN_HEADER_BYTES || offset < 0 || offset + length > bytes.length) {
    return fail('stun.not_stun', `${length} octets`);
  }
  const message = bytes.subarray(offset, offset + length);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const type = view.getUint16(0);
  if (type > 0x3fff || view.getUint32(4) !== STUN_MAGIC_COOKIE) {
    return fail('stun.not_stun', 'no magic cookie');
  }
  const declared = view.getUint16(2);
  if (declared % 4 !== 0 || declared + STUN_HEADER_BYTES !== length) {
    return fail('stun.length', `${declared} declared, ${length} received`);
  }
  if (length > LONGEST_STUN_MESSAGE) return fail('stun.length', `${length} octets`);
  return parseAttributes(view, {
    bytes: message,
    class: classes[((type >> 7) & 2) | ((type >> 4) & 1)]!,
    method: (type & 0x000f) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0f80),
    transactionId: message.subarray(8, STUN_HEADER_BYTES),
    useCandidate: false,
    unknownAttributes: [],
    unknownRequired: [],
    fingerprinted: false,
  });
}

function parseAttributes(view: DataView, draft: Draft): Result<StunMessage> {
  let at = STUN_HEADER_BYTES;
  for (let count = 0; at < view.byteLength; count += 1) {
    if (count === MOST_STUN_ATTRIBUTES) return fail('stun.too_many_attributes', `${count}`);
    // The length is a multiple of four, so an attribute's header always fits.
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const valueAt = at + ATTRIBUTE_HEADER_BYTES;
    const next = valueAt + ((length + 3) & ~3);
    if (next > view.byteLength) return fail('stun.attribute', `0x${type.toString(16)} overruns`);
    if (draft.fingerprinted) return fail('stun.attribute', 'something follows FINGERPRINT');
    if (type === attributeTypes.fingerprint) {
      if (!fingerprintMatches(view, draft.bytes, at, length)) {
        return fail('stun.fingerprint', 'wrong CRC');
      }
      draft.fingerprinted = true;
    } else if (draft.integrityAt === undefined) {
      // RFC 8489 §14.5: what follows MESSAGE-INTEGRITY, but FINGERPRINT, is ignored.
      if (!takeAttribute(view, draft, type, valueAt, length)) {
        return fail('stun.attribute', `0x${type.toString(16)} of ${length} octets`);
      }
    }
    at = next;
  }
  return succeed(draft);
}

/** Notes one attribute; false if its value makes no sense. The first of a kind counts. */
function takeAttribute(
  view: DataView,
  draft: Draft,
  type: number,
  at: number,
  length: number,
): boolean {
  switch (type) {
    case attributeTypes.username:
      if (length > LONGEST_USERNAME_BYTES) return false;
      draft.username ??= utf8.decode(draft.bytes.subarray(at, at + length));
      return true;
    case attributeTypes.messageIntegrity:
      draft.integrityAt = at - ATTRIBUTE_HEADER_BYTES;
      return length === INTEGRITY_BYTES;
    case attributeTypes.priority:
      if (length !== 4) return false;
      draft.priority ??= view.getUint32(at);
      return true;
    case attributeTypes.useCandidate:
      draft.useCandidate = true;
      return length === 0;
    case attributeTypes.iceControlling:
      if (length !== 8) return false;
      draft.iceControlling ??= view.getBigUint64(at);
      return true;
    case attributeTypes.iceControlled:
      if (length !== 8) return false;
      draft.iceControlled ??= view.getBigUint64(at);
      return true;
    case attributeTypes.xorMappedAddress:
      draft.mappedAddress = parseAddress(draft.bytes, at, length, true);
      return draft.mappedAddress !== undefined;
    case attributeTypes.mappedAddress:
      draft.mappedAddress ??= parseAddress(draft.bytes, at, length, false);
      return draft.mappedAddress !== undefined;
    case attributeTypes.errorCode:
      draft.errorCode ??= parseErrorCode(draft.bytes, at, length);
      return draft.errorCode !== undefined;
    case attributeTypes.unknownAttributes:
      for (let i = 0; i + 1 < length; i += 2) draft.unknownAttributes.push(view.getUint16(at + i));
      return length % 2 === 0;
    case attributeTypes.realm:
    case attributeTypes.nonce:
      return true;
    default:
      if (type < FIRST_OPTIONAL_TYPE) draft.unknownRequired.push(type);
      return true;
  }
}

/** RFC 8489 §14.1 and §14.2; the cookie and transaction id lie just before the attributes. */
function parseAddress(
  bytes: Uint8Array,
  at: number,
  length: number,
  xored: boolean,
): StunAddress | undefined {
  const family = bytes[at + 1];
  const octets = family === FAMILY_IPV4 ? 4 : family === FAMILY_IPV6 ? 16 : 0;
  if (octets === 0 || length !== octets + 4) return undefined;
  const value = bytes.slice(at + 2, at + length);
  if (xored) {
    value[0]! ^= bytes[4]!;
    value[1]! ^= bytes[5]!;
    for (let i = 0; i < octets; i += 1) value[2 + i]! ^= bytes[4 + i]!;
  }
  return { address: formatIpAddress(value, 2, octets), port: (value[0]! << 8) | value[1]! };
}

/** RFC 8489 §14.8. */
function parseErrorCode(bytes: Uint8Array, at: number, length: number): StunErrorCode | undefined {
  if (length < 4) return undefined;
  const hundreds = bytes[at + 2]! & 0x07;
  const rest = bytes[at + 3]!;
  if (hundreds < 3 || hundreds > 6 || rest > 99) return undefined;
  return {
    code: hundreds * 100 + rest,
    reason: utf8.decode(bytes.subarray(at + 4, at + length)),
  };
}

/** RFC 8489 §14.7: over everything before it, with the length counting it. */
function fingerprintMatches(
  view: DataView,
  bytes: Uint8Array,
  at: number,
  length: number,
): boolean {
  if (length !== 4) return false;
  const expected = (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0;
  return view.getUint32(at + ATTRIBUTE_HEADER_BYTES) === expected;
}
