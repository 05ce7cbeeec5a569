/** The contract between signalling and a media process: commands, replies and events as values. */
import type { Fault } from '../core/result.ts';
import type { LocalTransport, RemoteTransport, TransportKind } from './transport.ts';

/** Raised when a change would break the other side. Both sides refuse a different major. */
export const CONTRACT_VERSION = 1;

/** Ids are made by signalling and are globally unique. */
export type MediaSessionId = string;
export type MediaLegId = string;
/** Names one media process, and is the prefix of every ICE ufrag that it hands out. */
export type MediaProcessId = string;

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** A codec bound to a payload type in one direction. */
export interface CodecBinding {
  /** Lower-case encoding name: `opus`, `pcmu`, `pcma`, `telephone-event`, `cn`, `vp8`, … */
  readonly name: string;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly channels: number;
  /** `a=fmtp` as key and value; a bare token is a key with an empty value. */
  readonly parameters: { readonly [name: string]: string };
  /** `a=rtcp-fb` values: `nack`, `nack pli`, `transport-cc`, … */
  readonly feedback?: readonly string[];
}

export interface ExtensionBinding {
  readonly id: number;
  readonly uri: string;
}

/** One m-line as agreed, seen from our side. */
export interface MediaPlan {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** Ours: `recvonly` means that we receive and do not send. */
  readonly direction: MediaDirection;
  /** What we may send, best first, with the peer's payload types. */
  readonly send: readonly CodecBinding[];
  /** What may arrive, with our payload types. */
  readonly receive: readonly CodecBinding[];
  /** Packet time of what we send, in milliseconds. */
  readonly ptimeMs: number;
  readonly extensions: readonly ExtensionBinding[];
  /** The SSRC that we announced for this m-line and must send with, if we announced one. */
  readonly localSsrc?: number;
  readonly localCname?: string;
  /** The SSRCs that the peer announced, if it did. */
  readonly remoteSsrcs: readonly number[];
}

/** What a leg sends to its peer: another leg's media, its own peer's media, or nothing. */
export type MediaSource =
  | { readonly kind: 'leg'; readonly leg: MediaLegId }
  | { readonly kind: 'echo' }
  | { readonly kind: 'none' };

export type MediaCommand =
  /** First on a connection. The reply is `hello`. */
  | { readonly op: 'hello'; readonly version: number; readonly signallingEpoch: string }
  /** Every session with its legs and recovery value. The reply is `snapshot`. */
  | { readonly op: 'snapshot' }
  /** Opens a leg; opening the same leg again returns the same local transport. */
  | {
      readonly op: 'open-leg';
      readonly session: MediaSessionId;
      readonly leg: MediaLegId;
      readonly transport: TransportKind;
      /** Name of a configured interface; its addresses are what the leg binds and advertises. */
      readonly interface: string;
    }
  /** The whole agreed state of a leg; replaces what was there. Before it nothing is sent. */
  | {
      readonly op: 'configure-leg';
      readonly leg: MediaLegId;
      readonly remote: RemoteTransport;
      readonly media: readonly MediaPlan[];
    }
  /** New local ICE credentials for a leg; the old ones work until the new ones are confirmed. */
  | { readonly op: 'restart-ice'; readonly leg: MediaLegId }
  /** Adds remote candidates (used only towards a peer that is lite too; else counted). */
  | {
      readonly op: 'add-candidates';
      readonly leg: MediaLegId;
      readonly candidates: readonly string[];
    }
  /** Sets what the leg sends. Two legs are bridged when each is the other's source. */
  | { readonly op: 'set-source'; readonly leg: MediaLegId; readonly source: MediaSource }
  /** Sends an RFC 4733 event, or in-band if the leg has none, after what is queued already. */
  | {
      readonly op: 'send-dtmf';
      readonly leg: MediaLegId;
      readonly digit: string;
      readonly durationMs: number;
    }
  /**
   * Opens a loopback leg that carries decrypted RTP to the same link in another media process, so
   * that legs which live apart can meet. It is then configured and sourced as any leg is.
   */
  | { readonly op: 'open-link'; readonly session: MediaSessionId; readonly leg: MediaLegId }
  /** Closes a leg; unknown legs are closed already. The reply carries the leg's last statistics. */
  | { readonly op: 'close-leg'; readonly leg: MediaLegId }
  | { readonly op: 'close-session'; readonly session: MediaSessionId }
  /** A value opaque to media, returned by `snapshot`; `null` forgets it. */
  | { readonly op: 'attach-recovery'; readonly session: MediaSessionId; readonly recovery: unknown }
  | { readonly op: 'statistics'; readonly leg: MediaLegId }
  /** Process-wide counts: legs, sockets, ports free, in use and draining, memory. */
  | { readonly op: 'census'; readonly collectGarbage?: boolean }
  | { readonly op: 'heartbeat' };

