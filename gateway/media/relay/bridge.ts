/** One direction between two m-lines: what the one receives becomes what the other sends. */
import type { Millis } from '../../core/time.ts';
import type { CodecBinding } from '../../media-contract/contract.ts';
import { renumberExtensions } from '../../wire/rtp/extension.ts';
import {
  dropCsrcsAndExtension,
  hasExtension,
  headerLength,
  payloadLength,
  payloadTypeOf,
  sequenceOf,
  setPayloadType,
  timestampOf,
} from '../../wire/rtp/header.ts';
import { isTelephoneEvent } from '../../wire/rtp/telephone-event.ts';
import { canTranscode } from '../codec/codec-path.ts';
import type { MediaEnvironment } from '../environment.ts';
import type { ContainmentUnit } from '../packet-loop.ts';
import { EventRelay } from '../telephone-event/event-relay.ts';
import { mapExtensions } from './extension-map.ts';
import type { Forwarder } from './forwarder.ts';
import type { LegMedia } from './leg-media.ts';
import { PacedCodecPath } from './paced-codec-path.ts';
import { type PayloadRoute, routePayloads } from './payload-routes.ts';
import type { ReceivedStream } from './received-stream.ts';
import { StreamSelection } from './stream-selection.ts';

const PAYLOAD_TYPES = 128;

/** A route with what it keeps from packet to packet; what every packet needs lies flat. */
interface Passage {
  readonly kind: PayloadRoute['kind'];
  readonly payloadType: number;
  readonly clockRate: number;
  readonly codec: string;
  readonly from: CodecBinding;
  readonly to: CodecBinding;
  readonly events: EventRelay | undefined;
  path: PacedCodecPath | undefined;
}

export class Bridge implements Forwarder {
  readonly to: LegMedia;
  readonly #selection = new StreamSelection();
  #lastPayloadType = -1;
  #lastPassage: Passage | undefined;
  readonly from: LegMedia;
  readonly #environment: MediaEnvironment;
  readonly #passages: (Passage | undefined)[] = new Array(PAYLOAD_TYPES).fill(undefined);
  readonly #extensionIds: Uint8Array | undefined;

  constructor(environment: MediaEnvironment, from: LegMedia, to: LegMedia) {
    this.#environment = environment;
    this.from = from;
    this.to = to;
    this.#extensionIds = mapExtensions(from.plan.extensions, to.plan.extensions);
    const transcodes = (a: string, b: string) => canTranscode(environment.codecs, a, b);
    for (const [payloadType, route] of routePayloads(from.plan, to.plan, transcodes)) {
      if (route.kind !== 'drop') this.#passages[payloadType] = passageOf(route);
    }
  }

  get towards(): ContainmentUnit {
    return this.to.unit;
  }

  forward(
    bytes: Uint8Array,
    offset: number,
    length: number,
    stream: ReceivedStream,
    now: Millis,
  ): void {
    const passage = this.#passageOf(payloadTypeOf(bytes, offset));
    if (passage === undefined || !this.to.maySend) return;
    if (!this.#selection.admits(stream, now)) return;
    if (passage.kind === 'relay') {
      if (!this.to.isSendingDigits) {
        if (this.to.sentCodec !== passage.codec) this.to.sentCodec = passage.codec;
        this.#relay(bytes, offset, length, passage.payloadType, passage.clockRate, stream, now);
      }
    } else if (passage.kind === 'transcode') {
      this.#transcode(passage, bytes, offset, length, now);
    } else {
      this.#relayEvent(passage, bytes, offset, length, stream, now);
    }
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return (
      this.#selection.fetchAhead() | (this.#lastPassage?.payloadType ?? 0) | this.to.fetchToSend()
    );
  }

  forget(stream: ReceivedStream): void {
    this.#selection.forget(stream);
  }

  close(): void {
    for (const passage of this.#passages) {
      passage?.path?.close();
      if (passage !== undefined) passage.path = undefined;
    }
  }

  /** Nearly always the same as for the packet before, and then at hand. */
  #passageOf(payloadType: number): Passage | undefined {
    if (payloadType === this.#lastPayloadType) return this.#lastPassage;
    this.#lastPayloadType = payloadType;
    this.#lastPassage = this.#passages[payloadType];
    return this.#lastPassage;
  }

  #relay(
    bytes: Uint8Array,
    at: number,
    octets: number,
    payloadType: number,
    clockRate: number,
    stream: ReceivedStream,
    now: Millis,
  ): void {
    let offset = at;
    let length = octets;
    if ((bytes[offset]! & EXTENSION_OR_CSRCS) !== 0) {
      if (this.#extensionIds !== undefined && hasExtension(bytes, offset)) {
        renumberExtensions(bytes, offset, this.#extensionIds);
      } else {
        const dropped = dropCsrcsAndExtension(bytes, offset);
        offset += dropped;
        length -= dropped;
      }
    }
    const { sent } = this.to;
    sent.clockRate = clockRate;
    if (!sent.relay(bytes, offset, stream, now)) return;
    setPayloadType(bytes, offset, payloadType);
    this.to.send(offset, length, now);
  }

  #transcode(
    passage: Passage,
    bytes: Uint8Array,
    offset: number,
    length: number,
    now: Millis,
  ): void {
    passage.path ??= new PacedCodecPath(this.#environment, this.to, passage.from, passage.to);
    const header = headerLength(bytes, offset);
    passage.path.receive(
      sequenceOf(bytes, offset),
      timestampOf(bytes, offset),
      bytes,
      offset + header,
      payloadLength(bytes, offset, length),
      now,
    );
  }

  /** Beside relayed sound an event of the same clock keeps its place; else it gets a new one. */
  #relayEvent(
    passage: Passage,
    bytes: Uint8Array,
    offset: number,
    length: number,
    stream: ReceivedStream,
    now: Millis,
  ): void {
    const { events, from, to, payloadType } = passage;
    if (events === undefined || this.to.isSendingDigits) return;
    const header = headerLength(bytes, offset);
    if (!isTelephoneEvent(payloadLength(bytes, offset, length))) return;
    const { sent } = this.to;
    this.to.muteFor(EVENT_MUTE_MS, now);
    if (!this.#transcodes && from.clockRate === to.clockRate) {
      this.#relay(bytes, offset, length, payloadType, sent.clockRate, stream, now);
      return;
    }
    const start = sent.timestampAt(now);
    const sequence = sequenceOf(bytes, offset);
    const relayed = events.relay(
      bytes,
      offset + header,
      sequence,
      timestampOf(bytes, offset),
      start,
    );
    if (relayed === undefined) return;
    const dropped = dropCsrcsAndExtension(bytes, offset);
    const at = offset + dropped;
    const { marker, timestamp } = relayed;
    sent.generateAside(bytes, at, marker, payloadType, timestamp);
    this.to.send(at, length - dropped, now);
  }

  /** Whether sound is being made anew, so that its numbering is ours. */
  get #transcodes(): boolean {
    return this.#passages.some((passage) => passage?.path !== undefined);
  }
}

function passageOf(route: Exclude<PayloadRoute, { kind: 'drop' }>): Passage {
  const { kind, from, to } = route;
  const { payloadType, clockRate } = to;
  const events = kind === 'event' ? new EventRelay(from.clockRate, to.clockRate) : undefined;
  return { kind, payloadType, clockRate, codec: to.name, from, to, events, path: undefined };
}

/** The X bit and the CSRC count in the first octet. */
const EXTENSION_OR_CSRCS = 0x1f;
/** Events come every 20 to 50 ms; sound that is made anew is silent until they stop. */
const EVENT_MUTE_MS = 60;
