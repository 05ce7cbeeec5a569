/**
 * Learns how late packets arrive relative to the fastest, and how long playing must wait for them.
 */
import type { Millis } from '../../core/time.ts';

/** The fastest transit is the least of the last one to two of these periods. */
const FASTEST_PERIOD_MS = 5000;
/** Lateness is counted in bins of this width, up to a second. */
const BIN_MS = 4;
const BINS = 250;
/** What each packet leaves of the earlier counts: a memory of about 250 packets, 5 s at 20 ms. */
const MEMORY = 0.996;
/** Weights are scaled back to 1 before they outgrow the counts' precision. */
const WEIGHT_MAX = 1e6;
/** The share of packets that should be in time. */
const SHARE_IN_TIME = 0.97;

export class DelayEstimator {
  readonly #counts = new Float64Array(BINS);
  #total = 0;
  /** What the next packet counts; grows instead of every count being diminished. */
  #weight = 1;
  #fastest = Number.POSITIVE_INFINITY;
  #fastestBefore = Number.POSITIVE_INFINITY;
  #periodEnds = Number.NEGATIVE_INFINITY;

  /** Takes note of a packet whose first sample is at `mediaTime` and that arrived at `now`. */
  observe(mediaTime: Millis, now: Millis): void {
    const transit = now - mediaTime;
    if (now >= this.#periodEnds) this.#nextPeriod(now);
    if (transit < this.#fastest) this.#fastest = transit;
    this.#count(this.latenessOf(mediaTime, now));
  }

  /** How much later than the fastest packet one with `mediaTime` would be if it came at `now`. */
  latenessOf(mediaTime: Millis, now: Millis): Millis {
    return now - mediaTime - Math.min(this.#fastest, this.#fastestBefore);
  }

  /** The lateness that the required share of packets stays within, rounded up to a whole bin. */
  tolerableLateness(): Millis {
    let sum = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      sum += this.#counts[bin] as number;
      if (sum >= this.#total * SHARE_IN_TIME) return (bin + 1) * BIN_MS;
    }
    return BINS * BIN_MS;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#total = 0;
    this.#weight = 1;
    this.#fastest = Number.POSITIVE_INFINITY;
    this.#fastestBefore = Number.POSITIVE_INFINITY;
    this.#periodEnds = Number.NEGATIVE_INFINITY;
  }

  #nextPeriod(now: Millis): void {
    this.#fastestBefore = this.#fastest;
    this.#fastest = Number.POSITIVE_INFINITY;
    this.#periodEnds = now + FASTEST_PERIOD_MS;
  }

  #count(lateness: Millis): void {
    const bin = Math.min(BINS - 1, Math.floor(lateness / BIN_MS));
    this.#counts[bin] = (this.#counts[bin] as number) + this.#weight;
    this.#total += this.#weight;
    this.#weight /= MEMORY;
    if (this.#weight > WEIGHT_MAX) this.#rescale();
  }

  #rescale(): void {
    for (let i = 0; i < BINS; i += 1) this.#counts[i] = (this.#counts[i] as number) / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }
}
