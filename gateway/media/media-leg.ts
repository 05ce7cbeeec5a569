/** One leg: a transport, its m-lines, and what it tells signalling. */
import { randomHex } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import type {
  LegFailure,
  LegStatistics,
  MediaEvent,
  MediaLegId,
  MediaPlan,
  MediaSessionId,
  MediaSource,
} from '../media-contract/contract.ts';
import type { RemoteTransport } from '../media-contract/transport.ts';
import { parseCompound } from '../wire/rtcp/compound.ts';
import type { ReportBlock, RtcpPacket } from '../wire/rtcp/packet.ts';
import { extensionValueLength, findExtension, NOT_FOUND } from '../wire/rtp/extension.ts';
import { payloadTypeOf, ssrcOf } from '../wire/rtp/header.ts';
import { Task } from './agenda.ts';
import type { Datagram } from './datagram.ts';
import type { MediaEnvironment } from './environment.ts';
import { MOST_MEDIA_PER_LEG } from './limits.ts';
import type { MediaLine } from './media-line.ts';
import { describe } from './packet-loop.ts';
import type { Refusals } from './refusals.ts';
import { MID_EXTENSION } from './relay/extension-map.ts';
import { LegMedia, type MediaCarrier } from './relay/leg-media.ts';
import type { ReceivedStream } from './relay/received-stream.ts';
import { SilenceSender } from './relay/silence-sender.ts';
import { PeerReports } from './rtcp/peer-reports.ts';
import { Reports } from './rtcp/reports.ts';
import { SlowLink } from './rtcp/slow-link.ts';
import { statisticsOf } from './statistics.ts';
import { IceTransport } from './transport/ice-transport.ts';
import type { LegTransport, TransportOwner } from './transport/leg-transport.ts';

const BEAT_MS = 1_000;
const CNAME_OCTETS = 8;

export type LegState = 'open' | 'failed' | 'closed';

export interface MediaLegPorts {
  readonly environment: MediaEnvironment;
  readonly refusals: Refusals;
  readonly openTransport: (owner: TransportOwner, refusals: Refusals) => LegTransport;
  readonly emit: (event: MediaEvent) => void;
}

export class MediaLeg extends Task implements TransportOwner, MediaCarrier {
  readonly transport: LegTransport;
  #state: LegState = 'open';
  #lastStream: ReceivedStream | undefined;
  #lastSsrc = 0;
  #heardAt: Millis;
  readonly id: MediaLegId;
  readonly session: MediaSessionId;
  readonly refusals: Refusals;
  source: MediaSource = { kind: 'none' };
  readonly #environment: MediaEnvironment;
  readonly #emit: (event: MediaEvent) => void;
  readonly #cname: string;
  readonly #streams = new Map<number, ReceivedStream>();
  #lines: MediaLine[] = [];
  #midExtensionId = 0;
  #hasTimedOut = false;

  constructor(id: MediaLegId, session: MediaSessionId, ports: MediaLegPorts, now: Millis) {
    super();
    this.id = id;
    this.session = session;
    this.refusals = ports.refusals;
    this.#environment = ports.environment;
    this.#emit = ports.emit;
    this.#cname = randomHex(ports.environment.random, CNAME_OCTETS);
    this.#heardAt = now;
    this.transport = ports.openTransport(this, ports.refusals);
    ports.environment.agenda.planLoosely(this, now + BEAT_MS);
  }

  get state(): LegState {
    return this.#state;
  }

  get lines(): readonly MediaLine[] {
    return this.#lines;
  }

  get plans(): readonly MediaPlan[] {
    return this.#lines.map(({ media }) => media.plan);
  }

  get isConnected(): boolean {
    return this.#state === 'open' && this.transport.isConnected;
  }

