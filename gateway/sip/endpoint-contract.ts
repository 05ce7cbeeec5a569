/** What the call layer and the drivers say to the SIP endpoint, and hear from it: plain values. */
import type { Fault } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import type { NameAddress } from '../wire/sip/name-address.ts';
import type { Parameters } from '../wire/sip/parameters.ts';
import type { SipUri } from '../wire/sip/uri.ts';

/** One side of one call. Chosen by the call layer for outgoing calls, by the endpoint for others. */
export type LegKey = string;
/** One early dialog of an outgoing leg: the remote tag. */
export type ForkKey = string;
/** An inbound request that waits for `respond`. */
export type RequestKey = string;
/** An outbound non-INVITE request, named by the call layer; echoed in its `response`. */
export type ExchangeKey = string;
export type RegistrationKey = string;
/** Whose credentials answer a challenge; `credentialsFor` turns it into a secret. */
export type AccountKey = string;
export type FlowKey = string;

export type SipTransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** A path on which a message arrived: a UDP 5-tuple or one connection. */
export interface Flow {
  readonly key: FlowKey;
  readonly transport: SipTransportName;
  /** Name of the interface (see `SipInterface`) that it arrived on. */
  readonly interfaceName: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Where a message goes: on `flow` while it is open, else to the address from the interface. */
export interface Hop {
  readonly transport: SipTransportName;
  readonly interfaceName: string;
  readonly address: string;
  readonly port: number;
  readonly flow?: FlowKey | undefined;
  /** The host whose certificate is expected, for TLS. */
  readonly serverName?: string | undefined;
}

/** A local address that SIP is spoken on. */
export interface SipInterface {
  readonly name: string;
  readonly transport: SipTransportName;
  readonly bindAddress: string;
  readonly port: number;
  /** What Via, Contact and Record-Route say, except towards `localNetworks`. */
  readonly advertisedAddress?: string | undefined;
  readonly advertisedPort?: number | undefined;
  /** CIDR prefixes that reach `bindAddress` directly. */
  readonly localNetworks?: readonly string[] | undefined;
}

// ---------------------------------------------------------------------------------------------
// Commands: the call layer to the endpoint.

/** Where a request goes when not simply to its Request-URI. */
export interface Destination {
  readonly transport: SipTransportName;
  readonly address: string;
  readonly port: number;
  /** Prefer this open flow: a registered binding's. */
  readonly flow?: FlowKey | undefined;
}

interface OutOfDialog {
  readonly requestUri: string;
  /** Complete name-addr or addr-spec without a tag: `"Alice" <sip:alice@example.org>`. */
  readonly from: string;
  readonly to: string;
  /**
   * More headers; those that the endpoint writes itself are refused (`sip.header-reserved`).
   * Max-Forwards may be among them: what came in, less one; default 70.
   */
  readonly headers?: readonly SipHeader[] | undefined;
  readonly body?: SipBody | undefined;
  /** Outbound proxies, as Route values, outermost first. */
  readonly route?: readonly string[] | undefined;
  /** Overrides where the first hop is; the Request-URI and Route stay as they are. */
  readonly destination?: Destination | undefined;
  readonly interfaceName?: string | undefined;
  readonly account?: AccountKey | undefined;
}

/** A dialog-forming INVITE. Without a body it is a late offer: see `acknowledge`. */
export interface InviteCommand extends OutOfDialog {
  readonly type: 'invite';
  readonly leg: LegKey;
  /** The user part of our Contact; default: the user of `from`. */
  readonly contactUser?: string | undefined;
  /** Give up (CANCEL, `ended` with `no-answer`) if no final answer comes in this time. */
  readonly ringTimeoutMs?: number | undefined;
}

/** Ends an INVITE that has no final response; `ended` follows at once, the rest is ours. */
export interface CancelCommand {
  readonly type: 'cancel';
  readonly leg: LegKey;
  /** For instance `Reason: SIP;cause=200` when another branch answered (RFC 3326). */
  readonly headers?: readonly SipHeader[] | undefined;
}

/** Ends an answered leg; `ended` follows at once. On a leg still early it cancels or refuses. */
export interface ByeCommand {
  readonly type: 'bye';
  readonly leg: LegKey;
  readonly headers?: readonly SipHeader[] | undefined;
}

/** Answers any inbound request: the first INVITE, a re-INVITE, INFO, … 1xx may be repeated. */
export interface RespondCommand {
  readonly type: 'respond';
  readonly request: RequestKey;
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers?: readonly SipHeader[] | undefined;
  readonly body?: SipBody | undefined;
}

/** The answer to an offer that came in a 2xx; due after `answered` with `acknowledge: true`. */
export interface AcknowledgeCommand {
  readonly type: 'acknowledge';
  readonly leg: LegKey;
  readonly body?: SipBody | undefined;
}

/** A re-INVITE in an answered leg; one at a time, else `reinvite-failed` with 491. */
export interface ReinviteCommand {
  readonly type: 'reinvite';
  readonly leg: LegKey;
  readonly headers?: readonly SipHeader[] | undefined;
  readonly body?: SipBody | undefined;
}

/** Any other request within a leg's dialog: INFO, UPDATE, MESSAGE, REFER, NOTIFY, OPTIONS. */
export interface RequestCommand {
  readonly type: 'request';
  readonly exchange: ExchangeKey;
  readonly leg: LegKey;
  /** An early dialog of an outgoing leg; default: the answered one, or the only early one. */
  readonly fork?: ForkKey | undefined;
  readonly method: string;
  readonly headers?: readonly SipHeader[] | undefined;
  readonly body?: SipBody | undefined;
}

/** A request outside any dialog: OPTIONS ping, MESSAGE. */
export interface SendCommand extends OutOfDialog {
  readonly type: 'send';
  readonly exchange: ExchangeKey;
  readonly method: string;
}

/** Registers and keeps registered until `unregister`. The same key again changes it. */
export interface RegisterCommand {
  readonly type: 'register';
  readonly registration: RegistrationKey;
  /** The registrar, as a Request-URI: `sip:example.org`. */
  readonly registrarUri: string;
  /** The address of record: To and From. */
  readonly addressOfRecord: string;
  readonly contactUser: string;
  /** Parameters of our Contact value: `+sip.instance`, `reg-id`, `q`. */
  readonly contactParameters?: Parameters | undefined;
  readonly expiresSeconds?: number | undefined;
  readonly headers?: readonly SipHeader[] | undefined;
  readonly route?: readonly string[] | undefined;
  readonly destination?: Destination | undefined;
  readonly interfaceName?: string | undefined;
  readonly account?: AccountKey | undefined;
}

export interface UnregisterCommand {
  readonly type: 'unregister';
  readonly registration: RegistrationKey;
}

export type SipCommand =
  | InviteCommand
  | CancelCommand
  | ByeCommand
  | RespondCommand
  | AcknowledgeCommand
  | ReinviteCommand
  | RequestCommand
  | SendCommand
  | RegisterCommand
  | UnregisterCommand;

// ---------------------------------------------------------------------------------------------
// Events: the endpoint to the call layer.

/** An inbound request as the call layer and the authorisation see it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly requestUri: SipUri;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  /** Every header in order, canonical names (`Call-ID`), values unfolded and trimmed. */
  readonly headers: readonly SipHeader[];
  readonly body?: SipBody | undefined;
  readonly flow: Flow;
}

