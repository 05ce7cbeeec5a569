/** What RTCP packets say, as values (RFC 3550 §6, RFC 4585 §6, RFC 5104, RFC 3611). */
import type { NtpTime } from './ntp.ts';

/** RFC 3550 §12.1, RFC 4585 §6.1, RFC 3611 §2. */
export const rtcpTypes = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  goodbye: 203,
  application: 204,
  transportFeedback: 205,
  payloadFeedback: 206,
  extendedReport: 207,
} as const;

/** Packets in one datagram; real compounds have two to four. */
export const MOST_RTCP_PACKETS = 32;
/** A count field has five bits. */
export const MOST_COUNTED_ITEMS = 31;

/** RFC 3550 §6.4.1: how one source was received. */
export interface ReportBlock {
  readonly ssrc: number;
  /** Eighths of a bit: lost since the last report, as a fraction of 256. */
  readonly fractionLost: number;
  /** Signed, 24 bits: duplicates make it negative. */
  readonly cumulativeLost: number;
  /** Cycles in the upper sixteen bits. */
  readonly highestSequence: number;
  /** In units of the RTP timestamp. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report's NTP time; zero before the first. */
  readonly lastSenderReport: number;
  /** In 1/65536 s. */
  readonly delaySinceLastSenderReport: number;
}

export interface SenderReport {
  readonly type: 'sender-report';
  readonly ssrc: number;
  readonly ntp: NtpTime;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
  readonly reports: readonly ReportBlock[];
}

export interface ReceiverReport {
  readonly type: 'receiver-report';
  readonly ssrc: number;
  readonly reports: readonly ReportBlock[];
}

/** RFC 3550 §6.5. Items other than CNAME are personal or useless, and are not kept. */
export interface SourceDescription {
  readonly type: 'source-description';
  readonly chunks: readonly { readonly ssrc: number; readonly cname?: string }[];
}

export interface Goodbye {
  readonly type: 'goodbye';
  readonly sources: readonly number[];
  readonly reason?: string;
}

export interface Application {
  readonly type: 'application';
  readonly subtype: number;
  readonly ssrc: number;
  /** Four ASCII characters. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** RFC 4585 §6.2.1, the bit masks spelled out. */
export interface Nack {
  readonly type: 'nack';
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  readonly lost: readonly number[];
}

/** RFC 4585 §6.3.1. */
export interface PictureLoss {
  readonly type: 'picture-loss';
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
}

/** RFC 5104 §4.3.1. */
export interface FullIntraRequest {
  readonly type: 'full-intra-request';
  readonly senderSsrc: number;
  readonly requests: readonly { readonly ssrc: number; readonly sequence: number }[];
}

/** draft-alvestrand-rmcat-remb §2.2: the receiver's estimate of what the path carries. */
export interface BandwidthEstimate {
  readonly type: 'bandwidth-estimate';
  readonly senderSsrc: number;
  readonly bitsPerSecond: number;
  readonly sources: readonly number[];
}

/** draft-holmer-rmcat-transport-wide-cc-extensions §3.1: when each packet arrived. */
export interface TransportFeedback {
  readonly type: 'transport-feedback';
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  /** Transport-wide sequence number of the first status. */
  readonly baseSequence: number;
  /** In 64 ms, signed. */
  readonly referenceTime: number;
  /** Counts these packets, modulo 256. */
  readonly feedbackCount: number;
  /** In 1/4 ms after the packet before, or undefined where a packet did not arrive. */
  readonly arrivals: readonly (number | undefined)[];
}

/** RFC 3611: only the two blocks that measure round trips of receivers are understood. */
export interface ExtendedReport {
  readonly type: 'extended-report';
  readonly ssrc: number;
  /** §4.4. */
  readonly receiverReferenceTime?: NtpTime;
  /** §4.5: one sub-block for each receiver. */
  readonly delaysSinceReceiverReport: readonly ReceiverDelay[];
}

export interface ReceiverDelay {
  readonly ssrc: number;
  /** The middle 32 bits of its reference time. */
  readonly lastReceiverReport: number;
  /** In 1/65536 s. */
  readonly delay: number;
}

/** A feedback message or a packet type of which only the frame is understood. */
export interface OtherPacket {
  readonly type: 'other';
  readonly packetType: number;
  /** FMT of a feedback message, the count of any other. */
  readonly count: number;
  readonly body: Uint8Array;
}

export type RtcpPacket =
  | SenderReport
  | ReceiverReport
  | SourceDescription
  | Goodbye
  | Application
  | Nack
  | PictureLoss
  | FullIntraRequest
  | BandwidthEstimate
  | TransportFeedback
  | ExtendedReport
  | OtherPacket;