  /** The whole agreed state. m-lines keep their numbering as long as their mid and SSRC stay. */
  configure(remote: RemoteTransport, media: readonly MediaPlan[], now: Millis): void {
    const before = this.#lines;
    const plans = media.slice(0, MOST_MEDIA_PER_LEG);
    this.#lines = plans.map((plan) => this.#lineFor(plan, before));
    for (const line of before) if (!this.#lines.includes(line)) this.#closeLine(line);
    this.#midExtensionId =
      plans.flatMap((plan) => plan.extensions).find(({ uri }) => uri === MID_EXTENSION)?.id ?? 0;
    if (this.transport instanceof IceTransport) {
      this.transport.expectSsrcs(plans.flatMap((plan) => plan.remoteSsrcs));
    }
    this.#heardAt = now;
    this.transport.configure(remote, now);
    for (const line of this.#lines) {
      line.reports.start(now);
      // Where ICE opens the way, nobody has to wait for media.
      if (!this.transport.kind.ice) line.silence.start(now);
    }
  }

  receiveRtp(datagram: Datagram, now: Millis): void {
    this.#heardAt = now;
    const ssrc = ssrcOf(datagram.bytes, datagram.offset) | 0;
    let stream = this.#lastStream;
    if (stream === undefined || ssrc !== this.#lastSsrc) {
      stream = this.#streams.get(ssrc) ?? this.#begin(datagram, now);
      if (stream === undefined) return;
      this.#lastSsrc = ssrc;
      this.#lastStream = stream;
    }
    stream.media.receive(datagram, stream, now);
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return this.#lastStream?.fetchAhead() ?? 0;
  }

  /** Touches what sending a packet will need (`DatagramSink` tells why). */
  fetchToSend(): number {
    return this.transport.fetchToSend();
  }

  receiveRtcp(datagram: Datagram, now: Millis): void {
    const parsed = parseCompound(datagram.bytes, datagram.offset, datagram.length);
    if (!parsed.ok) {
      this.refusals.count('rtcp.malformed');
      return;
    }
    this.#heardAt = now;
    for (const packet of parsed.value) this.#takeRtcp(packet, now);
  }

  sendRtp(offset: number, length: number): boolean {
    return this.transport.sendRtp(offset, length);
  }

  emit(event: MediaEvent): void {
    this.#emit(event);
  }

  /** About once a second. */
  run(now: Millis): void {
    this.#environment.agenda.planLoosely(this, now + BEAT_MS);
    this.#environment.loop.contain(this, now, () => {
      this.transport.beat(now);
      for (const line of this.#lines) this.#beatLine(line, now);
      this.#watchSilence(now);
    });
  }

  transportConnected(_now: Millis): void {
    this.#emit({ type: 'leg-connected', leg: this.id });
  }

  transportInterrupted(): void {
    this.#emit({ type: 'leg-interrupted', leg: this.id });
  }

  transportResumed(): void {
    this.#emit({ type: 'leg-resumed', leg: this.id });
  }

