/** A phone outside: sends RTP every 20 ms and keeps what it hears. */

import { parseCompound } from '../../../../gateway/wire/rtcp/compound.ts';
import type { RtcpPacket } from '../../../../gateway/wire/rtcp/packet.ts';
import {
  payloadTypeOf,
  sequenceOf,
  ssrcOf,
  timestampOf,
  writeRtpHeader,
} from '../../../../gateway/wire/rtp/header.ts';
import type { SimulatedMedia, SimulatedPeer } from './simulated-media.ts';

const PTIME_MS = 20;
const PAYLOAD_BYTES = 160;
const HEADER_BYTES = 12;

export interface HeardPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  readonly at: number;
}

export interface PhoneOptions {
  /** As the phone itself sees it. */
  readonly host: string;
  readonly port: number;
  readonly ssrc: number;
  /** First octet of every payload: whose sound it is. */
  readonly mark: number;
  readonly payloadType?: number;
  readonly clockRate?: number;
  readonly firstSequence?: number;
}

export class SimulatedPhone implements SimulatedPeer {
  readonly heard: HeardPacket[] = [];
  readonly reports: RtcpPacket[] = [];
  /** `host:port` of the gateway's leg; nothing is sent before it is set. */
  target: string | undefined;
  isTalking = true;
  ssrc: number;
  sequence: number;
  timestamp = 0;
  sent = 0;
  readonly options: PhoneOptions;
  readonly #media: SimulatedMedia;
  #nextAt = 0;

  constructor(media: SimulatedMedia, options: PhoneOptions) {
    this.#media = media;
    this.options = options;
    this.ssrc = options.ssrc;
    this.sequence = options.firstSequence ?? 0;
    media.network.attach(this.address, ({ bytes }, now) => this.#hear(bytes, now));
    media.network.attach(this.rtcpAddress, ({ bytes }) => this.#read(bytes));
    media.add(this);
  }

  get address(): string {
    return `${this.options.host}:${this.options.port}`;
  }

  get rtcpAddress(): string {
    return `${this.options.host}:${this.options.port + 1}`;
  }

  tick(now: number): void {
    if (!this.isTalking || this.target === undefined || now < this.#nextAt) return;
    this.#nextAt = now + PTIME_MS;
    this.send(new Uint8Array(PAYLOAD_BYTES).fill(this.options.mark), now);
  }

  /** One packet; the numbering goes on. */
  send(
    payload: Uint8Array,
    now: number,
    more: { marker?: boolean; payloadType?: number } = {},
  ): void {
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + ((this.options.clockRate ?? 8000) * PTIME_MS) / 1000) >>> 0;
    this.sendAs(payload, this.sequence, this.timestamp, now, more);
  }

  /** One packet with numbers of the caller's choice. */
  sendAs(
    payload: Uint8Array,
    sequence: number,
    timestamp: number,
    now: number,
    more: { marker?: boolean; payloadType?: number } = {},
  ): void {
    const packet = new Uint8Array(HEADER_BYTES + payload.length);
    const payloadType = more.payloadType ?? this.options.payloadType ?? 0;
    writeRtpHeader(packet, 0, more.marker ?? false, payloadType, sequence, timestamp, this.ssrc);
    packet.set(payload, HEADER_BYTES);
    this.sent += 1;
    this.#media.network.send(this.address, this.target!, this.seal(packet), now);
  }

  /** What a keyed phone does before sending, and the opposite after receiving. */
  protected seal(packet: Uint8Array): Uint8Array {
    return packet;
  }

  protected unseal(packet: Uint8Array): Uint8Array | undefined {
    return packet;
  }

  #hear(bytes: Uint8Array, at: number): void {
    const packet = this.unseal(bytes);
    if (packet === undefined) return;
    this.heard.push({
      sequence: sequenceOf(packet, 0),
      timestamp: timestampOf(packet, 0),
      ssrc: ssrcOf(packet, 0),
      payloadType: payloadTypeOf(packet, 0),
      marker: (packet[1]! & 0x80) !== 0,
      payload: packet.subarray(HEADER_BYTES),
      at,
    });
  }

  #read(bytes: Uint8Array): void {
    const parsed = parseCompound(bytes);
    if (parsed.ok) this.reports.push(...parsed.value);
  }
}
