/** What a leg's signalling and the call say to each other, whatever protocol the leg speaks. */
import type { TransportKind } from '../media-contract/transport.ts';
import type { NextHop } from '../routing/decision.ts';
import type { CauseName } from './cause-table.ts';

export type CallId = string;
export type LegId = string;

/** Which signalling serves a leg. */
export type Signalling = 'sip' | 'janus';

/** Why something ended or was refused; `detail` is for people. */
export interface Cause {
  readonly name: CauseName;
  /** The final status and phrase that a SIP peer gave, if one did, so that they pass unchanged. */
  readonly sip?: { readonly status: number; readonly reason: string };
  readonly detail?: string;
}

export interface Party {
  readonly uri: string;
  readonly displayName?: string;
}

/** Extra headers that an application sees and sets: name and value, in order. */
export type ExtraHeaders = readonly (readonly [name: string, value: string])[];

/** A leg that came in: somebody calls. */
export interface IncomingLeg {
  readonly leg: LegId;
  readonly signalling: Signalling;
  readonly transport: TransportKind;
  readonly interface: string;
  /** A SIP caller as authenticated: `trunk:` or `user:` and the name; absent for strangers. */
  readonly account?: string;
  /** Whether the peer is on loopback. */
  readonly local: boolean;
  /** Whether nobody but the peer could read the signalling (TLS), and so any keys in it. */
  readonly secure?: boolean;
  readonly from: Party;
  /** The URI asked for. */
  readonly to: string;
  /** An application asked for by name (the echo test), with no routing of `to`. */
  readonly application?: string;
  /** The API client's own registration, whose proxy and credentials the far leg uses. */
  readonly registration?: string;
  /** Offer SDP; absent when the offer is left to us. */
  readonly offer?: string;
  readonly headers: ExtraHeaders;
  /** Where the leg's signalling comes from, for the media source's rules. */
  readonly signallingAddress?: string;
  /** What the account's policy allows this leg; where absent, every codec and no other sources. */
  readonly policy?: {
    readonly codecs: readonly string[];
    readonly mediaNetworks: readonly string[];
    readonly anySource: boolean;
    readonly srtpRequired: boolean;
  };
  /** How an outgoing far leg should be keyed, when the caller demands it. */
  readonly farKeying?: 'none' | 'sdes-optional' | 'sdes-mandatory';
  /** The signalling's own call id (SIP Call-ID), for records. */
  readonly callId: string;
}

/** From a leg's signalling to the call. */
export type LegEvent =
  | { readonly type: 'trying' }
  | { readonly type: 'ringing'; readonly headers: ExtraHeaders }
  /** Early media; `fork` tells early dialogs of one INVITE apart. */
  | {
      readonly type: 'progress';
      readonly sdp: string;
      readonly fork: string;
      readonly headers: ExtraHeaders;
      /** Where the leg's signalling came from, as in `IncomingLeg`. */
      readonly signallingAddress?: string;
    }
  | {
      readonly type: 'answered';
      readonly sdp?: string;
      readonly fork: string;
      readonly headers: ExtraHeaders;
      readonly signallingAddress?: string;
    }
  /** The leg never came to be: refused, timed out, cancelled by its own side. */
  | { readonly type: 'rejected'; readonly cause: Cause; readonly headers: ExtraHeaders }
  /** The caller of an incoming leg gave up before the answer. */
  | { readonly type: 'cancelled'; readonly cause: Cause }
  | { readonly type: 'ended'; readonly cause: Cause; readonly headers: ExtraHeaders }
  /**
   * A new offer within the leg (re-INVITE, UPDATE, renegotiation), met by one `reanswer` or
   * `reject-reoffer`. No SDP: it asks us to offer, and its answer comes in `confirmed`.
   */
  | { readonly type: 'reoffered'; readonly sdp?: string }
  | { readonly type: 'reanswered'; readonly sdp: string }
  /** The offer failed and the leg lives; with `retryAfterMs` it may be made again then. */
  | { readonly type: 'reoffer-rejected'; readonly cause: Cause; readonly retryAfterMs?: number }
  /** Our answer was confirmed (ACK); `sdp` when it carried the answer to our offer. */
  | { readonly type: 'confirmed'; readonly sdp?: string }
  | { readonly type: 'dtmf'; readonly digit: string; readonly durationMs: number }
  /** Remote ICE candidates trickled by a browser. */
  | { readonly type: 'candidates'; readonly candidates: readonly string[] }
  /** Hold asked for by the leg's own application (Janus `hold`), to be signalled to the far leg. */
  | { readonly type: 'hold'; readonly direction: 'sendonly' | 'recvonly' | 'inactive' }
  | { readonly type: 'resume' }
  /** The signalling connection behind the leg is gone for now; media goes on. */
  | { readonly type: 'signalling-lost' }
  | { readonly type: 'signalling-back' };

/** From the call to a leg's signalling. */
export type LegCommand =
  /** Makes an outgoing leg. */
  | {
      readonly type: 'invite';
      readonly to: string;
      readonly from: Party;
      readonly offer: string;
      readonly headers: ExtraHeaders;
      /** Name of the configured interface that the leg uses. */
      readonly interface: string;
      /** How the leg reaches its target; made by routing. */
      readonly route: NextHop;
    }
  | { readonly type: 'ring'; readonly headers: ExtraHeaders }
  | { readonly type: 'progress'; readonly sdp: string; readonly headers: ExtraHeaders }
  /** Always carries the SDP, the same as an earlier `progress` gave, or our offer to a late one. */
  | { readonly type: 'answer'; readonly sdp: string; readonly headers: ExtraHeaders }
  | { readonly type: 'reject'; readonly cause: Cause; readonly headers: ExtraHeaders }
  | { readonly type: 'cancel'; readonly cause: Cause }
  | { readonly type: 'hangup'; readonly cause: Cause; readonly headers: ExtraHeaders }
  | { readonly type: 'reoffer'; readonly sdp: string }
  | { readonly type: 'reanswer'; readonly sdp: string }
  | { readonly type: 'reject-reoffer'; readonly cause: Cause }
  | { readonly type: 'dtmf'; readonly digit: string; readonly durationMs: number }
  /** What media says of the leg, for a browser that wants to know. */
  | { readonly type: 'media'; readonly event: LegMediaNews };

export type LegMediaNews =
  | { readonly type: 'connected' }
  | {
      readonly type: 'receiving';
      readonly mid: string;
      readonly kind: 'audio' | 'video';
      readonly receiving: boolean;
      readonly seconds: number;
    }
  | {
      readonly type: 'slow-link';
      readonly mid: string;
      readonly kind: 'audio' | 'video';
      readonly uplink: boolean;
      readonly lost: number;
    };
