/** Sends digits as telephone-events, each ended three times (RFC 4733 §2.5.1). */
import type { Millis } from '../../core/time.ts';
import { RTP_HEADER_BYTES } from '../../wire/rtp/header.ts';
import {
  LONGEST_SEGMENT_UNITS,
  TELEPHONE_EVENT_BYTES,
  USUAL_VOLUME,
  writeTelephoneEvent,
} from '../../wire/rtp/telephone-event.ts';
import { Task } from '../agenda.ts';
import { MOST_QUEUED_DIGITS } from '../limits.ts';

export interface QueuedDigit {
  readonly event: number;
  readonly durationMs: number;
}

/** How digits get out; the m-line that sends them. */
export interface DigitOutlet {
  readonly eventClockRate: number;
  readonly ptimeMs: number;
  eventStart(now: Millis): number;
  /** Sends a packet whose payload was written behind the RTP header at `offset`. */
  sendEvent(
    offset: number,
    payloadLength: number,
    marker: boolean,
    timestamp: number,
    now: Millis,
  ): void;
  allocate(): { readonly bytes: Uint8Array; readonly offset: number };
  planDigit(task: Task, at: Millis): void;
}

const END_PACKETS = 3;
/** RFC 4733 has none; ITU-T Q.24 asks receivers to tell digits 40 to 70 ms apart. */
const PAUSE_MS = 70;

interface DigitUnderWay extends QueuedDigit {
  readonly startedAt: Millis;
  segmentTimestamp: number;
  unitsBefore: number;
  endsSent: number;
  packets: number;
}

export class DigitSender extends Task {
  readonly #outlet: DigitOutlet;
  readonly #queue: QueuedDigit[] = [];
  #current: DigitUnderWay | undefined;

  constructor(outlet: DigitOutlet) {
    super();
    this.#outlet = outlet;
  }

  /** Whether other sound has to be silent. */
  get isSending(): boolean {
    return this.#current !== undefined;
  }

  /** False if too many wait already. */
  queue(digit: QueuedDigit, now: Millis): boolean {
    if (this.#queue.length >= MOST_QUEUED_DIGITS) return false;
    this.#queue.push(digit);
    if (this.#current === undefined && this.place < 0) this.run(now);
    return true;
  }

  run(now: Millis): void {
    if (this.#current === undefined) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#current = {
        ...next,
        startedAt: now,
        segmentTimestamp: this.#outlet.eventStart(now),
        unitsBefore: 0,
        endsSent: 0,
        packets: 0,
      };
    }
    this.#sendPacket(this.#current, now);
    const isOver = this.#current.endsSent === END_PACKETS;
    if (isOver) this.#current = undefined;
    this.#outlet.planDigit(this, now + (isOver ? PAUSE_MS : this.#outlet.ptimeMs));
  }

  #sendPacket(digit: DigitUnderWay, now: Millis): void {
    const { eventClockRate, ptimeMs } = this.#outlet;
    const soFarMs = Math.min(digit.durationMs, now - digit.startedAt + ptimeMs);
    const isEnd = soFarMs >= digit.durationMs;
    let units = Math.round((soFarMs * eventClockRate) / 1000) - digit.unitsBefore;
    if (units > LONGEST_SEGMENT_UNITS) {
      this.#write(digit, LONGEST_SEGMENT_UNITS, false, now);
      digit.segmentTimestamp = (digit.segmentTimestamp + LONGEST_SEGMENT_UNITS) >>> 0;
      digit.unitsBefore += LONGEST_SEGMENT_UNITS;
      units -= LONGEST_SEGMENT_UNITS;
    }
    this.#write(digit, units, isEnd, now);
    if (isEnd) digit.endsSent += 1;
  }

  #write(digit: DigitUnderWay, units: number, isEnd: boolean, now: Millis): void {
    const { bytes, offset } = this.#outlet.allocate();
    const at = offset + RTP_HEADER_BYTES;
    writeTelephoneEvent(bytes, at, digit.event, isEnd, USUAL_VOLUME, units);
    const isFirst = digit.packets === 0;
    digit.packets += 1;
    const { segmentTimestamp } = digit;
    this.#outlet.sendEvent(offset, TELEPHONE_EVENT_BYTES, isFirst, segmentTimestamp, now);
  }
}
