/** One SSRC that a leg receives: its counts, and when it was last heard. */
import type { Millis } from '../../core/time.ts';
import type { MediaPlan } from '../../media-contract/contract.ts';
import { middleOf, type NtpTime } from '../../wire/rtcp/ntp.ts';
import type { Datagram } from '../datagram.ts';
import { Reception } from '../rtcp/reception.ts';

/** The m-line that a stream belongs to. */
export interface StreamHome {
  readonly plan: MediaPlan;
  receive(datagram: Datagram, stream: ReceivedStream, now: Millis): void;
  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number;
}

export class ReceivedStream {
  readonly media: StreamHome;
  readonly reception = new Reception();
  bytes = 0;
  heardAt: Millis;
  /** Clock of the last media packet, in Hz. */
  clockRate: number;
  codec = '';
  /** Rises each time that the numbering begins anew, so that who follows it begins anew too. */
  generation = 0;
  /** Whether a report about it has been sent since it was last heard. */
  heardSinceReport = false;
  readonly ssrc: number;
  lastSenderReport = 0;
  senderReportAt: Millis = 0;

  constructor(ssrc: number, media: StreamHome, clockRate: number, now: Millis) {
    this.ssrc = ssrc;
    this.media = media;
    this.clockRate = clockRate;
    this.heardAt = now;
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return this.bytes | this.reception.received | this.media.fetchAhead();
  }

  noteSenderReport(ntp: NtpTime, now: Millis): void {
    this.lastSenderReport = middleOf(ntp);
    this.senderReportAt = now;
  }
}
