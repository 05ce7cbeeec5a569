/** Measures single tones in PCM by a Hann-windowed discrete Fourier transform at chosen frequencies. */

export interface ToneMeasure {
  /** Amplitude relative to full scale, in decibels: a full-scale sine is 0 dB. */
  readonly levelDb: number;
  /** Phase in radians at the window's centre, in (−π, π]. */
  readonly phase: number;
}

/** Level and phase of the component of `pcm` (−1 to 1) at `frequency`. */
export function measureTone(pcm: Float32Array, sampleRate: number, frequency: number): ToneMeasure {
  const step = (2 * Math.PI * frequency) / sampleRate;
  const centre = (pcm.length - 1) / 2;
  let real = 0;
  let imaginary = 0;
  let weights = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / pcm.length);
    real += weight * (pcm[i] as number) * Math.cos(step * (i - centre));
    imaginary -= weight * (pcm[i] as number) * Math.sin(step * (i - centre));
    weights += weight;
  }
  const amplitude = (2 * Math.hypot(real, imaginary)) / weights;
  return { levelDb: 20 * Math.log10(amplitude + 1e-9), phase: Math.atan2(imaginary, real) };
}

/** The frequency within `range` of `expected` that holds the most energy; half a second is enough. */
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
  for (let i = 0; i < pcm.length; i += 1) {
    const x = pcm[i] as number;
    const c = Math.cos(step * i);
    const s = Math.sin(step * i);
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
