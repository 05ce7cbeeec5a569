/**
 * The telephone-event payload: DTMF digits as named events, read and written in place (RFC 4733).
 */

export const TELEPHONE_EVENT_BYTES = 4;

/** RFC 4733 §2.3.5: sixteen bits of timestamp units; longer events go in segments (§2.5.1.3). */
export const LONGEST_SEGMENT_UNITS = 0xffff;

/** RFC 4733 §2.3.3: −dBm0. What a digit is sent with unless something else is known. */
export const USUAL_VOLUME = 10;

const END_BIT = 0x80;
const VOLUME_MASK = 0x3f;
/** RFC 4733 §3.2, table 3: the position of a digit is its event code. */
const DIGITS = '0123456789*#ABCD';
const FLASH_EVENT = 16;

/** Whether a payload can hold an event; redundant ones (RFC 2198) may follow the first. */
export function isTelephoneEvent(payloadLength: number): boolean {
  return payloadLength >= TELEPHONE_EVENT_BYTES;
}

export function eventOf(bytes: Uint8Array, at: number): number {
  return bytes[at]!;
}

export function isEventEnd(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 1]! & END_BIT) !== 0;
}

export function eventVolume(bytes: Uint8Array, at: number): number {
  return bytes[at + 1]! & VOLUME_MASK;
}

/** In units of the RTP timestamp. */
export function eventDuration(bytes: Uint8Array, at: number): number {
  return (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

export function setEventDuration(bytes: Uint8Array, at: number, units: number): void {
  bytes[at + 2] = units >> 8;
  bytes[at + 3] = units;
}

export function writeTelephoneEvent(
  bytes: Uint8Array,
  at: number,
  event: number,
  end: boolean,
  volume: number,
  durationUnits: number,
): number {
  bytes[at] = event;
  bytes[at + 1] = (end ? END_BIT : 0) | (volume & VOLUME_MASK);
  setEventDuration(bytes, at, durationUnits);
  return TELEPHONE_EVENT_BYTES;
}

/** `0` to `9`, `*`, `#`, `A` to `D`, or `!` for a hook flash; undefined for any other event. */
export function digitOfEvent(event: number): string | undefined {
  if (event === FLASH_EVENT) return '!';
  return DIGITS[event];
}

/** The event code of a digit, in either case; undefined if it is none. */
export function eventOfDigit(digit: string): number | undefined {
  if (digit === '!') return FLASH_EVENT;
  if (digit.length !== 1) return undefined;
  const event = DIGITS.indexOf(digit.toUpperCase());
  return event < 0 ? undefined : event;
}
