/**
 * Plays the packets of one stream as steady PCM: how long they wait, what is heard when they are
 * late or lost, and how the wait follows the network without anybody hearing it.
 */
import type { Decoder } from '../../../transcoder/codec.ts';
import { ElasticQueue, SHORTEN_NEEDS_MS } from '../../../transcoder/elastic-queue.ts';
import { distance32 } from '../../core/serial.ts';
import type { Millis } from '../../core/time.ts';
import { DelayEstimator } from './delay-estimator.ts';
import { JitterBuffer, type KeptPacket } from './jitter-buffer.ts';
import { MediaTime } from './media-time.ts';

/** Waiting beyond what lateness asks for: covers the pacer's own timer. */
const MARGIN_MS = 5;
/** What could be gained must be worth touching the sound. */
const WORTH_SHORTENING_MS = 10;
/** A period is taken out or repeated where two neighbours are so much alike; that can wait. */
const ALIKE = 0.8;
/** So long the sound is left alone after it was touched: a tenth faster or slower is not heard. */
const CALM_MS = 100;
/** Packets that wait this much too long were held up and came at once: then it may be heard. */
const HELD_UP_MS = 100;
/** What waits this much too long isn't played any more. */
const TOO_OLD_MS = 300;
/** What was missing for longer than so many frames is a pause, and not made up for. */
const BRIEF_FRAMES = 3;
/** The longest frame of any codec (Opus). */
const FRAME_MAX_MS = 120;
/** A packet this far from when it was due was stamped by another clock: the stream begins anew. */
const ANOTHER_CLOCK_MS = 2000;
/** Loss above this share makes it worth waiting one packet more for forward error correction. */
const LOSS_WORTH_WAITING = 0.01;
/** What each packet leaves of the loss share before it. */
const LOSS_MEMORY = 0.98;

export interface PlayoutOptions {
  readonly decoder: Decoder;
  /** Whether its payloads may carry forward error correction. */
  readonly recovers: boolean;
  /** Of the stream's timestamps. */
  readonly clockRate: number;
  /** Length of the frames that are asked for. */
  readonly frameMs: number;
}

/** Counts since the stream began. */
export interface PlayoutCounts {
  decoded: number;
  recovered: number;
  concealed: number;
  late: number;
  duplicate: number;
  jumps: number;
  /** Pitch periods taken out or repeated to follow the network's delay and the sender's clock. */
  shortened: number;
  lengthened: number;
}

export class Playout {
  readonly counts: PlayoutCounts = {
    decoded: 0,
    recovered: 0,
    concealed: 0,
    late: 0,
    duplicate: 0,
    jumps: 0,
    shortened: 0,
    lengthened: 0,
  };

  readonly #decoder: Decoder;
  readonly #recovers: boolean;
  readonly #perMs: number;
  readonly #frameSamples: number;
  readonly #kept = new JitterBuffer();
  readonly #delay = new DelayEstimator();
  readonly #mediaTime: MediaTime;
  readonly #clockPerMs: number;
  readonly #queue: ElasticQueue;
  readonly #decoded: Int16Array;

  /** Where the packet after the last one decoded should begin. */
  #nextTimestamp: number | undefined;
  /** What was played while nothing was there, and still has to be left out or waited for. */
  #inventedSamples = 0;
  /** Whether the packet before came too late as a whole; two in a row show that all now do. */
  #wasReplaced = false;
  #packetMs: Millis = 0;
  /** The greatest common measure of packets and frames, in samples; 0 before the first packet. */
  #measure = 0;
  #touchedAt: Millis = 0;
  #lossShare = 0;

  constructor({ decoder, recovers, clockRate, frameMs }: PlayoutOptions) {
    this.#decoder = decoder;
    this.#recovers = recovers;
    this.#perMs = decoder.sampleRate / 1000;
    this.#frameSamples = frameMs * this.#perMs;
    this.#clockPerMs = clockRate / 1000;
    this.#mediaTime = new MediaTime(clockRate);
    this.#decoded = new Int16Array(FRAME_MAX_MS * this.#perMs);
    this.#queue = new ElasticQueue(decoder.sampleRate, 2 * (FRAME_MAX_MS + frameMs));
  }

