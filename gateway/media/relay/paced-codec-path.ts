/** A codec path run by the agenda: each packet made when it is due, under the leg's SSRC. */
import type { Millis } from '../../core/time.ts';
import type { CodecBinding } from '../../media-contract/contract.ts';
import { RTP_HEADER_BYTES } from '../../wire/rtp/header.ts';
import { Task } from '../agenda.ts';
import { CodecPath } from '../codec/codec-path.ts';
import type { MediaEnvironment } from '../environment.ts';
import type { LegMedia } from './leg-media.ts';

const LARGEST_PAYLOAD_BYTES = 1400;

export class PacedCodecPath extends Task {
  readonly #environment: MediaEnvironment;
  readonly #to: LegMedia;
  readonly #binding: CodecBinding;
  readonly #path: CodecPath;
  /** From the path's timestamps, which begin at 0, to those of the leg's SSRC. */
  #timestampOffset: number | undefined;
  #expectedLossPercent = 0;

  constructor(
    environment: MediaEnvironment,
    to: LegMedia,
    from: CodecBinding,
    binding: CodecBinding,
  ) {
    super();
    this.#environment = environment;
    this.#to = to;
    this.#binding = binding;
    const { codecs } = environment;
    this.#path = new CodecPath({ codecs, from, to: binding, ptimeMs: to.plan.ptimeMs });
  }

  receive(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    now: Millis,
  ): void {
    this.#path.receive(sequence, timestamp, bytes, offset, length, now);
    if (this.place < 0) this.#planNext();
  }

  run(now: Millis): void {
    this.#environment.loop.contain(this.#to.unit, now, () => {
      this.#produce(now);
      this.#planNext();
    });
  }

  close(): void {
    this.#environment.agenda.cancel(this);
    this.#path.close();
  }

  #produce(now: Millis): void {
    this.#followLoss();
    const { packetIo } = this.#environment;
    const offset = packetIo.allocateTransmit();
    const at = offset + RTP_HEADER_BYTES;
    const length = this.#path.produce(now, packetIo.arena.subarray(at, at + LARGEST_PAYLOAD_BYTES));
    if (length === 0 || !this.#to.maySend || this.#to.isMuted(now)) return;
    const { sent } = this.#to;
    sent.clockRate = this.#binding.clockRate;
    this.#to.sentCodec = this.#binding.name;
    this.#timestampOffset ??= sent.timestampAt(now) - this.#path.timestamp;
    const timestamp = (this.#path.timestamp + this.#timestampOffset) >>> 0;
    const { payloadType } = this.#binding;
    sent.generate(packetIo.arena, offset, this.#path.marker, payloadType, timestamp, now);
    this.#to.send(offset, RTP_HEADER_BYTES + length, now);
  }

  /** What the peer reports lost decides how much redundancy the encoder adds. */
  #followLoss(): void {
    const { reportedLossPercent } = this.#to;
    if (reportedLossPercent === this.#expectedLossPercent) return;
    this.#expectedLossPercent = reportedLossPercent;
    this.#path.expectLoss(reportedLossPercent);
  }

  #planNext(): void {
    const dueAt = this.#path.deadline();
    if (dueAt !== undefined) this.#environment.agenda.plan(this, dueAt);
  }
}
