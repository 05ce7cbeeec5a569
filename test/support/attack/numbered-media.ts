/** Media whose every packet is known again: who sent it, and which it was, stand in the payload. */
import { randomBytes } from 'node:crypto';
import { RtpHeader, RtpPacket, SrtpSession } from 'werift';
import type { Place, UdpEnd } from './udp-end.ts';

/** Master keys and salts of both directions, AES_CM_128_HMAC_SHA1_80. */
export type SessionKeys = ConstructorParameters<typeof SrtpSession>[0]['keys'];

const PACKET_MS = 20;
const PAYLOAD_BYTES = 160;
const TAG_BYTES = 4;
/** What the gateway itself sends while it has nothing to relay. */
const SILENCE_TAG = -1;
const PCMU = 0;
const AES_CM_128_HMAC_SHA1_80 = 1;
const SHORTEST_RTP_BYTES = 12 + PAYLOAD_BYTES;
/** Payload types that are packet types of RTCP under mux (RFC 5761 §4). */
const RTCP_TYPES = { first: 64, last: 95 };

let tags = 0;

export interface Frame {
  readonly payloadType: number;
  readonly octets: Buffer;
  /** How far it moves the RTP timestamp on. */
  readonly samples: number;
}

/** Sends and hears G.711 µ-law over one socket, in clear or as SRTP with the keys given. */
export class NumberedMedia {
  /** Names this sender in every payload. */
  readonly tag: number;
  sent = 0;
  /** Sent instead of numbered µ-law, if given: the frame of the packet that is made next. */
  nextFrame: (() => Frame) | undefined;
  /** Hears every packet of RTP that could be read. */
  onPacket: (packet: Buffer) => void = () => {};
  /** Where packets go; nothing is sent without it. */
  remote: Place | undefined;
  /** Datagrams that look like RTP or SRTP, whether they could be read or not. */
  arrived = 0;
  /** Those that could not be read. */
  unreadable = 0;
  readonly #end: UdpEnd;
  readonly #heard = new Map<number, Set<number>>();
  readonly #repeats = new Map<number, number>();
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE() >> 1;
  #srtp: SrtpSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The octets of the last packets sent, as they went over the wire. */
  readonly lastSent: Buffer[] = [];

  constructor(end: UdpEnd) {
    tags += 1;
    this.tag = (process.pid << 16) | tags;
    this.#end = end;
  }

  get hasKeys(): boolean {
    return this.#srtp !== undefined;
  }

  useKeys(keys: SessionKeys): void {
    this.#srtp = new SrtpSession({ keys, profile: AES_CM_128_HMAC_SHA1_80 });
  }

  /** Fifty packets a second until `stop`. */
  start(): void {
    this.#timer ??= setInterval(() => this.sendOne(), PACKET_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  sendOne(): void {
    if (this.remote === undefined) return;
    const packet = this.nextPacket();
    this.lastSent.push(packet);
    if (this.lastSent.length > 100) this.lastSent.shift();
    this.send(packet);
  }

  /** Sends a packet that was made before. */
  send(packet: Buffer): void {
    if (this.remote !== undefined) this.#end.send(packet, this.remote);
  }

  /** The next packet, as it goes over the wire; sending it is the caller's. */
  nextPacket(): Buffer {
    const frame = this.nextFrame?.();
    const payload = frame?.octets ?? this.#numberedPayload();
    const header = new RtpHeader({
      version: 2,
      payloadType: frame?.payloadType ?? PCMU,
      sequenceNumber: this.#sequence,
      timestamp: (this.sent * (frame?.samples ?? PAYLOAD_BYTES)) >>> 0,
      ssrc: this.#ssrc,
    });
    this.sent += 1;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (this.#srtp !== undefined) return this.#srtp.encrypt(payload, header);
    return new RtpPacket(header, payload).serialize();
  }

  /** Takes a datagram that may be media; false if it is something else. */
  take(datagram: Buffer): boolean {
    const first = datagram[0] ?? 0;
    const type = (datagram[1] ?? 0) & 0x7f;
    if (first >> 6 !== 2) return false;
    if (type >= RTCP_TYPES.first && type <= RTCP_TYPES.last) return true;
    this.arrived += 1;
    const packet = this.#open(datagram);
    if (packet !== undefined) this.onPacket(packet);
    if (packet === undefined || packet.length < SHORTEST_RTP_BYTES) {
      this.unreadable += 1;
      return true;
    }
    this.#note(packet.readInt32BE(12), packet.readUInt32BE(12 + TAG_BYTES));
    return true;
  }

  /** How many different packets of a sender came. */
  heardFrom(sender: NumberedMedia): number {
    return this.#heard.get(sender.tag)?.size ?? 0;
  }

  /** How many packets of a sender never came, though a later one did. */
  missedFrom(sender: NumberedMedia): number {
    const numbers = this.#heard.get(sender.tag) ?? new Set<number>();
    const highest = [...numbers].reduce((most, number) => Math.max(most, number), -1);
    return highest + 1 - numbers.size;
  }

  /** How many packets of a sender came more than once. */
  repeatsFrom(sender: NumberedMedia): number {
    return this.#repeats.get(sender.tag) ?? 0;
  }

  /** How many packets came that none of these senders made; silence is nobody's. */
  heardFromOthersThan(...senders: readonly NumberedMedia[]): number {
    const known = new Set([SILENCE_TAG, ...senders.map(({ tag }) => tag)]);
    const others = [...this.#heard].filter(([tag]) => !known.has(tag));
    return others.reduce((sum, [tag, { size }]) => sum + size + (this.#repeats.get(tag) ?? 0), 0);
  }

  #numberedPayload(): Buffer {
    const payload = Buffer.alloc(PAYLOAD_BYTES, 0xff);
    payload.writeInt32BE(this.tag, 0);
    payload.writeUInt32BE(this.sent, TAG_BYTES);
    return payload;
  }

  #note(tag: number, number: number): void {
    const numbers = this.#heard.get(tag) ?? new Set();
    if (numbers.has(number)) this.#repeats.set(tag, (this.#repeats.get(tag) ?? 0) + 1);
    this.#heard.set(tag, numbers.add(number));
  }

  #open(datagram: Buffer): Buffer | undefined {
    if (this.#srtp === undefined) return datagram;
    try {
      return this.#srtp.decrypt(datagram);
    } catch {
      return undefined;
    }
  }
}
