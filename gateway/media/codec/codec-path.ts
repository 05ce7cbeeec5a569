/**
 * Decodes what arrives on one stream and encodes it for another, paced by our own clock: jitter
 * buffer, loss recovery and concealment, clock drift, re-framing.
 */

import type { CodecLibrary, Decoder, Encoder } from '../../../transcoder/codec.ts';
import { meetingRate } from '../../../transcoder/codec.ts';
import { VariableRateQueue } from '../../../transcoder/variable-rate.ts';
import { distance32 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';
import type { CodecBinding } from '../../media-contract/contract.ts';
import { DelayEstimator } from './delay-estimator.ts';
import { JitterBuffer, type KeptPacket } from './jitter-buffer.ts';

/** Waiting beyond what lateness asks for: covers the pacer's own timer. */
const MARGIN_MS = 5;
/** How long the first packet waits, while nothing is known of the network's jitter. */
const FIRST_WAIT_MS = 25;
/**
 * A stream that runs dry plays this much slower. The wait for a packet grows in whole packets only:
 * this wins one in 13 s, before clocks that differ by 300 ppm have used up the margin.
 */
const SLOWING = 0.0015;
/** A stream that waits longer than it needs plays this much faster: nobody hears it. */
const HASTENING = 0.0004;
/** What waits this much too long was held up and came in a burst, at a call's start above all. */
const HELD_UP_MS = 40;
/** What was missing for longer than so many frames is a pause, and not made up for. */
const BRIEF_FRAMES = 3;
/** A packet this far from when it was due was stamped by another clock: the stream begins anew. */
const ANOTHER_CLOCK_MS = 2000;
/** A stream that has been silent for this long has paused: we pause too. */
const PAUSE_MS = 1000;
/** The longest frame of any codec (Opus), for the scratch buffers. */
const FRAME_MAX_MS = 120;
/** Loss above this share makes it worth waiting one packet more for forward error correction. */
const LOSS_WORTH_WAITING = 0.01;
/** What each packet leaves of the loss share before it. */
const LOSS_MEMORY = 0.98;

export interface CodecPathOptions {
  readonly codecs: CodecLibrary;
  readonly from: CodecBinding;
  readonly to: CodecBinding;
  /** Packet time to send with. */
  readonly ptimeMs: number;
}

/** Counts since the path was opened. */
export interface CodecPathCounts {
  decoded: number;
  recovered: number;
  concealed: number;
  late: number;
  duplicate: number;
  jumps: number;
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
  readonly counts: CodecPathCounts = {
    decoded: 0,
    recovered: 0,
    concealed: 0,
    late: 0,
    duplicate: 0,
    jumps: 0,
  };
  /** Of the last payload, in the outgoing codec's clock, from an origin of 0. */
  timestamp = 0;
  /** Whether the last payload was the first after a pause. */
  marker = false;

  readonly #decoder: Decoder;
  readonly #encoder: Encoder;
  readonly #recovers: boolean;
  readonly #ptimeMs: number;
  readonly #fromClockPerMs: number;
  readonly #toClockPerFrame: number;
  readonly #perMs: number;
  readonly #kept = new JitterBuffer();
  readonly #delay = new DelayEstimator();
  readonly #queue: VariableRateQueue;
  readonly #decoded: Int16Array;
  readonly #frame: Int16Array;

  /** Unwraps timestamps into media time: that of the stream's first packet is 0. */
  #originTimestamp: number | undefined;
  #originMs: Millis = 0;
  /** Where the packet after the last one played should begin. */
  #nextTimestamp: number | undefined;
  #dueAt: Millis | undefined;
  #pausedAt: Millis | undefined;
  #heardAt: Millis = 0;
  #starvedSamples = 0;
  #packetMs: Millis = 0;
  #lossShare = 0;
  #resuming = true;

  constructor(options: CodecPathOptions) {
    const from = codecOf(options.codecs, options.from.name);
    const to = codecOf(options.codecs, options.to.name);
    const sampleRate = meetingRate(from, to);
    if (sampleRate === undefined) throw new Error(`${from.name} and ${to.name} share no rate`);
    this.#ptimeMs = options.ptimeMs;
    this.#perMs = sampleRate / 1000;
    this.#fromClockPerMs = options.from.clockRate / 1000;
    this.#toClockPerFrame = (options.to.clockRate / 1000) * options.ptimeMs;
    this.#recovers = from.recovers;
    this.#decoder = from.openDecoder(options.from, sampleRate);
    this.#encoder = to.openEncoder(options.to, sampleRate, options.ptimeMs);
    this.#decoded = new Int16Array(FRAME_MAX_MS * this.#perMs);
    this.#frame = new Int16Array(options.ptimeMs * this.#perMs);
    this.#queue = new VariableRateQueue((FRAME_MAX_MS + options.ptimeMs) * 2 * this.#perMs);
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
    if (this.#isFromAnotherClock(timestamp, now)) this.#restart();
    let insertion = this.#kept.insert(sequence, timestamp, bytes, offset, length);
    if (insertion === 'jumped') {
      this.#restart();
      insertion = this.#kept.insert(sequence, timestamp, bytes, offset, length);
    }
    if (insertion === 'duplicate') this.counts.duplicate += 1;
    if (insertion === 'duplicate') return;
    this.#heardAt = now;
    this.#delay.observe(this.#mediaTime(timestamp), now);
    if (insertion === 'late') this.counts.late += 1;
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
    this.timestamp = (this.timestamp + this.#toClockPerFrame) >>> 0;
    const rate = this.#rate(dueAt);
    while (!this.#queue.canRead(this.#frame.length, rate)) this.#decodeNext(dueAt);
    this.#queue.read(this.#frame, this.#frame.length, rate);
    const length = this.#encoder.encode(this.#frame, payload);
    if (length === 0) return 0;
    this.marker = this.#resuming;
    this.#resuming = false;
    return length;
  }

  /**
   * Milliseconds from a packet's arrival, had it been the fastest, to the frame it is played in.
   */
  playoutDelayMs(now: Millis): number {
    const earliest = this.#kept.earliest();
    const queuedMs = this.#queue.available / this.#perMs;
    if (earliest === undefined) return queuedMs;
    return this.#delay.latenessOf(this.#mediaTime(earliest.timestamp), now) + queuedMs;
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
      this.timestamp = (this.timestamp + frames * this.#toClockPerFrame) >>> 0;
    }
    this.#pausedAt = undefined;
    this.#dueAt = now + FIRST_WAIT_MS;
  }

  #isFromAnotherClock(timestamp: number, now: Millis): boolean {
    if (this.#originTimestamp === undefined) return false;
    const lateness = this.#delay.latenessOf(this.#mediaTime(timestamp), now);
    return Math.abs(lateness) > ANOTHER_CLOCK_MS;
  }

  /** How long playing waits for packets, beyond the fastest one's transit. */
  #targetMs(): Millis {
    const forRecovery = this.#recovers && this.#lossShare > LOSS_WORTH_WAITING ? this.#ptimeMs : 0;
    return this.#delay.tolerableLateness() + MARGIN_MS + forRecovery;
  }

  /**
   * Plays a little faster or slower when the wait has drifted out of the range that costs nothing.
   * Frames that straddle two packets need up to a packet more, hence the width of the range.
   */
  #rate(now: Millis): number {
    const earliest = this.#kept.earliest();
    if (earliest === undefined || this.#starvedSamples > 0) return 1;
    const waited = this.#waited(earliest, now);
    const target = this.#targetMs();
    if (waited < target) return 1 - SLOWING;
    const excess = waited - (target + this.#ptimeMs + MARGIN_MS);
    return excess > 0 ? 1 + HASTENING : 1;
  }

  /** Puts at least one more sample into the queue. */
  #decodeNext(now: Millis): void {
    const earliest = this.#kept.earliest();
    if (earliest === undefined || this.#isTooEarly(earliest, now)) this.#starve();
    else if (this.#kept.missing() > 0) this.#bridgeGap(earliest, now);
    else this.#decode(earliest, now);
  }

  /** After a pause in the stream, playing starts over with the wait that is right. */
  #isTooEarly(earliest: KeptPacket, now: Millis): boolean {
    if (this.#starvedSamples < 2 * this.#frame.length) return false;
    return this.#shouldWaitMore(earliest, now);
  }

  /** Whether playing on at `now` would leave less time for late packets than it should. */
  #shouldWaitMore(earliest: KeptPacket, now: Millis): boolean {
    return this.#waited(earliest, now) < this.#targetMs() - MARGIN_MS;
  }

  /** How long the packet that is due would have waited by `now`, had it been the fastest. */
  #waited(earliest: KeptPacket, now: Millis): Millis {
    const lateness = this.#delay.latenessOf(this.#mediaTime(earliest.timestamp), now);
    return lateness + this.#kept.missing() * this.#packetMs;
  }

  /** Nothing to play yet: invent a frame, without moving on in the stream. */
  #starve(): void {
    this.#conceal(this.#frame.length);
    this.#starvedSamples += this.#frame.length;
  }

  /**
   * What was invented while nothing was there stands for a packet that turns out lost, unless the
   * wait should grow anyway: then the packet's own place is filled too.
   */
  #bridgeGap(next: KeptPacket, now: Millis): void {
    const missing = this.#kept.missing();
    const samples = this.#decoder.durationOf(next.payload) || this.#frame.length;
    this.#noteLoss(1);
    this.#kept.skip();
    if (this.#starvedSamples >= samples && !this.#shouldWaitMore(next, now)) {
      this.#starvedSamples -= samples;
      return;
    }
    this.#starvedSamples = 0;
    if (missing === 1 && this.#recovers && samples <= this.#decoded.length) {
      if (this.#decoder.recover(next.payload, this.#decoded, samples)) {
        this.counts.recovered += 1;
        this.#queue.write(this.#decoded, samples);
        return;
      }
    }
    this.#conceal(Math.min(samples, this.#decoded.length));
  }

  /**
   * A packet that came too late for its place keeps the decoder in step, but what was invented for
   * it stands, unless the wait should grow: then it is played, and all that follows is later.
   */
  #decode(packet: KeptPacket, now: Millis): void {
    const waited = this.#waited(packet, now);
    const inTimeAt = now - this.#starvedSamples / this.#perMs;
    const shouldWaitMore = this.#shouldWaitMore(packet, inTimeAt);
    const taken = this.#kept.take() as KeptPacket;
    this.#noteLoss(0);
    const samples = this.#decoder.decode(taken.payload, this.#decoded);
    if (samples === 0) {
      this.#conceal(this.#frame.length);
      return;
    }
    this.counts.decoded += 1;
    this.#packetMs = samples / this.#perMs;
    const invented = this.#starvedSamples - this.#pauseBefore(taken);
    this.#nextTimestamp = taken.timestamp + this.#packetMs * this.#fromClockPerMs;
    const wasBrief = invented <= BRIEF_FRAMES * this.#frame.length;
    if (invented >= samples && wasBrief && !shouldWaitMore) {
      this.#starvedSamples = invented - samples;
      return;
    }
    this.#starvedSamples = 0;
    const needed = this.#targetMs() + this.#ptimeMs + MARGIN_MS;
    if (waited < needed + HELD_UP_MS || this.#kept.size === 0) {
      this.#queue.write(this.#decoded, samples);
    }
  }

  /** Samples of silence that the sender left out before `packet`. */
  #pauseBefore(packet: KeptPacket): number {
    if (this.#nextTimestamp === undefined) return 0;
    const units = distance32(this.#nextTimestamp, packet.timestamp);
    return Math.max(0, (units / this.#fromClockPerMs) * this.#perMs);
  }

  #conceal(samples: number): void {
    this.counts.concealed += 1;
    this.#decoder.conceal(this.#decoded, samples);
    this.#queue.write(this.#decoded, samples);
  }

  #noteLoss(lost: 0 | 1): void {
    this.#lossShare = this.#lossShare * LOSS_MEMORY + lost * (1 - LOSS_MEMORY);
  }

  #mediaTime(timestamp: number): Millis {
    if (this.#originTimestamp === undefined) {
      this.#originTimestamp = timestamp;
      this.#originMs = 0;
    }
    const units = distance32(this.#originTimestamp, timestamp);
    const mediaTime = this.#originMs + units / this.#fromClockPerMs;
    // The origin follows, so that distances stay far from the wrap.
    if (units > 0x2000_0000) {
      this.#originTimestamp = timestamp;
      this.#originMs = mediaTime;
    }
    return mediaTime;
  }

  /** The stream begins anew: another source, or a jump in its numbering. */
  #restart(): void {
    this.counts.jumps += 1;
    this.#kept.reset();
    this.#delay.reset();
    this.#originTimestamp = undefined;
    this.#nextTimestamp = undefined;
    this.#starvedSamples = 0;
  }

  #pause(): void {
    this.#restart();
    this.counts.jumps -= 1;
    this.#queue.clear();
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
