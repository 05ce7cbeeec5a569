/** The shape of a sans-IO machine: inputs and the time go in, outputs are drained, nothing else. */
import type { Millis } from './time.ts';

/**
 * A machine owns no socket, timer, clock or randomness. Its driver feeds `handle`, drains `poll`
 * until it gives undefined, and calls `handleTimeout` once `deadline()` has passed.
 *
 * `snapshot()` is one plain JSON value holding the whole state (outputs drained first); the
 * machine's constructor or `restore` function takes it back and goes on as if nothing happened.
 */
export interface Machine<Input, Output, Snapshot> {
  handle(input: Input, now: Millis): void;
  handleTimeout(now: Millis): void;
  poll(): Output | undefined;
  /** The instant at which time itself is the next input, if there is one. */
  deadline(): Millis | undefined;
  snapshot(): Snapshot;
}
