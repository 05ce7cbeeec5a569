/** The clock of the machine: monotonic from `performance.now`, wall-clock from `Date`. */
import type { Clock, Millis } from '../../core/time.ts';

export class SystemClock implements Clock {
  now(): Millis {
    return performance.now();
  }

  wallClockMs(): number {
    return Date.now();
  }
}
