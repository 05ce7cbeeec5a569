/** An m-line's sender and receiver reports, at randomised intervals (RFC 3550 §6.2, §6.4). */
import { randomUint32 } from '../../core/random.ts';
import type { Millis } from '../../core/time.ts';
import { buildCompound } from '../../wire/rtcp/compound.ts';
import { middleUnitsFromMs, ntpFromWallClock } from '../../wire/rtcp/ntp.ts';
import type { ReportBlock, RtcpPacket } from '../../wire/rtcp/packet.ts';
import { Task } from '../agenda.ts';
import type { MediaEnvironment } from '../environment.ts';
import type { LegMedia } from '../relay/leg-media.ts';
import type { ReceivedStream } from '../relay/received-stream.ts';

/** RFC 3550 §6.2: five seconds at least, half of that before the first. */
const INTERVAL_MS = 5_000;
const FIRST_INTERVAL_MS = 2_500;
/** Keyframes cost a hundred packets: no oftener than this, whoever asks. */
const KEYFRAME_INTERVAL_MS = 500;
const NEVER = Number.NEGATIVE_INFINITY;

export class Reports extends Task {
  readonly #environment: MediaEnvironment;
  readonly #media: LegMedia;
  readonly #send: (bytes: Uint8Array) => boolean;
  #packetsAtLastReport = 0;
  #keyframeAskedAt: Millis = NEVER;

  constructor(
    environment: MediaEnvironment,
    media: LegMedia,
    send: (bytes: Uint8Array) => boolean,
  ) {
    super();
    this.#environment = environment;
    this.#media = media;
    this.#send = send;
  }

  start(now: Millis): void {
    if (this.place < 0) this.#plan(FIRST_INTERVAL_MS, now);
  }

  stop(): void {
    this.#environment.agenda.cancel(this);
  }

  run(now: Millis): void {
    this.#environment.loop.contain(this.#media.unit, now, () => {
      if (this.#media.unit.isConnected) this.#send(buildCompound(this.#compound(now)));
      this.#plan(INTERVAL_MS, now);
    });
  }

  /** Asks the peer for a keyframe, as a report with a picture loss behind it (RFC 4585 §3.1). */
  askForKeyframe(now: Millis): void {
    if (now - this.#keyframeAskedAt < KEYFRAME_INTERVAL_MS) return;
    const source = this.#media.streams.at(-1);
    if (source === undefined || !this.#media.unit.isConnected) return;
    this.#keyframeAskedAt = now;
    const { ssrc } = this.#media.sent;
    const loss = { type: 'picture-loss', senderSsrc: ssrc, mediaSsrc: source.ssrc } as const;
    this.#send(buildCompound([...this.#compound(now), loss]));
  }

  #compound(now: Millis): RtcpPacket[] {
    const { sent, cname } = this.#media;
    const reports = this.#media.streams
      .filter((stream) => stream.heardSinceReport)
      .map((stream) => reportOn(stream, now));
    const description = {
      type: 'source-description',
      chunks: [{ ssrc: sent.ssrc, cname }],
    } as const;
    const isSender = sent.packets > this.#packetsAtLastReport;
    this.#packetsAtLastReport = sent.packets;
    if (!isSender) return [{ type: 'receiver-report', ssrc: sent.ssrc, reports }, description];
    const senderReport = {
      type: 'sender-report',
      ssrc: sent.ssrc,
      ntp: ntpFromWallClock(this.#environment.wallClockOriginMs + now),
      rtpTimestamp: sent.timestampAt(now),
      packetCount: sent.packets >>> 0,
      octetCount: sent.octets >>> 0,
      reports,
    } as const;
    return [senderReport, description];
  }

  /** RFC 3550 §6.3.1: between half and one and a half times the interval. */
  #plan(interval: Millis, now: Millis): void {
    const share = 0.5 + randomUint32(this.#environment.random) / 2 ** 32;
    this.#environment.agenda.planLoosely(this, now + interval * share);
  }
}

function reportOn(stream: ReceivedStream, now: Millis): ReportBlock {
  stream.heardSinceReport = false;
  const { jitterUnits, ...loss } = stream.reception.report();
  const wasReported = stream.lastSenderReport !== 0;
  return {
    ssrc: stream.ssrc,
    ...loss,
    jitter: jitterUnits,
    lastSenderReport: stream.lastSenderReport,
    delaySinceLastSenderReport: wasReported ? middleUnitsFromMs(now - stream.senderReportAt) : 0,
  };
}
