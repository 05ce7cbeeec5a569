/**
 * Measures single tones in PCM by a Hann-windowed discrete Fourier transform at chosen frequencies.
 */

export interface ToneMeasure {
  /** Amplitude relative to full scale, in decibels: a full-scale sine is 0 dB. */
  readonly levelDb: number;
  /** Phase in radians at the window's centre, in (−π, π]. */
  readonly phase: number;
}

/** Level and phase of the component of `pcm` (−1 to 1) at `frequency`. */
export function measureTone(pcm: Float32Array, sampleRate: number, frequency: number): ToneMeasure {
  const step = (2 * Math.PI * frequency) / sampleRate;
  const tone = new Rotation((-step * (pcm.length - 1)) / 2, step);
  const hann = new Rotation(Math.PI / pcm.length, (2 * Math.PI) / pcm.length);
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    const weight = 0.5 - 0.5 * hann.cosine;
    real += weight * (pcm[i] as number) * tone.cosine;
    imaginary -= weight * (pcm[i] as number) * tone.sine;
    weights += weight;
    tone.turn();
    hann.turn();
  }
  const amplitude = (2 * Math.hypot(real, imaginary)) / weights;
  return { levelDb: 20 * Math.log10(amplitude + 1e-9), phase: Math.atan2(imaginary, real) };
}

/** Sine and cosine of an angle that advances in equal steps, without calling either each time. */
class Rotation {
  cosine: number;
  sine: number;
  readonly #stepCosine: number;
  readonly #stepSine: number;

  constructor(start: number, step: number) {
    this.cosine = Math.cos(start);
    this.sine = Math.sin(start);
    this.#stepCosine = Math.cos(step);
    this.#stepSine = Math.sin(step);
  }

  turn(): void {
    const cosine = this.cosine * this.#stepCosine - this.sine * this.#stepSine;
    this.sine = this.sine * this.#stepCosine + this.cosine * this.#stepSine;
    this.cosine = cosine;
  }
}

/**
 * The frequency within `range` of `expected` that holds the most energy; half a second is enough.
 */
export function strongestNear(
  pcm: Float32Array,
  sampleRate: number,
  expected: number,
  range: number,
): number {
  const level = (hz: number) => measureTone(pcm, sampleRate, hz).levelDb;
  let best = expected;
  for (let hz = expected - range; hz <= expected + range; hz += 1) {
    if (level(hz) > level(best)) best = hz;
  }
  let low = best - 1;
  let high = best + 1;
  for (let round = 0; round < 20; round += 1) {
    const third = (high - low) / 3;
    if (level(low + third) < level(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}

/**
 * Signal to noise and distortion in decibels: the energy that a least-squares sine at `frequency`
 * explains against the energy that it leaves.
 */
export function sinadDb(pcm: Float32Array, sampleRate: number, frequency: number): number {
  const step = (2 * Math.PI * frequency) / sampleRate;
  let cc = 0;
  let ss = 0;
  let cs = 0;
  let xc = 0;
  let xs = 0;
  let total = 0;
  const tone = new Rotation(0, step);
  for (let i = 0; i < pcm.length; i += 1) {
    const x = pcm[i] as number;
    const { cosine: c, sine: s } = tone;
    tone.turn();
    cc += c * c;
    ss += s * s;
    cs += c * s;
    xc += x * c;
    xs += x * s;
    total += x * x;
  }
  const determinant = cc * ss - cs * cs;
  const a = (xc * ss - xs * cs) / determinant;
  const b = (xs * cc - xc * cs) / determinant;
  const explained = a * xc + b * xs;
  return 10 * Math.log10((explained + 1e-12) / (Math.max(0, total - explained) + 1e-12));
}
