/** Tells each digit once, however many of its packets were lost (RFC 4733 §2.5.2). */
import type { Millis } from '../../core/time.ts';
import {
  digitOfEvent,
  eventDuration,
  eventOf,
  isEventEnd,
} from '../../wire/rtp/telephone-event.ts';

export interface DetectedDigit {
  readonly digit: string;
  readonly durationMs: number;
}

/** An event whose end packets were all lost is over when nothing more of it came for so long. */
const LOST_END_MS = 200;

type State =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'under-way'; readonly event: number; units: number; heardAt: Millis };

export class EventDetector {
  #state: State = { kind: 'quiet' };
  /** Of the last event told or under way: later packets with it are repetitions. */
  #timestamp: number | undefined;
  #clockRate = 8000;
  /** Of the segments before the present one. */
  #unitsBefore = 0;

  /**
   * A packet with its event payload at `at`; gives the digit that is known to have ended by it.
   * Should a packet end two, the second is told by `settle`.
   */
  receive(
    bytes: Uint8Array,
    at: number,
    timestamp: number,
    clockRate: number,
    now: Millis,
  ): DetectedDigit | undefined {
    const isSame = timestamp === this.#timestamp;
    if (isSame && this.#state.kind === 'quiet') return undefined;
    const event = eventOf(bytes, at);
    const before = isSame || this.#continues(event, timestamp) ? undefined : this.#end();
    this.#clockRate = clockRate;
    const units = eventDuration(bytes, at);
    if (this.#state.kind === 'quiet') {
      this.#state = { kind: 'under-way', event, units, heardAt: now };
    } else {
      // A further segment begins where the last one ended, so its timestamp tells the units before.
      const past = isSame ? 0 : (timestamp - this.#timestamp!) | 0;
      this.#unitsBefore = isSame ? this.#unitsBefore : this.#unitsBefore + past;
      this.#state.units = Math.max(this.#state.units, this.#unitsBefore + units);
      this.#state.heardAt = now;
    }
    this.#timestamp = timestamp;
    if (before !== undefined) return before;
    return isEventEnd(bytes, at) ? this.#end() : undefined;
  }

  /** Asked now and then: whether an event ended unheard. */
  settle(now: Millis): DetectedDigit | undefined {
    if (this.#state.kind === 'quiet' || now - this.#state.heardAt < LOST_END_MS) return undefined;
    return this.#end();
  }

  #continues(event: number, timestamp: number): boolean {
    if (this.#state.kind === 'quiet' || this.#state.event !== event) return false;
    return ((timestamp - this.#timestamp!) | 0) === this.#state.units - this.#unitsBefore;
  }

  #end(): DetectedDigit | undefined {
    const state = this.#state;
    this.#state = { kind: 'quiet' };
    this.#unitsBefore = 0;
    if (state.kind === 'quiet') return undefined;
    const digit = digitOfEvent(state.event);
    if (digit === undefined) return undefined;
    return { digit, durationMs: Math.round((state.units * 1000) / this.#clockRate) };
  }
}
