/** The clock of the machine: monotonic for all of its processes, wall-clock from `Date`. */
import type { Clock, Millis } from '../../core/time.ts';

/**
 * From this process's own origin to that of CLOCK_MONOTONIC, so that an instant in a snapshot means
 * the same to the process that restores it.
 */
const ORIGIN_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export class SystemClock implements Clock {
  now(): Millis {
    return performance.now() + ORIGIN_MS;
  }

  wallClockMs(): number {
    return Date.now();
  }
}
