/** Time as machines see it: a monotonic count of milliseconds that is always handed in. */

/** Milliseconds on a monotonic clock with an arbitrary origin; never a wall-clock date. */
export type Millis = number;

export interface Clock {
  /** Monotonic milliseconds, with fractions. */
  now(): Millis;
  /** Wall-clock milliseconds since 1970-01-01T00:00:00Z, for what people and NTP stamps need. */
  wallClockMs(): number;
}

/** The earlier of two optional deadlines. */
export function earlier(a: Millis | undefined, b: Millis | undefined): Millis | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return a < b ? a : b;
}