/** What a response says, without what only the endpoint needs. */
export interface ReceivedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly SipHeader[];
  readonly body?: SipBody | undefined;
  /** The peer it came from, as media may come from there too; none if we made it up. */
  readonly source?: Destination | undefined;
}

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

/** Who the authorisation says is asking. */
export interface Identity {
  /** `user` for digest accounts of ours, `trunk` for peers known by source or credentials. */
  readonly kind: 'user' | 'trunk' | 'anonymous';
  readonly name: string;
}

export type SipEvent =
  /** A new call. 100 is already sent. `replaces` and late offers are visible in the headers. */
  | {
      readonly type: 'incoming-invite';
      readonly leg: LegKey;
      readonly request: RequestKey;
      readonly received: ReceivedRequest;
      readonly identity: Identity;
    }
  /** Any 1xx to our INVITE; 100 has no `fork`. */
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

// ---------------------------------------------------------------------------------------------
// Ports and options given at construction.

/** Digest credentials of ours: a password, or its HA1 per algorithm. */
export interface DigestCredentials {
  readonly username: string;
  readonly password?: string | undefined;
  readonly ha1?: { readonly [algorithm in DigestAlgorithm]?: string } | undefined;
}

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export type Verdict =
  | { readonly type: 'accept'; readonly identity: Identity }
  /** Digest is wanted; the endpoint checks it and asks again with `authenticated` set. */
  | {
      readonly type: 'challenge';
      readonly realm: string;
      /** In the order offered; default MD5 alone. */
      readonly algorithms?: readonly DigestAlgorithm[] | undefined;
      /** 407 and Proxy-Authenticate instead of 401. */
      readonly proxy?: boolean | undefined;
    }
  | {
      readonly type: 'reject';
      readonly status: number;
      readonly reason?: string | undefined;
      readonly headers?: readonly SipHeader[] | undefined;
    }
  | { readonly type: 'drop' };

export interface AuthorisationQuery {
  readonly received: ReceivedRequest;
  /** Set on the second question, after the digest was verified. */
  readonly authenticated?: { readonly username: string; readonly realm: string } | undefined;
}

export interface SipPorts {
  /** Asked for every dialog-forming or stand-alone request before any state is made. */
  authorise(query: AuthorisationQuery): Verdict;
  /** The verifier's side: what we know of a user who claims to be `username` in `realm`. */
  userCredentials(realm: string, username: string): DigestCredentials | undefined;
  /** The client's side: only for the destination and realm that own the account. */
  accountCredentials(query: {
    readonly account: AccountKey;
    readonly realm: string;
    readonly destination: Hop;
  }): DigestCredentials | undefined;
}

export interface SipOptions {
  readonly interfaces: readonly SipInterface[];
  /** The User-Agent and Server headers. */
  readonly productName: string;
  /** Methods handed to the application as `incoming-request`; others meet 405 or 501. */
  readonly applicationMethods: readonly string[];
  /** Option tags that the application understands: Supported, and no 420. */
  readonly extensions: readonly string[];
  /** Body types accepted in INVITE; others meet 415. */
  readonly acceptedBodyTypes: readonly string[];
  readonly registrar: RegistrarOptions;
  /** Key of the digest nonces: the same in every process that shares users; 32 octets in hex. */
  readonly nonceKey: string;
  readonly maxTransactions?: number | undefined;
  readonly maxLegs?: number | undefined;
}

export interface RegistrarOptions {
  readonly minExpiresSeconds: number;
  readonly defaultExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  readonly maxContacts: number;
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
