/** One m-line of a leg: what it receives, what it sends, and the bridges between. */
import { randomUint32 } from '../../core/random.ts';
import type { Millis } from '../../core/time.ts';
import type { MediaEvent, MediaPlan } from '../../media-contract/contract.ts';
import {
  headerLength,
  payloadLength,
  payloadTypeOf,
  RTP_HEADER_BYTES,
  sequenceOf,
  timestampOf,
} from '../../wire/rtp/header.ts';
import { eventOfDigit, isTelephoneEvent } from '../../wire/rtp/telephone-event.ts';
import type { Task } from '../agenda.ts';
import type { Datagram } from '../datagram.ts';
import type { MediaEnvironment } from '../environment.ts';
import { MOST_RECEIVED_STREAMS } from '../limits.ts';
import type { ContainmentUnit } from '../packet-loop.ts';
import type { Refusals } from '../refusals.ts';
import { type DigitOutlet, DigitSender } from '../telephone-event/digit-sender.ts';
import { type DetectedDigit, EventDetector } from '../telephone-event/event-detector.ts';
import type { Forwarder } from './forwarder.ts';
import { eventBinding, firstMediaCodec } from './payload-routes.ts';
import { ReceivedStream, type StreamHome } from './received-stream.ts';
import { NEVER, SentStream } from './sent-stream.ts';

/** The leg beneath an m-line. */
export interface MediaCarrier extends ContainmentUnit {
  readonly id: string;
  /** Whether its transport could send right now. */
  readonly isConnected: boolean;
  sendRtp(offset: number, length: number): boolean;
  /** Touches what sending a packet will need (`DatagramSink` tells why). */
  fetchToSend(): number;
  emit(event: MediaEvent): void;
}

/** Something that can be asked for a whole picture. */
export interface KeyframeSource {
  askForKeyframe(now: Millis): void;
}

const NO_PAYLOAD_TYPE = -1;

/** Media that paused for so long has stopped arriving. */
const STOPPED_MS = 1_000;

interface ReceiveBinding {
  readonly name: string;
  readonly clockRate: number;
  readonly isEvent: boolean;
}

export class LegMedia implements DigitOutlet, StreamHome {
  // What every packet needs comes first, and so lies together in memory.
  readonly unit: MediaCarrier;
  readonly sent: SentStream;
  #maySend = false;
  /** Made for the first digit: most calls have none. */
  #digits: DigitSender | undefined;
  sentCodec = '';
  /** What the last packet had, so that one like it needs no look into the table. */
  #lastPayloadType = NO_PAYLOAD_TYPE;
  #lastBinding: ReceiveBinding | undefined;
  #mayReceive = false;
  #lastBridge: Forwarder | undefined;
  #hasCopies = false;
  #heardAt: Millis = NEVER;
  #isReceiving = false;
  readonly cname: string;
  readonly #environment: MediaEnvironment;
  readonly #refusals: Refusals;
  readonly #streams: ReceivedStream[] = [];
  readonly #events = new EventDetector();
  #plan: MediaPlan;
  #bindings: (ReceiveBinding | undefined)[] = [];
  /** Those who pass on what arrives here; the last takes each packet itself, without a copy. */
  #bridges: Forwarder[] = [];
  /** Where what is sent here comes from. */
  upstream: KeyframeSource | undefined;
  /** How much of what is sent the peer reports lost. */
  reportedLossPercent = 0;
  #mutedUntil: Millis = 0;

  constructor(
    environment: MediaEnvironment,
    carrier: MediaCarrier,
    refusals: Refusals,
    plan: MediaPlan,
    cname: string,
  ) {
    this.#environment = environment;
    this.unit = carrier;
    this.#refusals = refusals;
    this.#plan = plan;
    const { random } = environment;
    const ssrc = plan.localSsrc ?? randomUint32(random);
    this.sent = new SentStream(ssrc, randomUint32(random), randomUint32(random));
    this.cname = plan.localCname ?? cname;
    this.configure(plan);
  }

  get plan(): MediaPlan {
    return this.#plan;
  }

  get streams(): readonly ReceivedStream[] {
    return this.#streams;
  }

  get bridges(): readonly Forwarder[] {
    return this.#bridges;
  }

  get mayReceive(): boolean {
    return this.#mayReceive;
  }

