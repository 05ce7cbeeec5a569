/** Numbers the payloads that are sent and knows each again when it comes back. */
import type { Millis } from '../../core/time.ts';
import type { EchoFacts } from '../../ops/self-test/echo-verdict.ts';

/** Opus, CELT, full band, one frame of 20 ms (RFC 6716 §3.1); the echo never looks further. */
const OPUS_TOC = 0xf8;
const PAYLOAD_BYTES = 40;

export class NumberedPayloads {
  readonly #now: () => Millis;
  readonly #sentAt: number[] = [];
  readonly #roundTripsMs = new Map<number, number>();

  /** `now` is a monotonic clock. */
  constructor(now: () => Millis = () => performance.now()) {
    this.#now = now;
  }

  next(): Buffer {
    const payload = Buffer.alloc(PAYLOAD_BYTES);
    payload[0] = OPUS_TOC;
    payload.writeUInt32BE(this.#sentAt.length, 1);
    this.#sentAt.push(this.#now());
    return payload;
  }

  returned(payload: Buffer): void {
    const index = payload.length < 5 ? -1 : payload.readUInt32BE(1);
    const sentAt = this.#sentAt[index];
    if (sentAt === undefined || this.#roundTripsMs.has(index)) return;
    this.#roundTripsMs.set(index, this.#now() - sentAt);
  }

  facts(): Pick<EchoFacts, 'sent' | 'returned' | 'roundTripsMs'> {
    const roundTripsMs = [...this.#roundTripsMs.values()];
    return { sent: this.#sentAt.length, returned: roundTripsMs.length, roundTripsMs };
  }
}