  transportFailed(failure: LegFailure, detail: string, _now: Millis): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#rest();
    this.#emit({ type: 'leg-failed', leg: this.id, failure, detail });
  }

  transportClosedByPeer(_now: Millis): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#rest();
    this.#emit({ type: 'leg-closed-by-peer', leg: this.id });
  }

  sourceLocked(rank: number): void {
    this.#emit({ type: 'leg-source-locked', leg: this.id, rank });
  }

  /** Something threw while this leg's packet or timer was handled. */
  fail(error: unknown, now: Millis): void {
    this.transportFailed('internal-error', describe(error), now);
  }

  statistics(): LegStatistics {
    return statisticsOf(this.#lines, this.refusals);
  }

  close(now: Millis): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#rest();
    for (const line of this.#lines) this.#closeLine(line);
    this.#lines = [];
    this.#streams.clear();
    this.#lastStream = undefined;
    this.transport.close(now);
  }

  #rest(): void {
    this.#environment.agenda.cancel(this);
    for (const { reports, silence } of this.#lines) {
      reports.stop();
      silence.stop();
    }
  }

  #lineFor(plan: MediaPlan, before: readonly MediaLine[]): MediaLine {
    const same = before.find(({ media }) => isSameLine(media, plan));
    if (same !== undefined) {
      same.media.configure(plan);
      return same;
    }
    const media = new LegMedia(this.#environment, this, this.refusals, plan, this.#cname);
    const send = (bytes: Uint8Array) => this.transport.sendRtcp(bytes);
    return {
      media,
      reports: new Reports(this.#environment, media, send),
      peer: new PeerReports(),
      slowLink: new SlowLink(),
      silence: new SilenceSender(this.#environment, media),
    };
  }

  #closeLine({ media, reports, silence }: MediaLine): void {
    reports.stop();
    silence.stop();
    media.close();
    for (const [ssrc, stream] of this.#streams) {
      if (stream.media === media) this.#streams.delete(ssrc);
    }
    if (this.#lastStream?.media === media) this.#lastStream = undefined;
  }

  /** A new SSRC: its m-line by MID, by announcement, by payload type (RFC 9143 §9.2). */
  #begin(datagram: Datagram, now: Millis): ReceivedStream | undefined {
    const ssrc = ssrcOf(datagram.bytes, datagram.offset);
    const media = this.#mediaFor(datagram, ssrc);
    if (media === undefined) {
      this.refusals.count('rtp.no_media');
      return undefined;
    }
    const { stream, dropped } = media.addStream(ssrc, now);
    if (dropped !== undefined) this.#streams.delete(dropped.ssrc | 0);
    this.#streams.set(ssrc | 0, stream);
    return stream;
  }

  #mediaFor(datagram: Datagram, ssrc: number): LegMedia | undefined {
    const { bytes, offset } = datagram;
    const mid = this.#midOf(bytes, offset);
    if (mid !== undefined) {
      const named = this.#lines.find(({ media }) => media.plan.mid === mid);
      if (named !== undefined) return named.media;
    }
    const announced = this.#lines.find(({ media }) => media.plan.remoteSsrcs.includes(ssrc));
    if (announced !== undefined) return announced.media;
    const payloadType = payloadTypeOf(bytes, offset);
    const able = this.#lines.filter(({ media }) => media.accepts(payloadType));
    return able.length === 1 ? able[0]!.media : undefined;
  }

  #midOf(bytes: Uint8Array, offset: number): string | undefined {
    if (this.#midExtensionId === 0) return undefined;
    const at = findExtension(bytes, offset, this.#midExtensionId);
    if (at === NOT_FOUND) return undefined;
    const length = extensionValueLength(bytes, offset, at);
    return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1');
  }

  /** A goodbye ends no call: that is signalling's to say. */
  #takeRtcp(packet: RtcpPacket, now: Millis): void {
    switch (packet.type) {
      case 'sender-report':
        this.#streams.get(packet.ssrc | 0)?.noteSenderReport(packet.ntp, now);
        return this.#takeReports(packet.reports, now);
      case 'receiver-report':
        return this.#takeReports(packet.reports, now);
      case 'picture-loss':
        return this.#passKeyframeRequest(packet.mediaSsrc, now);
      case 'full-intra-request':
        for (const { ssrc } of packet.requests) this.#passKeyframeRequest(ssrc, now);
        return;
      default:
        return;
    }
  }

  #takeReports(reports: readonly ReportBlock[], now: Millis): void {
    const wallClockMs = this.#environment.wallClockOriginMs + now;
    for (const block of reports) {
      const line = this.#lines.find(({ media }) => media.sent.ssrc === block.ssrc);
      if (line === undefined) continue;
      line.peer.note(block, wallClockMs);
      line.media.reportedLossPercent = line.peer.lossPercent;
      const lost = line.slowLink.uplink(line.peer.lostLately, now);
      if (lost > 0) this.#emitSlowLink(line, true, lost);
    }
  }

  /** The picture that we pass on comes from elsewhere, so that is where a new one is asked for. */
  #passKeyframeRequest(ssrc: number, now: Millis): void {
    const line = this.#lines.find(({ media }) => media.sent.ssrc === ssrc);
    line?.media.upstream?.askForKeyframe(now);
  }

  #beatLine(line: MediaLine, now: Millis): void {
    line.media.beat(now);
    const lost = line.slowLink.downlink(line.media.streams, now);
    if (lost > 0) this.#emitSlowLink(line, false, lost);
  }

  #emitSlowLink({ media }: MediaLine, uplink: boolean, lost: number): void {
    const { mid, kind } = media.plan;
    this.#emit({ type: 'leg-slow-link', leg: this.id, mid, kind, uplink, lost });
  }

  #watchSilence(now: Millis): void {
    const { talkSeconds, holdSeconds } = this.#environment.options.timeouts;
    const isTalking = this.#lines.some(({ media }) => media.mayReceive);
    const seconds = isTalking ? talkSeconds : holdSeconds;
    const isSilent = this.isConnected && seconds > 0 && now - this.#heardAt >= seconds * 1000;
    if (isSilent && !this.#hasTimedOut) this.#emit({ type: 'leg-timed-out', leg: this.id });
    this.#hasTimedOut = isSilent;
  }
}

function isSameLine(media: LegMedia, plan: MediaPlan): boolean {
  const hasSameSsrc = plan.localSsrc === undefined || plan.localSsrc === media.sent.ssrc;
  return media.plan.mid === plan.mid && media.plan.kind === plan.kind && hasSameSsrc;
}
