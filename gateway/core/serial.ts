/** Serial number arithmetic (RFC 1982) for the 16- and 32-bit counters of RTP. */

/** Signed distance from `from` to `to` modulo 2^16, in [-32768, 32767]. */
export function distance16(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Signed distance from `from` to `to` modulo 2^32, in [-2^31, 2^31 - 1]. */
export function distance32(from: number, to: number): number {
  return (to - from) | 0;
}

/** Whether sequence number `candidate` comes after `reference`. */
export function isNewer16(candidate: number, reference: number): boolean {
  return distance16(reference, candidate) > 0;
}

/** Whether timestamp `candidate` comes after `reference`. */
export function isNewer32(candidate: number, reference: number): boolean {
  return distance32(reference, candidate) > 0;
}

export function add16(value: number, delta: number): number {
  return (value + delta) & 0xffff;
}

export function add32(value: number, delta: number): number {
  return (value + delta) >>> 0;
}
