/** The face of the SIP endpoint for the call layer and the drivers: events, inputs, outputs. */
import type { Fault } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import type { SipCommand } from './endpoint-commands.ts';
import type {
  Destination,
  ExchangeKey,
  Flow,
  FlowKey,
  ForkKey,
  Hop,
  Identity,
  LegKey,
  ReceivedRequest,
  ReceivedResponse,
  RegistrationKey,
  RequestKey,
  SipTransportName,
} from './endpoint-terms.ts';

export type * from './endpoint-commands.ts';
export type * from './endpoint-options.ts';
export type * from './endpoint-terms.ts';

/** Why a leg is over. Every leg gets exactly one. */
export type EndCause =
  /** A final non-2xx from the far end: status, reason, headers (Contact of a 3xx, Reason …). */
  | { readonly type: 'rejected'; readonly response: ReceivedResponse }
  /** The far end hung up. */
  | { readonly type: 'bye'; readonly headers: readonly SipHeader[] }
  /** The far end cancelled its INVITE before we answered. */
  | { readonly type: 'cancelled'; readonly headers: readonly SipHeader[] }
  /** We ended it: `bye`, `cancel`, or `respond` with a final non-2xx. */
  | { readonly type: 'local' }
  /** No final answer within `ringTimeoutMs`. */
  | { readonly type: 'no-answer' }
  /** Timer B, or Timer F of a request that a dialog cannot survive. */
  | { readonly type: 'timeout' }
  /** No ACK came to our 2xx; BYE was sent (RFC 3261 §13.3.1.4). */
  | { readonly type: 'no-ack' }
  /** A request in the dialog met 408 or 481 (RFC 3261 §12.2.1.2). */
  | { readonly type: 'dialog-lost'; readonly status: number }
  /** No address for the target, connection refused, no interface that reaches it. */
  | { readonly type: 'unreachable'; readonly fault: Fault }
  /** A command that cannot be put on the wire. */
  | { readonly type: 'invalid'; readonly fault: Fault };

export type SipEvent =
  /** A new call. 100 is already sent. `replaces` and late offers are visible in the headers. */
  | {
      readonly type: 'incoming-invite';
      readonly leg: LegKey;
      readonly request: RequestKey;
      readonly received: ReceivedRequest;
      readonly identity: Identity;
    }
  /** Any 1xx to our INVITE; 100 has no `fork`, nor has one too many. */
  | {
      readonly type: 'provisional';
      readonly leg: LegKey;
      readonly fork?: ForkKey | undefined;
      readonly response: ReceivedResponse;
    }
  /**
   * The first 2xx to our INVITE. With `acknowledge` the 2xx holds an offer and the ACK waits for
   * the `acknowledge` command; otherwise it has been sent. Later 2xx of other forks are ACKed and
   * BYEd inside, and other forks get `fork-ended`.
   */
  | {
      readonly type: 'answered';
      readonly leg: LegKey;
      readonly fork: ForkKey;
      readonly response: ReceivedResponse;
      readonly acknowledge: boolean;
    }
  | { readonly type: 'fork-ended'; readonly leg: LegKey; readonly fork: ForkKey }
  /** The ACK to our 2xx, of the first INVITE or a re-INVITE; its body answers a late offer. */
  | {
      readonly type: 'acknowledged';
      readonly leg: LegKey;
      readonly body?: SipBody | undefined;
    }
  | { readonly type: 'ended'; readonly leg: LegKey; readonly cause: EndCause }
  | {
      readonly type: 'incoming-reinvite';
      readonly leg: LegKey;
      readonly request: RequestKey;
      readonly received: ReceivedRequest;
    }
  /** The far end cancelled its re-INVITE: 487 is sent, the old session stands. */
  | { readonly type: 'reinvite-cancelled'; readonly leg: LegKey; readonly request: RequestKey }
  | {
      readonly type: 'reinvite-answered';
      readonly leg: LegKey;
      readonly response: ReceivedResponse;
      readonly acknowledge: boolean;
    }
  /** Our re-INVITE failed and the dialog lives. `retryAfterMs` is set after 491 (§14.1). */
  | {
      readonly type: 'reinvite-failed';
      readonly leg: LegKey;
      readonly response: ReceivedResponse;
      readonly retryAfterMs?: number | undefined;
    }
  /** A request for the application: in a leg's dialog, or outside any. Answer with `respond`. */
  | {
      readonly type: 'incoming-request';
      readonly request: RequestKey;
      readonly leg?: LegKey | undefined;
      readonly received: ReceivedRequest;
      readonly identity?: Identity | undefined;
    }
  /** The final response to `request` or `send`; a missing one is 408 without headers. */
  | {
      readonly type: 'response';
      readonly exchange: ExchangeKey;
      readonly response: ReceivedResponse;
    }
  | {
      readonly type: 'registration';
      readonly registration: RegistrationKey;
      readonly state: RegistrationState;
    }
  | { readonly type: 'binding'; readonly change: BindingChange }
  /** A command that named something unknown or impossible, and had no leg to end. */
  | { readonly type: 'refused'; readonly command: SipCommand['type']; readonly fault: Fault };

