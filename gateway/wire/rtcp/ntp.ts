/**
 * NTP time as RTCP carries it, and the round trip that its reports measure (RFC 3550 §4, §6.4.1).
 */

/** Seconds from 1900 and their fraction in 1/2^32, both unsigned 32 bits. */
export interface NtpTime {
  readonly seconds: number;
  readonly fraction: number;
}

/** From 1900-01-01 to 1970-01-01 (RFC 868). */
const SECONDS_FROM_NTP_TO_UNIX = 2_208_988_800;
const TWO_TO_32 = 2 ** 32;
/** Units of the middle 32 bits in a millisecond. */
const MIDDLE_UNITS_PER_MS = 65.536;
/** 2036-02-07: later times are in the next era, whose seconds start from zero again. */
const ERA_HALF = 2 ** 31;

export function ntpFromWallClock(wallClockMs: number): NtpTime {
  const milliseconds = Math.floor(wallClockMs / 1000) * 1000;
  const seconds = milliseconds / 1000 + SECONDS_FROM_NTP_TO_UNIX;
  const fraction = Math.floor(((wallClockMs - milliseconds) / 1000) * TWO_TO_32);
  return { seconds: seconds % TWO_TO_32, fraction };
}

/** Milliseconds since 1970; small seconds are read as the era that begins in 2036. */
export function wallClockFromNtp({ seconds, fraction }: NtpTime): number {
  const sinceFirstEra = seconds < ERA_HALF ? seconds + TWO_TO_32 : seconds;
  return (sinceFirstEra - SECONDS_FROM_NTP_TO_UNIX) * 1000 + (fraction / TWO_TO_32) * 1000;
}

/** The 32 bits in the middle: seconds modulo 65536 in units of 1/65536 s. */
export function middleOf({ seconds, fraction }: NtpTime): number {
  return ((seconds << 16) | (fraction >>> 16)) >>> 0;
}

export function middleUnitsFromMs(milliseconds: number): number {
  return Math.round(milliseconds * MIDDLE_UNITS_PER_MS) >>> 0;
}

/**
 * The round trip by a report that arrived at `now`: A − LSR − DLSR, in milliseconds. Undefined
 * before a sender report was echoed, and where clocks make it negative.
 */
export function roundTripMs(
  now: NtpTime,
  lastReport: number,
  delaySinceLastReport: number,
): number | undefined {
  if (lastReport === 0) return undefined;
  const units = (middleOf(now) - lastReport - delaySinceLastReport) | 0;
  return units < 0 ? undefined : units / MIDDLE_UNITS_PER_MS;
}
