/** Randomness as a port, so that a machine's ids and keys are reproducible under a seed. */

export interface Random {
  /** `length` uniformly random octets; cryptographically strong outside simulations. */
  bytes(length: number): Uint8Array;
}

/** A uniformly random integer in [0, 2^32). */
export function randomUint32(random: Random): number {
  const b = random.bytes(4);
  return new DataView(b.buffer, b.byteOffset, 4).getUint32(0);
}

/** `length` octets of randomness in lower-case hexadecimal. */
export function randomHex(random: Random, length: number): string {
  return Buffer.from(random.bytes(length)).toString('hex');
}

/** A random positive integer up to 2^53 - 1, as ids that travel through JSON must be. */
export function randomSafeInteger(random: Random): number {
  const b = random.bytes(7);
  let value = (b[0] ?? 0) & 0x1f;
  for (let i = 1; i < 7; i += 1) value = value * 256 + (b[i] ?? 0);
  return value === 0 ? 1 : value;
}
