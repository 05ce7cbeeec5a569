/** Whether to read as soon as a socket is readable, or on a tick that gathers batches. */
import type { Millis } from '../core/time.ts';
import { RECEIVE_SLOTS } from '../native/contract.ts';

/** 0 reads on readiness; else the milliseconds between reads. */
export type ReadInterval = 0 | 1 | 2;

/** What the last period's packets and batches were decides about the next. */
const PERIOD_MS = 100;
/** Below so many packets a second the tick itself would cost more than it saves. */
const WORTHWHILE_RATE = 1_000;
const NO_LONGER_WORTHWHILE_RATE = 500;
/** A tick that gathers more than this of what a batch can hold is too long. */
const FULL_BATCH_SHARE = 0.6;
/** Packets that one wake-up brings by itself: then there is nothing left to gather. */
const LARGE_BATCH = 24;

/**
 * Most of what a small batch costs is the wake-up. A prototype took 17.6 µs a packet at uniform
 * arrivals when reading on readiness, 5.7 µs on a 2 ms tick. Under load batches are large anyway,
 * and a tick would only fill buffers.
 */
export class ReadPacing {
  #interval: ReadInterval = 0;
  #periodBeganAt: Millis = 0;
  #packets = 0;
  #batches = 0;

  get interval(): ReadInterval {
    return this.#interval;
  }

  /** Notes a batch of `count`; true if the interval has changed. */
  note(count: number, now: Millis): boolean {
    this.#packets += count;
    this.#batches += 1;
    const elapsed = now - this.#periodBeganAt;
    if (elapsed < PERIOD_MS) return false;
    const before = this.#interval;
    this.#interval = this.#decide((this.#packets * 1000) / elapsed);
    this.#periodBeganAt = now;
    this.#packets = 0;
    this.#batches = 0;
    return this.#interval !== before;
  }

  #decide(packetsPerSecond: number): ReadInterval {
    const perBatch = this.#packets / this.#batches;
    if (this.#interval === 0) {
      if (packetsPerSecond < WORTHWHILE_RATE || perBatch >= LARGE_BATCH) return 0;
      return longestTick(packetsPerSecond);
    }
    if (packetsPerSecond < NO_LONGER_WORTHWHILE_RATE) return 0;
    return longestTick(packetsPerSecond);
  }
}

/** The longest tick whose average batch leaves room for a burst. */
function longestTick(packetsPerSecond: number): ReadInterval {
  const room = RECEIVE_SLOTS * FULL_BATCH_SHARE;
  if ((packetsPerSecond * 2) / 1000 <= room) return 2;
  return packetsPerSecond / 1000 <= room ? 1 : 0;
}
