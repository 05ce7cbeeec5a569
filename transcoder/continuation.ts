/**
 * Continues a signal past its end by repeating its last pitch period, after the idea of ITU-T G.711
 * Appendix I, and lets it fade if nothing real comes.
 */
import { valueAt } from './interpolation.ts';
import {
  findAlike,
  LONGEST_PITCH_MS,
  likenessAt,
  type Samples,
  SHORTEST_PITCH_MS,
} from './likeness.ts';

/** How much of the past is compared to find the period. */
const COMPARED_MS = 20;
/** What is repeated has its full level for this long, then fades to silence. */
const FULL_LEVEL_MS = 10;
const FADED_OUT_MS = 60;
/** Where the repetition begins beside the end it follows, it is led there over this share. */
const JOINING_SHARE = 0.25;

/** How much of the past a continuation needs to see: both pieces, and room to interpolate. */
export const PAST_MS = COMPARED_MS + LONGEST_PITCH_MS + 2;

/** One at a time: `begin` lays it behind a signal; samples are looked at ahead, then taken. */
export class Continuation {
  readonly #perMs: number;
  readonly #past: number;
  /** The past, and behind it what was invented so far, at full level. */
  readonly #signal: Float32Array;
  #length = 0;
  #period = 0;
  #taken = 0;

  constructor(sampleRate: number) {
    this.#perMs = sampleRate / 1000;
    this.#past = PAST_MS * this.#perMs;
    this.#signal = new Float32Array(this.#past + FADED_OUT_MS * this.#perMs);
  }

  /** Begins behind the `PAST_MS` of `samples` before `end`. */
  begin(samples: Samples, end: number): void {
    for (let i = 0; i < this.#past; i += 1) {
      this.#signal[i] = samples[end - this.#past + i] as number;
    }
    this.#length = this.#past;
    this.#taken = 0;
    this.#period = this.#findPeriod();
  }

  /** The sample `ahead` of those taken so far. */
  peek(ahead: number): number {
    const index = this.#taken + ahead;
    const level = this.#level(index);
    if (level === 0) return 0;
    while (this.#length <= this.#past + index) this.#repeat();
    return (this.#signal[this.#past + index] as number) * level;
  }

  take(samples: number): void {
    this.#taken += samples;
  }

  #level(index: number): number {
    const elapsedMs = index / this.#perMs;
    if (elapsedMs <= FULL_LEVEL_MS) return 1;
    return Math.max(0, 1 - (elapsedMs - FULL_LEVEL_MS) / (FADED_OUT_MS - FULL_LEVEL_MS));
  }

  #repeat(): void {
    const at = this.#length;
    this.#signal[at] = valueAt(this.#signal, at - this.#period) + this.#correction(at);
    this.#length += 1;
  }

  /** Leads the first repetition from where the real signal ended; later ones repeat it. */
  #correction(at: number): number {
    const joining = Math.floor(this.#period * JOINING_SHARE);
    const weight = 1 - (at - this.#past + 1) / (joining + 1);
    if (weight <= 0) return 0;
    const last = this.#past - 1;
    return weight * ((this.#signal[last] as number) - valueAt(this.#signal, last - this.#period));
  }

  /** In samples and parts of them: a tone's period is seldom whole, and errors add up. */
  #findPeriod(): number {
    const signal = this.#signal;
    const length = COMPARED_MS * this.#perMs;
    const at = this.#past - length;
    const piece = { samples: signal, at, length };
    const furthest = at - LONGEST_PITCH_MS * this.#perMs;
    const nearest = at - SHORTEST_PITCH_MS * this.#perMs;
    const found = findAlike(piece, signal, furthest, nearest, this.#perMs).at;
    const [before, here, after] = [-1, 0, 1].map((by) => likenessAt(piece, signal, found + by));
    return at - found - summit(before ?? 0, here ?? 0, after ?? 0);
  }
}

/**
 * Where a cosine through three neighbouring values has its summit, from −0.5 to 0.5 of their
 * distance: around its maximum a correlation is much like one, and that of a tone is one.
 */
function summit(before: number, here: number, after: number): number {
  const cosine = (before + after) / (2 * here);
  if (!(here > 0) || Math.abs(cosine) >= 1) return 0;
  const angle = Math.acos(cosine);
  const shift = Math.atan((after - before) / (2 * here * Math.sin(angle))) / angle;
  return Math.max(-0.5, Math.min(0.5, shift));
}
