/** Decodes what arrives on one stream and encodes it for another, paced by our own clock. */
import type { CodecLibrary, Decoder, Encoder } from '../../../transcoder/codec.ts';
import { meetingRate } from '../../../transcoder/codec.ts';
import type { Millis } from '../../core/time.ts';
import type { CodecBinding } from '../../media-contract/contract.ts';
import { Playout, type PlayoutCounts } from './playout.ts';

/** How long the first packet waits, while nothing is known of the network's jitter. */
const FIRST_WAIT_MS = 25;
/** What most packets hold; a longer frame of ours is made of several. */
const USUAL_PTIME_MS = 20;
/** A stream that has been silent for this long has paused: we pause too. */
const PAUSE_MS = 1000;

export interface CodecPathOptions {
  readonly codecs: CodecLibrary;
  readonly from: CodecBinding;
  readonly to: CodecBinding;
  /** Packet time to send with. */
  readonly ptimeMs: number;
}

/** Whether `from` can be decoded and encoded as `to` with these codecs. */
export function canTranscode(codecs: CodecLibrary, from: string, to: string): boolean {
  const decoder = codecs.get(from);
  const encoder = codecs.get(to);
  return (
    decoder !== undefined && encoder !== undefined && meetingRate(decoder, encoder) !== undefined
  );
}

/**
 * One direction between two codecs. `receive` takes packets as they come; whenever `deadline()` has
 * passed, `produce` makes the next payload. After `produce` gave a length, `timestamp` and `marker`
 * describe the packet.
 */
export class CodecPath {
  /** Of the last payload, in the outgoing codec's clock, from an origin of 0. */
  timestamp = 0;
  /** Whether the last payload was the first after a pause. */
  marker = false;

  readonly #decoder: Decoder;
  readonly #encoder: Encoder;
  readonly #playout: Playout;
  readonly #ptimeMs: number;
  readonly #clockPerFrame: number;
  readonly #frame: Int16Array;

  #dueAt: Millis | undefined;
  #pausedAt: Millis | undefined;
  #heardAt: Millis = 0;
  #resuming = true;

  constructor({ codecs, from, to, ptimeMs }: CodecPathOptions) {
    const source = codecOf(codecs, from.name);
    const target = codecOf(codecs, to.name);
    const sampleRate = meetingRate(source, target);
    if (sampleRate === undefined) throw new Error(`${from.name} and ${to.name} share no rate`);
    this.#ptimeMs = ptimeMs;
    this.#clockPerFrame = (to.clockRate / 1000) * ptimeMs;
    this.#decoder = source.openDecoder(from, sampleRate);
    this.#encoder = target.openEncoder(to, sampleRate, ptimeMs);
    this.#frame = new Int16Array((ptimeMs * sampleRate) / 1000);
    this.#playout = new Playout({
      decoder: this.#decoder,
      recovers: source.recovers,
      clockRate: from.clockRate,
      frameMs: ptimeMs,
    });
  }

  get counts(): Readonly<PlayoutCounts> {
    return this.#playout.counts;
  }

  /** Takes one packet's payload; it is copied. */
  receive(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    now: Millis,
  ): void {
    if (length === 0) return;
    if (!this.#playout.receive(sequence, timestamp, bytes, offset, length, now)) return;
    this.#heardAt = now;
    if (this.#dueAt === undefined) this.#begin(now);
  }

  /** When `produce` should be called next; undefined while the stream pauses. */
  deadline(): Millis | undefined {
    return this.#dueAt;
  }

  /**
   * Makes the frame that is due; gives the payload's length, or 0 if nothing is to be sent. `now`
   * is the time, which may be somewhat later than the deadline.
   */
  produce(now: Millis, payload: Uint8Array): number {
    if (this.#dueAt === undefined) return 0;
    if (now - this.#heardAt > PAUSE_MS) {
      this.#pause();
      return 0;
    }
    const dueAt = this.#dueAt;
    this.#dueAt = dueAt + this.#ptimeMs;
    this.timestamp = (this.timestamp + this.#clockPerFrame) >>> 0;
    this.#playout.play(this.#frame, dueAt);
    const length = this.#encoder.encode(this.#frame, payload);
    if (length === 0) return 0;
    this.marker = this.#resuming;
    this.#resuming = false;
    return length;
  }

  /** Milliseconds from a packet's arrival, had it been the fastest, until it is played. */
  playoutDelayMs(now: Millis): number {
    return this.#playout.delayMs(now);
  }

  /** That much of what is sent gets lost; codecs that can will add redundancy. */
  expectLoss(percent: number): void {
    this.#encoder.expectLoss?.(percent);
  }

  close(): void {
    this.#decoder.close();
    this.#encoder.close();
  }

  #begin(now: Millis): void {
    if (this.#pausedAt !== undefined) {
      const frames = Math.round((now - this.#pausedAt) / this.#ptimeMs);
      this.timestamp = (this.timestamp + frames * this.#clockPerFrame) >>> 0;
    }
    this.#pausedAt = undefined;
    this.#dueAt = now + FIRST_WAIT_MS + Math.max(0, this.#ptimeMs - USUAL_PTIME_MS);
  }

  #pause(): void {
    this.#playout.pause();
    this.#pausedAt = this.#dueAt;
    this.#dueAt = undefined;
    this.#resuming = true;
  }
}

function codecOf(codecs: CodecLibrary, name: string) {
  const codec = codecs.get(name);
  if (codec === undefined) throw new Error(`no codec named ${name}`);
  return codec;
}
