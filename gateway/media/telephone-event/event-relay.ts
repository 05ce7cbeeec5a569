/** Passes telephone-events from one clock to another, long ones in segments (RFC 4733 §2.5.1). */
import { distance16 } from '../../core/serial.ts';
import {
  eventDuration,
  eventOf,
  isEventEnd,
  LONGEST_SEGMENT_UNITS,
  setEventDuration,
} from '../../wire/rtp/telephone-event.ts';

/** Where a packet of an event goes on the other side; the payload has been rewritten in place. */
export interface RelayedEvent {
  timestamp: number;
  marker: boolean;
}

/** One direction between two event clocks. */
export class EventRelay {
  readonly #fromRate: number;
  readonly #toRate: number;
  readonly #relayed: RelayedEvent = { timestamp: 0, marker: false };
  /** `none` before the first event; an `ended` one may still be repeated. */
  #state: 'none' | 'under-way' | 'ended' = 'none';
  #event = 0;
  /** Incoming timestamp of the segment that is under way. */
  #segmentTimestamp = 0;
  /** Incoming units of the segments before this one. */
  #unitsBefore = 0;
  #segmentDuration = 0;
  #outStart = 0;
  #lastSegment = 0;
  #sequence = 0;

  constructor(fromRate: number, toRate: number) {
    this.#fromRate = fromRate;
    this.#toRate = toRate;
  }

  /**
   * Takes a packet whose event payload starts at `at`. `outStart` is where an event that begins now
   * begins on the other side. Undefined: an older packet of the event, better not sent again.
   */
  relay(
    bytes: Uint8Array,
    at: number,
    sequence: number,
    timestamp: number,
    outStart: number,
  ): RelayedEvent | undefined {
    const begins = this.#track(bytes, at, timestamp, outStart);
    if (!begins && distance16(this.#sequence, sequence) < 0) return undefined;
    this.#sequence = sequence;
    const duration = eventDuration(bytes, at);
    this.#segmentDuration = duration;
    const units = Math.round(((this.#unitsBefore + duration) * this.#toRate) / this.#fromRate);
    const segment = Math.max(0, Math.ceil(units / LONGEST_SEGMENT_UNITS) - 1);
    const startsSegment = segment !== this.#lastSegment;
    this.#lastSegment = segment;
    setEventDuration(bytes, at, Math.max(1, units - segment * LONGEST_SEGMENT_UNITS));
    this.#relayed.timestamp = (this.#outStart + segment * LONGEST_SEGMENT_UNITS) >>> 0;
    // RFC 4733 §2.5.1.3: only the first segment of an event has the marker.
    this.#relayed.marker = begins && !startsSegment;
    if (isEventEnd(bytes, at)) this.#state = 'ended';
    return this.#relayed;
  }

  /** Notes which event this is; true if the packet is the first seen of it. */
  #track(bytes: Uint8Array, at: number, timestamp: number, outStart: number): boolean {
    const event = eventOf(bytes, at);
    const isSameSegment = timestamp === this.#segmentTimestamp && event === this.#event;
    if (isSameSegment && this.#state !== 'none') return false;
    const follows = (timestamp - this.#segmentTimestamp) | 0;
    const goesOn = this.#state === 'under-way' && event === this.#event;
    const isNextSegment = goesOn && follows > 0 && follows === this.#segmentDuration;
    this.#segmentTimestamp = timestamp;
    if (isNextSegment) {
      this.#unitsBefore += follows;
      return false;
    }
    this.#state = 'under-way';
    this.#event = event;
    this.#unitsBefore = 0;
    this.#outStart = outStart;
    this.#lastSegment = 0;
    return true;
  }
}