export type RegistrationState =
  | { readonly type: 'registering' }
  | {
      readonly type: 'registered';
      readonly expiresSeconds: number;
      readonly headers: readonly SipHeader[];
    }
  /** Tried again after `retryAfterMs`, or never when undefined. */
  | {
      readonly type: 'failed';
      readonly status: number;
      readonly reason: string;
      readonly headers: readonly SipHeader[];
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly type: 'unregistered' };

/** One registered Contact of a local user (RFC 3261 §10.3), with the way to reach it. */
export interface Binding {
  /** `sip:alice@example.org`, canonical, without parameters. */
  readonly addressOfRecord: string;
  readonly contact: string;
  /** In thousandths: 1000 is q=1. */
  readonly q: number;
  readonly expiresAt: Millis;
  readonly callId: string;
  readonly cseq: number;
  /** The observed source: where requests to this contact go. */
  readonly destination: Destination;
  readonly interfaceName: string;
  readonly userAgent?: string | undefined;
  readonly identity: Identity;
  readonly path: readonly string[];
  readonly instanceId?: string | undefined;
}

export interface BindingChange {
  readonly type: 'added' | 'refreshed' | 'removed' | 'expired' | 'flow-lost';
  readonly binding: Binding;
}

// ---------------------------------------------------------------------------------------------
// The driver's side.

export type SipInput =
  | { readonly type: 'command'; readonly command: SipCommand }
  /** One whole message: a datagram, or what the stream framing cut out. */
  | { readonly type: 'received'; readonly flow: Flow; readonly bytes: Uint8Array }
  /** A connection is gone. */
  | { readonly type: 'flow-closed'; readonly flow: FlowKey }
  /** A `send` could not be carried out. */
  | { readonly type: 'send-failed'; readonly transaction: string; readonly detail: string }
  /** The answer to `resolve`: hops in the order to try; none means unknown. */
  | {
      readonly type: 'resolved';
      readonly query: string;
      readonly addresses: readonly ResolvedAddress[];
    };

export interface ResolvedAddress {
  readonly transport: SipTransportName;
  readonly address: string;
  readonly port: number;
}

export type SipOutput =
  | {
      readonly type: 'send';
      readonly hop: Hop;
      readonly bytes: Uint8Array;
      /** Named in `send-failed`. */
      readonly transaction: string;
    }
  /** Find addresses for a host name (RFC 3263); answered by `resolved`. */
  | {
      readonly type: 'resolve';
      readonly query: string;
      readonly host: string;
      readonly port?: number | undefined;
      readonly transport?: SipTransportName | undefined;
      readonly secure: boolean;
    }
  /** The peer must be cut off: hostile or beyond recovery. */
  | { readonly type: 'close-flow'; readonly flow: FlowKey; readonly reason: string }
  | { readonly type: 'event'; readonly event: SipEvent }
  | { readonly type: 'trace'; readonly record: SipTraceRecord };

/** A message on the wire, for the ring of its call. Credentials are still in it. */
export interface SipTraceRecord {
  readonly direction: 'in' | 'out';
  readonly callId: string;
  readonly leg?: LegKey | undefined;
  readonly transport: SipTransportName;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** `INVITE`, `200 INVITE`, `malformed`. */
  readonly summary: string;
  readonly bytes: Uint8Array;
}

/** What is alive, for leak checks and metrics. */
export interface SipCounts {
  readonly transactions: number;
  readonly dialogs: number;
  readonly timers: number;
  readonly legs: number;
  /** Requests of ours on their way, and of peers that wait for an answer. */
  readonly requests: number;
  readonly registrations: number;
  readonly bindings: number;
}
