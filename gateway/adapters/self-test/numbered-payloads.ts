/** Numbers the payloads that are sent and knows each again when it comes back. */
import type { Millis } from '../../core/time.ts';

/** Opus, CELT, full band, one frame of 20 ms (RFC 6716 §3.1); the echo never looks further. */
const OPUS_TOC = 0xf8;
const NUMBER_OFFSET = 1;
const NUMBER_END = 5;
const PAYLOAD_BYTES = 40;

export class NumberedPayloads {
  readonly #now: () => Millis;
  readonly #sentAt: Millis[] = [];
  readonly #roundTripsMs = new Map<number, number>();
  #firstReturnAt: Millis | undefined;

  /** `now` is a monotonic clock. */
  constructor(now: () => Millis) {
    this.#now = now;
  }

  get sent(): number {
    return this.#sentAt.length;
  }

  get roundTripsMs(): readonly number[] {
    return [...this.#roundTripsMs.values()];
  }

  /** Absent while nothing has come back. */
  get firstReturnAt(): Millis | undefined {
    return this.#firstReturnAt;
  }

  next(): Buffer {
    const payload = Buffer.alloc(PAYLOAD_BYTES);
    payload[0] = OPUS_TOC;
    payload.writeUInt32BE(this.#sentAt.length, NUMBER_OFFSET);
    this.#sentAt.push(this.#now());
    return payload;
  }

  returned(payload: Buffer): void {
    if (payload.length < NUMBER_END) return;
    const number = payload.readUInt32BE(NUMBER_OFFSET);
    const sentAt = this.#sentAt[number];
    if (sentAt === undefined || this.#roundTripsMs.has(number)) return;
    const now = this.#now();
    this.#firstReturnAt ??= now;
    this.#roundTripsMs.set(number, now - sentAt);
  }
}