  get maySend(): boolean {
    return this.#maySend && this.unit.isConnected;
  }

  /** Whether anything has ever arrived here. */
  get hasReceived(): boolean {
    return this.#heardAt !== NEVER;
  }

  get isSendingDigits(): boolean {
    return this.#digits?.isSending ?? false;
  }

  configure(plan: MediaPlan): void {
    this.#plan = plan;
    this.#mayReceive = plan.direction === 'sendrecv' || plan.direction === 'recvonly';
    this.#maySend = plan.direction === 'sendrecv' || plan.direction === 'sendonly';
    this.#bindings = [];
    this.#lastPayloadType = NO_PAYLOAD_TYPE;
    for (const { payloadType, name, clockRate } of plan.receive) {
      this.#bindings[payloadType] ??= { name, clockRate, isEvent: name === 'telephone-event' };
    }
    const first = firstMediaCodec(plan.send);
    if (this.sent.sentAt === NEVER && first !== undefined) this.sent.clockRate = first.clockRate;
  }

  accepts(payloadType: number): boolean {
    return this.#bindings[payloadType] !== undefined;
  }

  attach(bridge: Forwarder): void {
    this.#useBridges([...this.#bridges, bridge]);
  }

  detach(bridge: Forwarder): void {
    this.#useBridges(this.#bridges.filter((other) => other !== bridge));
  }

