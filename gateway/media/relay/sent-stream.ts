/** What a leg sends under one SSRC: its numbering goes on whatever the source does. */
import { add16, add32, distance16 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';
import {
  sequenceOf,
  setMarker,
  setPayloadType,
  setSequence,
  setSsrc,
  setTimestamp,
  timestampOf,
  writeRtpHeader,
} from '../../wire/rtp/header.ts';
import type { ReceivedStream } from './received-stream.ts';

/** Packets older than a source's first are told apart until its numbering has come this far. */
const GUARDED_SEQUENCES = 0x4000;

/**
 * Long before any start. A small integer, as all that a packet stores should be: it lies in its
 * object, where any other value would lie elsewhere, and cost a fetch from memory.
 */
export const NEVER: Millis = -0x4000_0000;

/**
 * Under one key an SSRC has one strictly rising index (RFC 3711 §3.3.1, §9.1): a new source goes on
 * where the last stopped, and the first sequence number is below 2^15, so that no receiver can take
 * the first wrap for a packet before the start.
 */
export class SentStream {
  #source: ReceivedStream | undefined;
  #generation = 0;
  #isGuarded = false;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #sequence: number;
  #timestamp: number;
  #timestampAt: Millis = 0;
  /** The 32 bits of `ssrc`, signed: a small integer. */
  readonly #signedSsrc: number;
  clockRate = 8000;
  packets = 0;
  /** Payload octets, as sender reports count. */
  octets = 0;
  /** When the last packet left, or NEVER. */
  sentAt: Millis = NEVER;
  readonly ssrc: number;
  #firstSequence = 0;

  constructor(ssrc: number, randomSequence: number, randomTimestamp: number) {
    this.ssrc = ssrc;
    this.#signedSsrc = ssrc | 0;
    this.#sequence = randomSequence & 0x7fff;
    this.#timestamp = randomTimestamp | 0;
  }

  /** The highest sequence number sent. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Renumbers a packet of `source` in place; false if it comes from before what was sent last. */
  relay(bytes: Uint8Array, offset: number, source: ReceivedStream, now: Millis): boolean {
    const sequence = sequenceOf(bytes, offset);
    const timestamp = timestampOf(bytes, offset);
    if (source !== this.#source || source.generation !== this.#generation) {
      this.#follow(source, sequence, timestamp, now);
    }
    if (this.#isGuarded && this.#isBeforeFirst(sequence)) return false;
    const outSequence = add16(sequence, this.#sequenceOffset);
    const outTimestamp = (timestamp + this.#timestampOffset) | 0;
    setSequence(bytes, offset, outSequence);
    setTimestamp(bytes, offset, outTimestamp);
    setSsrc(bytes, offset, this.#signedSsrc);
    if (distance16(this.#sequence, outSequence) > 0) this.#advance(outSequence, outTimestamp, now);
    return true;
  }

  /** Writes the header of a packet made here; the timestamp is the caller's, from `timestampAt`. */
  generate(
    bytes: Uint8Array,
    offset: number,
    marker: boolean,
    payloadType: number,
    timestamp: number,
    now: Millis,
  ): number {
    this.#source = undefined;
    const sequence = add16(this.#sequence, 1);
    this.#advance(sequence, timestamp, now);
    return writeRtpHeader(bytes, offset, marker, payloadType, sequence, timestamp, this.ssrc);
  }

  /** The same for a packet beside the sound, whose timestamp must not move the sound's. */
  generateAside(
    bytes: Uint8Array,
    offset: number,
    marker: boolean,
    payloadType: number,
    timestamp: number,
  ): void {
    this.#source = undefined;
    this.#sequence = add16(this.#sequence, 1);
    setMarker(bytes, offset, marker);
    setPayloadType(bytes, offset, payloadType);
    setSequence(bytes, offset, this.#sequence);
    setTimestamp(bytes, offset, timestamp);
    setSsrc(bytes, offset, this.#signedSsrc);
  }

  /** The timestamp of something that is sampled at `now`. */
  timestampAt(now: Millis): number {
    if (this.sentAt === NEVER) return this.#timestamp >>> 0;
    const units = Math.round(((now - this.#timestampAt) * this.clockRate) / 1000);
    return add32(this.#timestamp, units);
  }

  /** Touches what sending a packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return this.#generation | this.sentAt;
  }

  noteSent(payloadOctets: number, now: Millis): void {
    this.packets += 1;
    this.octets += payloadOctets;
    this.sentAt = now;
  }

  /** The source goes on from here; what it sent before is not ours to number any more. */
  #follow(source: ReceivedStream, sequence: number, timestamp: number, now: Millis): void {
    this.#source = source;
    this.#generation = source.generation;
    this.#firstSequence = sequence;
    this.#isGuarded = true;
    const outTimestamp = this.sentAt === NEVER ? this.#timestamp : this.#nextTimestamp(now);
    this.#sequenceOffset = add16(this.#sequence, 1) - sequence;
    this.#timestampOffset = (outTimestamp - timestamp) | 0;
  }

  /** Later than the last one by the time that passed, and by one unit at least. */
  #nextTimestamp(now: Millis): number {
    const elapsed = Math.round(((now - this.#timestampAt) * this.clockRate) / 1000);
    return add32(this.#timestamp, Math.max(1, elapsed));
  }

  #isBeforeFirst(sequence: number): boolean {
    const ahead = distance16(this.#firstSequence, sequence);
    if (ahead >= GUARDED_SEQUENCES) this.#isGuarded = false;
    return ahead < 0;
  }

  #advance(sequence: number, timestamp: number, now: Millis): void {
    this.#sequence = sequence;
    this.#timestamp = timestamp | 0;
    this.#timestampAt = now;
  }
}