  /** Takes one packet's payload; it is copied. False if it had come before. */
  receive(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    now: Millis,
  ): boolean {
    if (this.#isFromAnotherClock(timestamp, now)) this.#beginAnew();
    let insertion = this.#kept.insert(sequence, timestamp, bytes, offset, length);
    if (insertion === 'jumped') {
      this.#beginAnew();
      insertion = this.#kept.insert(sequence, timestamp, bytes, offset, length);
    }
    if (insertion === 'duplicate') this.counts.duplicate += 1;
    if (insertion === 'duplicate') return false;
    this.#delay.observe(this.#mediaTime.of(timestamp), now);
    if (insertion === 'late') this.counts.late += 1;
    return true;
  }

  /** Fills `frame`, of the length agreed, with what is to be heard from `now` on. */
  play(frame: Int16Array, now: Millis): void {
    const left = this.#queue.available;
    const slack = left < this.#frameSamples ? this.#slack(now, left) : undefined;
    this.#decodeUpTo(this.#frameSamples, now);
    if (slack !== undefined) this.#adapt(slack, left, now);
    this.#decodeUpTo(this.#frameSamples, now);
    this.#queue.read(frame);
  }

  /** From a packet's arrival, had it been the fastest, until it is played. */
  delayMs(now: Millis): Millis {
    const earliest = this.#kept.earliest();
    const queuedMs = this.#queue.available / this.#perMs;
    if (earliest === undefined) return queuedMs;
    return this.#latenessOf(earliest, now) + queuedMs;
  }

  /** The stream pauses: nothing of it is left to play. */
  pause(): void {
    this.#forget();
    this.#queue.clear();
  }

  #isFromAnotherClock(timestamp: number, now: Millis): boolean {
    if (!this.#mediaTime.hasBegun) return false;
    const lateness = this.#delay.latenessOf(this.#mediaTime.of(timestamp), now);
    return Math.abs(lateness) > ANOTHER_CLOCK_MS;
  }

  /** Another source, or a jump in its numbering. */
  #beginAnew(): void {
    this.counts.jumps += 1;
    this.#forget();
    this.#queue.cut();
  }

