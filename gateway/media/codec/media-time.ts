/** Turns the timestamps of one stream, which wrap, into milliseconds that don't. */
import { distance32 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';

/** The origin follows, so that distances stay far from the wrap. */
const FURTHEST_UNITS = 0x2000_0000;

/** The first timestamp that is asked for is 0. */
export class MediaTime {
  readonly #unitsPerMs: number;
  #timestamp: number | undefined;
  #atMs: Millis = 0;

  constructor(clockRate: number) {
    this.#unitsPerMs = clockRate / 1000;
  }

  get hasBegun(): boolean {
    return this.#timestamp !== undefined;
  }

  of(timestamp: number): Millis {
    this.#timestamp ??= timestamp;
    const units = distance32(this.#timestamp, timestamp);
    const mediaTime = this.#atMs + units / this.#unitsPerMs;
    if (units > FURTHEST_UNITS) {
      this.#timestamp = timestamp;
      this.#atMs = mediaTime;
    }
    return mediaTime;
  }

  reset(): void {
    this.#timestamp = undefined;
    this.#atMs = 0;
  }
}
