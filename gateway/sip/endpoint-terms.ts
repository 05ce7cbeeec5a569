/** What commands, events and ports of the SIP endpoint speak of: legs, flows, hops, messages. */
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import type { NameAddress } from '../wire/sip/name-address.ts';
import type { SipUri } from '../wire/sip/uri.ts';

/** One side of one call; its key is the call layer's choice for outgoing calls, ours for others. */
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

/** Where a request goes when not simply to its Request-URI. */
export interface Destination {
  readonly transport: SipTransportName;
  readonly address: string;
  readonly port: number;
  /** Prefer this open flow: a registered binding's. */
  readonly flow?: FlowKey | undefined;
}

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

/** Who the authorisation says is asking. */
export interface Identity {
  /** `user` for digest accounts of ours, `trunk` for peers known by source or credentials. */
  readonly kind: 'user' | 'trunk' | 'anonymous';
  readonly name: string;
}
