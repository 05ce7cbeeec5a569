/** Finds where in a signal a piece of it, or of another, comes again: the way to its pitch. */

/** Pitch periods that are searched, as ITU-T G.711 Appendix I bounds them: 200 Hz down to 66 Hz. */
export const SHORTEST_PITCH_MS = 5;
export const LONGEST_PITCH_MS = 15;

/** Energy a sample below which a piece counts as silence: some 66 dB below full scale. */
const SILENT_ENERGY = 16 * 16;
/** Steps a millisecond of the first search; with fewer a tone of 2 kHz slips through. */
const COARSE_STEPS_PER_MS = 16;

export interface Found {
  readonly at: number;
  /** Normalised cross-correlation there, −1 to 1; silence is like anything. */
  readonly likeness: number;
}

export type Samples = Int16Array | Float32Array;

/** A piece of a signal: `length` samples from `at`. */
export interface Piece {
  readonly samples: Samples;
  readonly at: number;
  readonly length: number;
}

/** Normalised cross-correlation of `piece` with as many samples of `others` from `at`. */
export function likenessAt(piece: Piece, others: Samples, at: number, step = 1): number {
  const { samples, at: start, length } = piece;
  let product = 0;
  let energy = 0;
  let otherEnergy = 0;
  for (let i = 0; i < length; i += step) {
    const sample = samples[start + i] as number;
    const other = others[at + i] as number;
    product += sample * other;
    energy += sample * sample;
    otherEnergy += other * other;
  }
  const silent = (SILENT_ENERGY * length) / step;
  if (energy < silent && otherEnergy < silent) return 1;
  return product / Math.sqrt((energy + 1) * (otherEnergy + 1));
}

/**
 * Where in `others`, from `from` to `to`, both included, `piece` is most alike; there are `perMs`
 * samples in a millisecond. At high rates a coarse search comes before one at each sample.
 */
export function findAlike(
  piece: Piece,
  others: Samples,
  from: number,
  to: number,
  perMs: number,
): Found {
  const coarse = Math.max(1, Math.floor(perMs / COARSE_STEPS_PER_MS));
  const rough = best(piece, others, from, to, coarse);
  if (coarse === 1) return rough;
  return best(piece, others, Math.max(from, rough.at - coarse), Math.min(to, rough.at + coarse), 1);
}

function best(piece: Piece, others: Samples, from: number, to: number, step: number): Found {
  let at = from;
  let likeness = Number.NEGATIVE_INFINITY;
  for (let candidate = from; candidate <= to; candidate += step) {
    const score = likenessAt(piece, others, candidate, step);
    if (score <= likeness) continue;
    likeness = score;
    at = candidate;
  }
  return { at, likeness };
}
