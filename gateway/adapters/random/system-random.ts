/** Randomness from the operating system, through OpenSSL's generator. */
import { randomBytes } from 'node:crypto';
import type { Random } from '../../core/random.ts';

/** What is fetched at once: single ids cost a copy, not a system call. */
const POOL_BYTES = 4_096;

export class SystemRandom implements Random {
  #pool = new Uint8Array(0);
  #used = 0;

  bytes(length: number): Uint8Array {
    if (length > POOL_BYTES / 4) return new Uint8Array(randomBytes(length));
    if (this.#used + length > this.#pool.length) {
      this.#pool = new Uint8Array(randomBytes(POOL_BYTES));
      this.#used = 0;
    }
    const taken = this.#pool.slice(this.#used, this.#used + length);
    // What was given out must not lie about in the pool: it may be a key.
    this.#pool.fill(0, this.#used, this.#used + length);
    this.#used += length;
    return taken;
  }
}
