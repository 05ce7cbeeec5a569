/** A PCM queue that can be read a little faster or slower than it is written, without artefacts. */

/** Windowed-sinc interpolation: taps on either side of a point, and points between two samples. */
const HALF_TAPS = 8;
const TAPS = 2 * HALF_TAPS;
const PHASES = 256;

/** Kaiser window, β = 8: stop band below −80 dB. */
const KAISER_BETA = 8;

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 32; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** `PHASES + 1` rows of `TAPS` weights, each row summing to one. */
function makeFilter(): Float32Array {
  const filter = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap += 1) {
      const x = tap - HALF_TAPS + 1 - phase / PHASES;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      const window = besselI0(KAISER_BETA * Math.sqrt(Math.max(0, 1 - (x / HALF_TAPS) ** 2)));
      filter[phase * TAPS + tap] = sinc * window;
      sum += sinc * window;
    }
    for (let tap = 0; tap < TAPS; tap += 1) {
      filter[phase * TAPS + tap] = (filter[phase * TAPS + tap] as number) / sum;
    }
  }
  return filter;
}

const FILTER = makeFilter();

/**
 * Holds PCM that is written a frame at a time and read at `rate` input samples per output sample.
 * At rate 1 and on a whole sample it copies bit by bit; in between it interpolates. It starts
 * with silence for the filter to look back on, so that reading lags writing by `HALF_TAPS` samples.
 */
export class VariableRateQueue {
  readonly #samples: Int16Array;
  #length = TAPS - 1;
  /** Position of the next output sample, in samples after `HALF_TAPS - 1`. */
  #fraction = 0;

  constructor(capacitySamples: number) {
    this.#samples = new Int16Array(capacitySamples + TAPS);
  }

  /** Whole samples that can be read at rate 1. */
  get available(): number {
    return Math.max(0, this.#length - TAPS + 1);
  }

  /** Whether `count` output samples can be read at `rate`. */
  canRead(count: number, rate: number): boolean {
    return Math.floor(this.#fraction + (count - 1) * rate) + TAPS <= this.#length;
  }

  /** Appends samples; the oldest are dropped if there is no room. */
  write(pcm: Int16Array, count: number): void {
    const room = this.#samples.length - this.#length;
    if (count > room) this.#discard(count - room);
    for (let i = 0; i < count; i += 1) this.#samples[this.#length + i] = pcm[i] as number;
    this.#length += count;
  }

  /** Fills `out` from its start with `count` samples; the caller has asked `canRead`. */
  read(out: Int16Array, count: number, rate: number): void {
    if (rate === 1 && this.#fraction === 0) {
      for (let i = 0; i < count; i += 1) out[i] = this.#samples[HALF_TAPS - 1 + i] as number;
      this.#discard(count);
      return;
    }
    let position = this.#fraction;
    for (let i = 0; i < count; i += 1) {
      out[i] = this.#interpolate(position);
      position += rate;
    }
    const whole = Math.floor(position);
    this.#fraction = position - whole;
    this.#discard(whole);
  }

  clear(): void {
    this.#samples.fill(0, 0, HALF_TAPS);
    this.#length = TAPS - 1;
    this.#fraction = 0;
  }

  #interpolate(position: number): number {
    const whole = Math.floor(position);
    const row = Math.round((position - whole) * PHASES) * TAPS;
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap += 1) {
      sum += (this.#samples[whole + tap] as number) * (FILTER[row + tap] as number);
    }
    return Math.max(-32768, Math.min(32767, Math.round(sum)));
  }

  #discard(count: number): void {
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
