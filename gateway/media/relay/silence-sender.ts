/** Speaks first where nobody else does, so that two latching boxes never wait for each other. */
import type { Millis } from '../../core/time.ts';
import type { CodecBinding } from '../../media-contract/contract.ts';
import { RTP_HEADER_BYTES } from '../../wire/rtp/header.ts';
import { Task } from '../agenda.ts';
import type { MediaEnvironment } from '../environment.ts';
import type { LegMedia } from './leg-media.ts';
import { firstMediaCodec } from './payload-routes.ts';

/** Often enough to open a NAT and a latch soon, seldom enough to cost nothing. */
const INTERVAL_MS = 200;
/** A peer that has said nothing for so long waits for something else. */
const LONGEST_MS = 30_000;

const OPUS_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);

export class SilenceSender extends Task {
  readonly #environment: MediaEnvironment;
  readonly #media: LegMedia;
  #endsAt: Millis = 0;
  /** Of ours among the packets sent; more than these is somebody else's sound. */
  #sent = 0;

  constructor(environment: MediaEnvironment, media: LegMedia) {
    super();
    this.#environment = environment;
    this.#media = media;
  }

  start(now: Millis): void {
    if (this.place >= 0 || this.#isNeedless()) return;
    this.#endsAt = now + LONGEST_MS;
    this.#environment.agenda.plan(this, now + INTERVAL_MS);
  }

  stop(): void {
    this.#environment.agenda.cancel(this);
  }

  run(now: Millis): void {
    this.#environment.loop.contain(this.#media.unit, now, () => {
      if (this.#isNeedless() || now >= this.#endsAt) return;
      if (this.#media.maySend) this.#send(now);
      this.#environment.agenda.plan(this, now + INTERVAL_MS);
    });
  }

  #isNeedless(): boolean {
    return this.#media.hasReceived || this.#media.sent.packets > this.#sent;
  }

  #send(now: Millis): void {
    const { sent, plan } = this.#media;
    const codec = firstMediaCodec(plan.send);
    const payload = codec === undefined ? undefined : silenceOf(codec, plan.ptimeMs);
    if (codec === undefined || payload === undefined) return;
    const { packetIo } = this.#environment;
    const offset = packetIo.allocateTransmit();
    packetIo.arena.set(payload, offset + RTP_HEADER_BYTES);
    const timestamp = sent.timestampAt(now);
    sent.generate(packetIo.arena, offset, false, codec.payloadType, timestamp, now);
    const before = sent.packets;
    this.#media.send(offset, RTP_HEADER_BYTES + payload.length, now);
    this.#sent += sent.packets - before;
  }
}

/** A frame that is heard as nothing (ITU-T G.711, RFC 6716 §3.1); undefined for other codecs. */
function silenceOf({ name }: CodecBinding, ptimeMs: number): Uint8Array | undefined {
  if (name === 'pcmu') return new Uint8Array(ptimeMs * 8).fill(0xff);
  if (name === 'pcma') return new Uint8Array(ptimeMs * 8).fill(0xd5);
  return name === 'opus' ? OPUS_SILENCE : undefined;
}
