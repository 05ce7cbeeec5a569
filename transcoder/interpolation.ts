/** Reads a signal between its samples: windowed-sinc interpolation. */
import type { Samples } from './likeness.ts';

/** Taps on either side of a point, and points between two samples. */
export const HALF_TAPS = 8;
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

/** The signal's value at `position`, which has at least `HALF_TAPS` samples on either side. */
export function valueAt(samples: Samples, position: number): number {
  const whole = Math.floor(position);
  const row = Math.round((position - whole) * PHASES) * TAPS;
  const first = whole - HALF_TAPS + 1;
  let sum = 0;
  for (let tap = 0; tap < TAPS; tap += 1) {
    sum += (samples[first + tap] as number) * (FILTER[row + tap] as number);
  }
  return sum;
}