  /** Makes room if there are too many; gives the one that had to go. */
  addStream(ssrc: number, now: Millis): { stream: ReceivedStream; dropped?: ReceivedStream } {
    const clockRate = firstMediaCodec(this.#plan.receive)?.clockRate ?? 8000;
    const stream = new ReceivedStream(ssrc, this, clockRate, now);
    let dropped: ReceivedStream | undefined;
    if (this.#streams.length >= MOST_RECEIVED_STREAMS) {
      dropped = this.#streams.reduce((a, b) => (b.heardAt < a.heardAt ? b : a));
      this.#streams.splice(this.#streams.indexOf(dropped), 1);
      for (const bridge of this.#bridges) bridge.forget(dropped);
    }
    this.#streams.push(stream);
    return { stream, dropped };
  }

  /** A packet of one of this m-line's streams. */
  receive(datagram: Datagram, stream: ReceivedStream, now: Millis): void {
    const { bytes, offset, length } = datagram;
    const binding = this.#bindingOf(payloadTypeOf(bytes, offset));
    if (binding === undefined || !this.#mayReceive) {
      this.#refusals.count(binding === undefined ? 'rtp.payload_type' : 'rtp.direction');
      return;
    }
    const sequencing = stream.reception.update(sequenceOf(bytes, offset));
    if (sequencing === 'jumped') return;
    if (sequencing === 'restarted') stream.generation += 1;
    stream.heardAt = now;
    stream.heardSinceReport = true;
    stream.bytes += length - RTP_HEADER_BYTES;
    this.#heardAt = now;
    if (!this.#isReceiving) this.#begin();
    if (binding.isEvent) {
      this.#detect(bytes, offset, length, binding.clockRate, now);
    } else {
      stream.clockRate = binding.clockRate;
      if (stream.codec !== binding.name) stream.codec = binding.name;
      stream.reception.updateJitter(
        timestampOf(bytes, offset),
        datagram.arrivalMicros,
        binding.clockRate,
      );
    }
    this.#forward(bytes, offset, length, stream, now);
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    const binding = this.#lastBinding?.clockRate ?? 0;
    return this.#heardAt | binding | (this.#lastBridge?.fetchAhead() ?? 0);
  }

  /** Touches what sending one will need. */
  fetchToSend(): number {
    return this.sent.fetchAhead() | this.unit.fetchToSend();
  }

  /** Sends an RTP packet that lies in the arena, already under our SSRC. */
  send(offset: number, length: number, now: Millis): void {
    if (this.unit.sendRtp(offset, length)) this.sent.noteSent(length - RTP_HEADER_BYTES, now);
  }

  muteFor(millis: Millis, now: Millis): void {
    this.#mutedUntil = now + millis;
  }

  /** Whether sound made here is silent because a digit is being sent. */
  isMuted(now: Millis): boolean {
    return now < this.#mutedUntil || this.isSendingDigits;
  }

  /** False if the peer takes no telephone-events, or too many digits wait. */
  sendDigit(digit: string, durationMs: number, now: Millis): boolean {
    const event = eventOfDigit(digit);
    if (event === undefined || this.#eventBinding() === undefined) return false;
    this.#digits ??= new DigitSender(this);
    return this.#digits.queue({ event, durationMs }, now);
  }

  get eventClockRate(): number {
    return this.#eventBinding()?.clockRate ?? 8000;
  }

  get ptimeMs(): number {
    return this.#plan.ptimeMs;
  }

  eventStart(now: Millis): number {
    return this.sent.timestampAt(now);
  }

  allocate(): { bytes: Uint8Array; offset: number } {
    const { packetIo } = this.#environment;
    return { bytes: packetIo.arena, offset: packetIo.allocateTransmit() };
  }

  sendEvent(offset: number, octets: number, marker: boolean, timestamp: number, now: Millis): void {
    const binding = this.#eventBinding();
    if (binding === undefined || !this.maySend) return;
    const { arena } = this.#environment.packetIo;
    arena[offset] = 0x80;
    this.sent.generateAside(arena, offset, marker, binding.payloadType, timestamp);
    this.send(offset, RTP_HEADER_BYTES + octets, now);
  }

  planDigit(task: Task, at: Millis): void {
    this.#environment.agenda.plan(task, at);
  }

  /** Once a second: what stopped, what ended unheard. */
  beat(now: Millis): void {
    const digit = this.#events.settle(now);
    if (digit !== undefined) this.#tell(digit);
    if (this.#isReceiving && now - this.#heardAt > STOPPED_MS) {
      this.#isReceiving = false;
      this.#emitReceiving(false, Math.floor((now - this.#heardAt) / 1000));
    }
  }

  close(): void {
    if (this.#digits !== undefined) this.#environment.agenda.cancel(this.#digits);
    for (const bridge of this.#bridges) bridge.close();
    this.#useBridges([]);
  }

  /** All but the last get a copy, as each rewrites what it is given. */
  #forward(
    bytes: Uint8Array,
    offset: number,
    length: number,
    stream: ReceivedStream,
    now: Millis,
  ): void {
    if (this.#hasCopies) this.#forwardCopies(bytes, offset, length, stream, now);
    this.#lastBridge?.forward(bytes, offset, length, stream, now);
  }

  #forwardCopies(
    bytes: Uint8Array,
    offset: number,
    length: number,
    stream: ReceivedStream,
    now: Millis,
  ): void {
    for (const bridge of this.#bridges) {
      if (bridge === this.#lastBridge) continue;
      const copy = this.#environment.packetIo.allocateTransmit();
      bytes.copyWithin(copy, offset, offset + length);
      bridge.forward(bytes, copy, length, stream, now);
    }
  }

  #useBridges(bridges: Forwarder[]): void {
    this.#bridges = bridges;
    this.#lastBridge = bridges.at(-1);
    this.#hasCopies = bridges.length > 1;
  }

  /** Nearly always the same as for the packet before, and then at hand. */
  #bindingOf(payloadType: number): ReceiveBinding | undefined {
    if (payloadType === this.#lastPayloadType) return this.#lastBinding;
    this.#lastPayloadType = payloadType;
    this.#lastBinding = this.#bindings[payloadType];
    return this.#lastBinding;
  }

  #detect(bytes: Uint8Array, offset: number, length: number, clockRate: number, now: Millis): void {
    if (!isTelephoneEvent(payloadLength(bytes, offset, length))) return;
    const at = offset + headerLength(bytes, offset);
    const digit = this.#events.receive(bytes, at, timestampOf(bytes, offset), clockRate, now);
    if (digit !== undefined) this.#tell(digit);
  }

  #tell({ digit, durationMs }: DetectedDigit): void {
    this.unit.emit({ type: 'leg-dtmf', leg: this.unit.id, digit, durationMs });
  }

  #begin(): void {
    this.#isReceiving = true;
    this.#emitReceiving(true, 0);
  }

  #emitReceiving(receiving: boolean, seconds: number): void {
    const { mid, kind } = this.#plan;
    this.unit.emit({ type: 'leg-receiving', leg: this.unit.id, mid, kind, receiving, seconds });
  }

  #eventBinding() {
    return eventBinding(this.#plan.send, this.sent.clockRate);
  }
}
