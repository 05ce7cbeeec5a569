/** Packet loss concealment by pitch repetition, after the idea of ITU-T G.711 Appendix I. */

/** Pitch periods that are searched, as the appendix bounds them: 200 Hz down to 66 Hz. */
const SHORTEST_PITCH_MS = 5;
const LONGEST_PITCH_MS = 15;
/** How much of the past is compared to find the period. */
const COMPARED_MS = 20;
/** A loss is repeated at full level for this long, then fades to silence. */
const FULL_LEVEL_MS = 10;
const FADED_OUT_MS = 60;
/** The real signal is blended in over this long after a loss. */
const BLEND_MS = 5;

/** Keeps the recent past of one stream and continues it where packets are missing. */
export class WaveformConcealment {
  readonly #perMs: number;
  /** The most recent samples, oldest first. */
  readonly #history: Float32Array;
  /** One pitch period, joined to itself without a step, while a loss lasts. */
  #period = new Float32Array(0);
  #position = 0;
  #concealedSamples = 0;

  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1000;
    this.#history = new Float32Array((COMPARED_MS + 2 * LONGEST_PITCH_MS) * this.#perMs);
  }

  /** Takes note of real samples; after a loss, blends the invented signal into their start. */
  heard(pcm: Int16Array, samples: number): void {
    if (this.#concealedSamples > 0) this.#blendInto(pcm, samples);
    this.#concealedSamples = 0;
    this.#remember(pcm, samples);
  }

  /** Writes `samples` invented samples to the start of `pcm`. */
  conceal(pcm: Int16Array, samples: number): void {
    if (this.#concealedSamples === 0) this.#begin();
    for (let i = 0; i < samples; i += 1) pcm[i] = this.#next();
    this.#remember(pcm, samples);
  }

  #begin(): void {
    const pitch = this.#findPitch();
    const end = this.#history.length;
    this.#period = this.#history.slice(end - pitch, end);
    this.#joinEnds(pitch);
    this.#position = 0;
  }

  /** Blends the period's last quarter towards what came before its start, so that it loops. */
  #joinEnds(pitch: number): void {
    const overlap = pitch >> 2;
    const before = this.#history.length - pitch - overlap;
    for (let i = 0; i < overlap; i += 1) {
      const weight = (i + 1) / (overlap + 1);
      const at = pitch - overlap + i;
      const tail = this.#period[at] as number;
      this.#period[at] = tail * (1 - weight) + (this.#history[before + i] as number) * weight;
    }
  }

  #next(): number {
    const sample = this.#period[this.#position] as number;
    this.#position = this.#position + 1 === this.#period.length ? 0 : this.#position + 1;
    const level = this.#level();
    this.#concealedSamples += 1;
    return Math.round(sample * level);
  }

  #level(): number {
    const elapsedMs = this.#concealedSamples / this.#perMs;
    if (elapsedMs <= FULL_LEVEL_MS) return 1;
    return Math.max(0, 1 - (elapsedMs - FULL_LEVEL_MS) / (FADED_OUT_MS - FULL_LEVEL_MS));
  }

  #blendInto(pcm: Int16Array, samples: number): void {
    const overlap = Math.min(samples, BLEND_MS * this.#perMs);
    for (let i = 0; i < overlap; i += 1) {
      const weight = (i + 1) / (overlap + 1);
      pcm[i] = Math.round((pcm[i] as number) * weight + this.#next() * (1 - weight));
    }
  }

  #remember(pcm: Int16Array, samples: number): void {
    const length = this.#history.length;
    const kept = Math.max(0, length - samples);
    this.#history.copyWithin(0, length - kept);
    const skipped = Math.max(0, samples - length);
    for (let i = kept; i < length; i += 1) {
      this.#history[i] = pcm[skipped + i - kept] as number;
    }
  }

  /**
   * The lag with the highest normalised correlation: every other one first, then its neighbours.
   */
  #findPitch(): number {
    const shortest = SHORTEST_PITCH_MS * this.#perMs;
    const longest = LONGEST_PITCH_MS * this.#perMs;
    let best = shortest;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let lag = shortest; lag <= longest; lag += 2) {
      const score = this.#likeness(lag, 2);
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    let refined = best;
    bestScore = Number.NEGATIVE_INFINITY;
    for (let lag = Math.max(shortest, best - 1); lag <= Math.min(longest, best + 1); lag += 1) {
      const score = this.#likeness(lag, 1);
      if (score > bestScore) {
        bestScore = score;
        refined = lag;
      }
    }
    return refined;
  }

  #likeness(lag: number, step: number): number {
    const end = this.#history.length;
    let product = 0;
    let energy = 1;
    for (let i = end - COMPARED_MS * this.#perMs; i < end; i += step) {
      const earlier = this.#history[i - lag] as number;
      product += (this.#history[i] as number) * earlier;
      energy += earlier * earlier;
    }
    return product / Math.sqrt(energy);
  }
}
