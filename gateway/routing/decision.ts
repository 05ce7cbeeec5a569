/** What routing is asked and what it decides: values that the call layer and the console share. */
import type { TransportKind } from '../media-contract/transport.ts';

/** Who calls, by the identity that was proven, never by what the call says of itself. */
export type Caller =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'trunk'; readonly name: string }
  /** A client of the browser APIs, with its own registration if it has one. */
  | { readonly kind: 'client'; readonly registration?: string }
  | { readonly kind: 'stranger' };

export interface RouteRequest {
  readonly caller: Caller;
  /** Whether the caller itself is on loopback. */
  readonly local: boolean;
  /** The URI asked for. */
  readonly to: string;
}

/** Whether a far leg is encrypted by SDES. */
export type SrtpPolicy = 'off' | 'preferred' | 'required';

/** How one branch of a call reaches its target. */
export type NextHop =
  /** Straight to the URI, or through a proxy; `credentials` names who answers a challenge. */
  | {
      readonly kind: 'sip';
      readonly trunk?: string;
      readonly proxy?: string;
      readonly transport?: 'udp' | 'tcp';
      readonly credentials?: string;
    }
  /** To one binding of a registered SIP phone: `flow` is a key of the location. */
  | { readonly kind: 'binding'; readonly contact: string; readonly flow: string }
  /** To a browser application's handle. */
  | { readonly kind: 'janus'; readonly handle: string };

/** One branch: where to, and what media it may be offered. */
export interface Target {
  readonly hop: NextHop;
  /** The URI called. */
  readonly to: string;
  /** Replaces the caller's own address, for accounts that may only call as themselves. */
  readonly from?: string;
  readonly interface: string;
  readonly transport: TransportKind;
  readonly srtp: SrtpPolicy;
  /** Names of audio codecs, best first. */
  readonly codecs: readonly string[];
  readonly mediaNetworks: readonly string[];
  readonly anySource: boolean;
}

/** `rule` names what decided, for the trace and for people. */
export type Decision =
  | { readonly type: 'application'; readonly application: string; readonly rule: string }
  /** Every target is called at once; the first to answer wins. Never empty. */
  | { readonly type: 'call'; readonly targets: readonly Target[]; readonly rule: string }
  | {
      readonly type: 'reject';
      readonly status: number;
      readonly reason: string;
      readonly rule: string;
    };
