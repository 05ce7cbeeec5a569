/**
 * RTP header extensions in one-byte and two-byte form, found and renumbered in place (RFC 8285).
 */
import { hasExtension, headerLength, RTP_HEADER_BYTES } from './header.ts';

const ONE_BYTE_PROFILE = 0xbede;
/** The low four bits of a two-byte profile are the application's (RFC 8285 §4.3). */
const TWO_BYTE_PROFILE = 0x1000;
const TWO_BYTE_PROFILE_MASK = 0xfff0;
const EXTENSION_HEADER_BYTES = 4;
/** RFC 8285 §4.2: identifier 15 ends the walk of one-byte elements. */
const ONE_BYTE_STOP_ID = 15;
const LARGEST_ONE_BYTE_ID = 14;
const LARGEST_ONE_BYTE_ELEMENT = 16;
const LARGEST_TWO_BYTE_ID = 255;
const LARGEST_TWO_BYTE_ELEMENT = 255;

/** What an element's value is when there is none: an absent element. */
export const NOT_FOUND = -1;

/** Where the value of element `id` starts in `bytes`, or NOT_FOUND. The packet is a valid one. */
export function findExtension(bytes: Uint8Array, offset: number, id: number): number {
  let at = firstElement(bytes, offset);
  const end = offset + headerLength(bytes, offset);
  const oneByte = isOneByteForm(bytes, offset);
  while (at !== NOT_FOUND && at < end) {
    const head = bytes[at]!;
    if (head === 0) {
      at += 1;
      continue;
    }
    const elementId = oneByte ? head >> 4 : head;
    if (oneByte && elementId === ONE_BYTE_STOP_ID) return NOT_FOUND;
    const valueAt = at + (oneByte ? 1 : 2);
    if (valueAt > end) return NOT_FOUND;
    const length = oneByte ? (head & 0x0f) + 1 : bytes[at + 1]!;
    if (valueAt + length > end) return NOT_FOUND;
    if (elementId === id) return valueAt;
    at = valueAt + length;
  }
  return NOT_FOUND;
}

/** The length of the value that `findExtension` found at `valueAt`. */
export function extensionValueLength(bytes: Uint8Array, offset: number, valueAt: number): number {
  const before = bytes[valueAt - 1]!;
  return isOneByteForm(bytes, offset) ? (before & 0x0f) + 1 : before;
}

/**
 * Gives every element the id that `newIds` holds at its old one; zero turns it into padding.
 * An id that the packet's form cannot carry is taken away too, as is an element that overruns.
 */
export function renumberExtensions(bytes: Uint8Array, offset: number, newIds: Uint8Array): void {
  let at = firstElement(bytes, offset);
  const end = offset + headerLength(bytes, offset);
  const oneByte = isOneByteForm(bytes, offset);
  while (at !== NOT_FOUND && at < end) {
    const head = bytes[at]!;
    if (head === 0) {
      at += 1;
      continue;
    }
    const valueAt = at + (oneByte ? 1 : 2);
    const length = oneByte ? (head & 0x0f) + 1 : (bytes[at + 1] ?? 0);
    const stops = oneByte && head >> 4 === ONE_BYTE_STOP_ID;
    if (stops || valueAt + length > end) {
      bytes.fill(0, at, end);
      return;
    }
    const newId = newIds[oneByte ? head >> 4 : head] ?? 0;
    if (newId === 0 || (oneByte && newId > LARGEST_ONE_BYTE_ID)) {
      bytes.fill(0, at, valueAt + length);
    } else {
      bytes[at] = oneByte ? (newId << 4) | (head & 0x0f) : newId;
    }
    at = valueAt + length;
  }
}

export interface ExtensionElement {
  readonly id: number;
  readonly value: Uint8Array;
}

/**
 * Writes an extension block after a header of `writeRtpHeader` without one, and sets its X bit;
 * gives the block's length. One-byte form where every element fits it, else two-byte. Throws when
 * an element fits neither: the caller's own mistake.
 */
export function writeExtensions(
  bytes: Uint8Array,
  offset: number,
  elements: readonly ExtensionElement[],
): number {
  const oneByte = elements.every(fitsOneByteForm);
  const start = offset + RTP_HEADER_BYTES;
  let at = start + EXTENSION_HEADER_BYTES;
  for (const { id, value } of elements) {
    if (id < 1 || id > LARGEST_TWO_BYTE_ID || value.length > LARGEST_TWO_BYTE_ELEMENT) {
      throw new RangeError(`extension ${id} of ${value.length} octets`);
    }
    if (oneByte) {
      bytes[at++] = (id << 4) | (value.length - 1);
    } else {
      bytes[at++] = id;
      bytes[at++] = value.length;
    }
    bytes.set(value, at);
    at += value.length;
  }
  while ((at - start) % 4 !== 0) bytes[at++] = 0;
  const profile = oneByte ? ONE_BYTE_PROFILE : TWO_BYTE_PROFILE;
  const words = (at - start - EXTENSION_HEADER_BYTES) / 4;
  bytes[start] = profile >> 8;
  bytes[start + 1] = profile & 0xff;
  bytes[start + 2] = words >> 8;
  bytes[start + 3] = words & 0xff;
  bytes[offset] = bytes[offset]! | 0x10;
  return at - start;
}

function fitsOneByteForm({ id, value }: ExtensionElement): boolean {
  return id <= LARGEST_ONE_BYTE_ID && value.length >= 1 && value.length <= LARGEST_ONE_BYTE_ELEMENT;
}

function profileAt(bytes: Uint8Array, offset: number): number {
  return offset + RTP_HEADER_BYTES + (bytes[offset]! & 0x0f) * 4;
}

function profileOf(bytes: Uint8Array, offset: number): number {
  const at = profileAt(bytes, offset);
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function isOneByteForm(bytes: Uint8Array, offset: number): boolean {
  return hasExtension(bytes, offset) && profileOf(bytes, offset) === ONE_BYTE_PROFILE;
}

function firstElement(bytes: Uint8Array, offset: number): number {
  if (!hasExtension(bytes, offset)) return NOT_FOUND;
  const profile = profileOf(bytes, offset);
  const known =
    profile === ONE_BYTE_PROFILE || (profile & TWO_BYTE_PROFILE_MASK) === TWO_BYTE_PROFILE;
  return known ? profileAt(bytes, offset) + EXTENSION_HEADER_BYTES : NOT_FOUND;
}
