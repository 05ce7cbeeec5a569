/**
 * Builds the STUN messages of ICE: Binding requests, successes and errors (RFC 8489, RFC 8445 §7).
 */
import { crc32 } from 'node:zlib';
import { isIpv6, parseIpAddress } from '../../core/ip-address.ts';
import { integrityOf } from './integrity.ts';
import {
  attributeTypes,
  BINDING_METHOD,
  FINGERPRINT_XOR,
  INTEGRITY_BYTES,
  STUN_HEADER_BYTES,
  STUN_MAGIC_COOKIE,
  type StunAddress,
  type StunClass,
  TRANSACTION_ID_BYTES,
} from './message.ts';

const classBits: { readonly [key in StunClass]: number } = {
  request: 0x000,
  indication: 0x010,
  success: 0x100,
  error: 0x110,
};
const utf8 = new TextEncoder();

export interface BindingRequest {
  readonly transactionId: Uint8Array;
  /** The receiver's ufrag, a colon, and the sender's (RFC 8445 §7.2.2). */
  readonly username: string;
  /** The receiver's password. */
  readonly key: string;
  readonly priority: number;
  readonly role: 'controlling' | 'controlled';
  readonly tieBreaker: bigint;
  readonly useCandidate: boolean;
}

export function buildBindingRequest(request: BindingRequest): Uint8Array {
  const { role, tieBreaker } = request;
  const roleType =
    role === 'controlling' ? attributeTypes.iceControlling : attributeTypes.iceControlled;
  return seal('request', request.transactionId, request.key, [
    [attributeTypes.username, utf8.encode(request.username)],
    [attributeTypes.priority, uint32(request.priority)],
    [roleType, uint64(tieBreaker)],
    ...(request.useCandidate ? [[attributeTypes.useCandidate, new Uint8Array(0)] as const] : []),
  ]);
}

export interface BindingSuccess {
  readonly transactionId: Uint8Array;
  /** Where the request came from. */
  readonly mapped: StunAddress;
  /** The password that the request was authenticated with. */
  readonly key: string;
}

export function buildBindingSuccess(success: BindingSuccess): Uint8Array {
  const { transactionId, mapped, key } = success;
  return seal('success', transactionId, key, [
    [attributeTypes.xorMappedAddress, xorAddress(mapped, transactionId)],
  ]);
}

export interface BindingError {
  readonly transactionId: Uint8Array;
  readonly code: number;
  readonly reason: string;
  /** For 420: the types that were not understood. */
  readonly unknownAttributes?: readonly number[];
  /** Absent where the request could not be authenticated. */
  readonly key?: string;
}

export function buildBindingError(error: BindingError): Uint8Array {
  const reason = utf8.encode(error.reason);
  const value = new Uint8Array(4 + reason.length);
  value[2] = Math.floor(error.code / 100);
  value[3] = error.code % 100;
  value.set(reason, 4);
  const attributes: Attribute[] = [[attributeTypes.errorCode, value]];
  if (error.unknownAttributes !== undefined) {
    const types = error.unknownAttributes.flatMap((type) => [type >> 8, type & 0xff]);
    attributes.push([attributeTypes.unknownAttributes, Uint8Array.from(types)]);
  }
  return seal('error', error.transactionId, error.key, attributes);
}

type Attribute = readonly [type: number, value: Uint8Array];

/** Writes header and attributes, then integrity if there is a key, then the fingerprint. */
function seal(
  messageClass: StunClass,
  transactionId: Uint8Array,
  key: string | undefined,
  attributes: readonly Attribute[],
): Uint8Array {
  if (transactionId.length !== TRANSACTION_ID_BYTES) throw new RangeError('transaction id');
  const body = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.length), 0);
  const integrityBytes = key === undefined ? 0 : 4 + INTEGRITY_BYTES;
  const bytes = new Uint8Array(STUN_HEADER_BYTES + body + integrityBytes + 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, classBits[messageClass] | BINDING_METHOD);
  view.setUint16(2, bytes.length - STUN_HEADER_BYTES);
  view.setUint32(4, STUN_MAGIC_COOKIE);
  bytes.set(transactionId, 8);
  let at = STUN_HEADER_BYTES;
  const append = (type: number, value: Uint8Array) => {
    view.setUint16(at, type);
    view.setUint16(at + 2, value.length);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  };
  for (const [type, value] of attributes) append(type, value);
  if (key !== undefined) append(attributeTypes.messageIntegrity, integrityOf(bytes, at, key));
  append(
    attributeTypes.fingerprint,
    uint32((crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0),
  );
  return bytes;
}

/** RFC 8489 §14.2: the port under the cookie's upper half, the address under cookie and id. */
function xorAddress(mapped: StunAddress, transactionId: Uint8Array): Uint8Array {
  const octets = parseIpAddress(mapped.address);
  if (octets === undefined) throw new RangeError('mapped address is no IP address');
  const mask = new Uint8Array(4 + TRANSACTION_ID_BYTES);
  new DataView(mask.buffer).setUint32(0, STUN_MAGIC_COOKIE);
  mask.set(transactionId, 4);
  const value = new Uint8Array(4 + octets.length);
  value[1] = isIpv6(mapped.address) ? 2 : 1;
  value[2] = (mapped.port >> 8) ^ mask[0]!;
  value[3] = (mapped.port & 0xff) ^ mask[1]!;
  for (const [i, octet] of octets.entries()) value[4 + i] = octet ^ mask[i]!;
  return value;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