  #forget(): void {
    this.#kept.reset();
    this.#delay.reset();
    this.#mediaTime.reset();
    this.#nextTimestamp = undefined;
    this.#inventedSamples = 0;
  }

  #latenessOf({ timestamp }: KeptPacket, now: Millis): Millis {
    return this.#delay.latenessOf(this.#mediaTime.of(timestamp), now);
  }

  /** How long playing waits for packets, beyond the fastest one's transit. */
  #target(): Millis {
    const recovers = this.#recovers && this.#lossShare > LOSS_WORTH_WAITING;
    return this.#delay.tolerableLateness() + MARGIN_MS + (recovers ? this.#packetMs : 0);
  }

  /** How long the packet that is due would have waited by `now`, had it been the fastest. */
  #waited(earliest: KeptPacket, now: Millis): Millis {
    return this.#latenessOf(earliest, now) + this.#kept.missing() * this.#packetMs;
  }

  /**
   * The same of the packet that has the least time: the last that a frame needs. Packets and frames
   * of different lengths meet in all ways that their common measure leaves, and this is the worst.
   * `left` samples are still queued. Undefined while the stream is not flowing.
   */
  #slack(now: Millis, left: number): Millis | undefined {
    const earliest = this.#kept.earliest();
    if (earliest === undefined || this.#inventedSamples > 0 || this.#measure === 0)
      return undefined;
    const worst = this.#frameSamples - this.#measure + (left % this.#measure);
    return this.#waited(earliest, now) + (left - worst) / this.#perMs;
  }

  /**
   * Lengthens what is queued when a packet would have less time to come than it should, shortens it
   * as far as all of them will still have their time: it goes in whole measures, and what is queued
   * beyond a whole one is of no use to any packet.
   */
  #adapt(slack: Millis, left: number, now: Millis): void {
    const target = this.#target();
    const isCalm = now - this.#touchedAt >= CALM_MS;
    if (slack < target) {
      if (slack < 0) this.#lengthen(-1, now);
      else if (isCalm) this.#lengthen(ALIKE, now);
      return;
    }
    const spare = (slack - target - MARGIN_MS) * this.#perMs;
    const whole = Math.max(0, Math.floor(spare / this.#measure)) * this.#measure;
    const most = whole + (left % this.#measure);
    if (most < WORTH_SHORTENING_MS * this.#perMs) return;
    if (spare >= HELD_UP_MS * this.#perMs) this.#shorten(most, -1, now);
    else if (isCalm) this.#shorten(most, ALIKE, now);
  }

  #lengthen(likeness: number, now: Millis): void {
    if (this.#queue.lengthen(likeness) === 0) return;
    this.counts.lengthened += 1;
    this.#touchedAt = now;
  }

  #shorten(most: number, likeness: number, now: Millis): void {
    this.#decodeWhatIsThere(this.#frameSamples + SHORTEN_NEEDS_MS * this.#perMs, now);
    if (this.#queue.shorten(most, likeness) === 0) return;
    this.counts.shortened += 1;
    this.#touchedAt = now;
  }

  #decodeWhatIsThere(samples: number, now: Millis): void {
    while (this.#queue.available < samples) {
      const earliest = this.#kept.earliest();
      if (earliest === undefined || this.#kept.missing() > 0) return;
      this.#decode(earliest, now);
    }
  }

  #decodeUpTo(samples: number, now: Millis): void {
    while (this.#queue.available < samples) {
      const earliest = this.#kept.earliest();
      if (earliest === undefined || this.#isTooEarly(earliest, now)) this.#invent(samples);
      else if (this.#kept.missing() > 0) this.#bridgeGap(earliest, now);
      else this.#decode(earliest, now);
    }
  }

  /** After a pause in the stream, playing starts over with the wait that is right. */
  #isTooEarly(earliest: KeptPacket, now: Millis): boolean {
    if (this.#inventedSamples < 2 * this.#frameSamples) return false;
    return this.#waited(earliest, now) < this.#target() - MARGIN_MS;
  }

  /** Nothing to play yet: something is heard, without moving on in the stream. */
  #invent(upTo: number): void {
    const samples = upTo - this.#queue.available;
    this.counts.concealed += 1;
    this.#queue.extend(samples);
    this.#inventedSamples += samples;
  }

  /** The packet that is due is lost, for a later one is there. */
  #bridgeGap(next: KeptPacket, now: Millis): void {
    const missing = this.#kept.missing();
    const samples = Math.min(
      this.#decoder.durationOf(next.payload) || this.#frameSamples,
      this.#decoded.length,
    );
    this.#noteLoss(1);
    const skip = this.#skipFor(next, now);
    this.#kept.skip();
    if (skip >= samples) {
      this.#inventedSamples -= samples;
      return;
    }
    this.#inventedSamples = 0;
    const mayRecover = missing === 1 && this.#recovers;
    if (mayRecover && this.#decoder.recover(next.payload, this.#decoded, samples)) {
      this.counts.recovered += 1;
      this.#queue.write(this.#decoded, samples, skip);
      return;
    }
    this.#conceal(samples, skip);
  }

  #decode(packet: KeptPacket, now: Millis): void {
    const isTooOld = this.#waited(packet, now) > this.#target() + TOO_OLD_MS && this.#kept.size > 1;
    this.#passPauseBefore(packet);
    const skip = this.#skipFor(packet, now);
    const { timestamp, payload } = this.#kept.take() as KeptPacket;
    this.#noteLoss(0);
    const samples = this.#decoder.decode(payload, this.#decoded);
    if (samples === 0) {
      this.#conceal(this.#frameSamples, 0);
      return;
    }
    this.counts.decoded += 1;
    this.#notePacketTime(samples);
    this.#nextTimestamp = timestamp + this.#packetMs * this.#clockPerMs;
    if (isTooOld) {
      this.#queue.cut();
    } else if (skip >= samples) {
      this.#inventedSamples -= samples;
      this.#wasReplaced = true;
    } else {
      this.#inventedSamples = 0;
      this.#wasReplaced = false;
      this.#queue.write(this.#decoded, samples, skip);
    }
  }

  /**
   * What was invented stands for the real sound that comes too late for its place, and that much is
   * left out: then the wait stays what it was. Where it should be longer, less is left out, or even
   * more invented, in whole measures (see `#slack`).
   */
  #skipFor(packet: KeptPacket, now: Millis): number {
    const invented = this.#inventedSamples;
    if (invented === 0 || invented > BRIEF_FRAMES * this.#frameSamples) return 0;
    const measure = this.#measure || this.#frameSamples;
    const beyond = (this.#frameSamples * (BRIEF_FRAMES + 1) - invented) % measure;
    const worst = this.#frameSamples - measure + beyond;
    const slack = this.#waited(packet, now) - (invented + worst) / this.#perMs;
    const target = this.#target();
    if (slack >= target - MARGIN_MS && !this.#wasReplaced) return invented;
    const measures = Math.max(1, Math.ceil(((target - slack) * this.#perMs) / measure));
    return Math.max(-measure, invented - measures * measure);
  }

  /** What the sender left out as silence was no lack. */
  #passPauseBefore({ timestamp }: KeptPacket): void {
    if (this.#inventedSamples === 0 || this.#nextTimestamp === undefined) return;
    const units = distance32(this.#nextTimestamp >>> 0, timestamp);
    const silent = Math.max(0, (units / this.#clockPerMs) * this.#perMs);
    this.#inventedSamples = Math.max(0, this.#inventedSamples - silent);
  }

  #conceal(samples: number, skip: number): void {
    this.counts.concealed += 1;
    if (this.#decoder.conceal === undefined) {
      this.#queue.extend(samples - skip);
      return;
    }
    this.#decoder.conceal(this.#decoded, samples);
    this.#queue.write(this.#decoded, samples, skip);
  }

  #notePacketTime(samples: number): void {
    const packetMs = samples / this.#perMs;
    if (packetMs === this.#packetMs) return;
    this.#packetMs = packetMs;
    this.#measure = greatestCommonMeasure(samples, this.#frameSamples);
  }

  #noteLoss(lost: 0 | 1): void {
    this.#lossShare = this.#lossShare * LOSS_MEMORY + lost * (1 - LOSS_MEMORY);
  }
}

function greatestCommonMeasure(a: number, b: number): number {
  return b === 0 ? a : greatestCommonMeasure(b, a % b);
}