export type MediaReply =
  | {
      readonly op: 'hello';
      readonly version: number;
      readonly process: MediaProcessId;
      /** New at every start of the process: legs of another epoch are gone. */
      readonly epoch: string;
    }
  | { readonly op: 'snapshot'; readonly sessions: readonly SessionSnapshot[] }
  | { readonly op: 'leg'; readonly leg: MediaLegId; readonly local: LocalTransport }
  | { readonly op: 'done' }
  | { readonly op: 'statistics'; readonly leg: MediaLegId; readonly statistics: LegStatistics }
  | { readonly op: 'census'; readonly census: MediaCensus }
  | { readonly op: 'fault'; readonly fault: Fault };

export interface SessionSnapshot {
  readonly session: MediaSessionId;
  readonly legs: readonly MediaLegId[];
  readonly recovery: unknown;
}

export type LegFailure =
  | 'ice-failed'
  | 'dtls-failed'
  | 'dtls-timeout'
  | 'fingerprint-mismatch'
  | 'internal-error';

/** What happens to a leg without being asked for. */
export type MediaEvent =
  /** ICE (if any) confirmed, DTLS (if any) finished with the right fingerprint: media may flow. */
  | { readonly type: 'leg-connected'; readonly leg: MediaLegId }
  /** No authenticated ICE check for a while; media may come back. */
  | { readonly type: 'leg-interrupted'; readonly leg: MediaLegId }
  | { readonly type: 'leg-resumed'; readonly leg: MediaLegId }
  | {
      readonly type: 'leg-failed';
      readonly leg: MediaLegId;
      readonly failure: LegFailure;
      readonly detail: string;
    }
  /** The peer closed DTLS (close_notify or fatal alert). */
  | { readonly type: 'leg-closed-by-peer'; readonly leg: MediaLegId }
  /** Media of an m-line began to arrive, or stopped for `seconds`. */
  | {
      readonly type: 'leg-receiving';
      readonly leg: MediaLegId;
      readonly mid: string;
      readonly kind: 'audio' | 'video';
      readonly receiving: boolean;
      readonly seconds: number;
    }
  /** Plain RTP locked to a source (rank 1 is the SDP address and port, see the sources' rules). */
  | { readonly type: 'leg-source-locked'; readonly leg: MediaLegId; readonly rank: number }
  | {
      readonly type: 'leg-dtmf';
      readonly leg: MediaLegId;
      readonly digit: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'leg-slow-link';
      readonly leg: MediaLegId;
      readonly mid: string;
      readonly kind: 'audio' | 'video';
      /** True when it is what we send that gets lost. */
      readonly uplink: boolean;
      readonly lost: number;
    }
  /** Nothing at all was received for the configured time-out. */
  | { readonly type: 'leg-timed-out'; readonly leg: MediaLegId };

/** One direction of one m-line. Times in milliseconds, jitter too. */
export interface StreamStatistics {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly codec: string;
  readonly ssrc: number;
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number;
}

export interface LegStatistics {
  readonly received: readonly StreamStatistics[];
  readonly sent: readonly StreamStatistics[];
  /** Datagrams refused, by reason: `srtp.replayed`, `source.refused`, `dtls.unconfirmed`, … */
  readonly refused: { readonly [reason: string]: number };
}

export interface MediaCensus {
  readonly sessions: number;
  readonly legs: number;
  readonly descriptors: number;
  readonly timers: number;
  readonly portsInUse: number;
  readonly portsDraining: number;
  readonly heapUsedBytes: number;
  readonly residentBytes: number;
}

/** How the contract travels: length-prefixed JSON, one of these per frame. */
export type ContractFrame =
  | { readonly frame: 'command'; readonly id: string; readonly command: MediaCommand }
  | { readonly frame: 'reply'; readonly id: string; readonly reply: MediaReply }
  /** Kept by the media process until acknowledged, up to a limit; `sequence` has no gaps. */
  | { readonly frame: 'event'; readonly sequence: number; readonly event: MediaEvent }
  /** Acknowledges every event up to and including `sequence`. */
  | { readonly frame: 'acknowledge'; readonly sequence: number };

/** The contract as a function, for engines and clients alike. */
export interface MediaPort {
  execute(command: MediaCommand): Promise<MediaReply>;
}
