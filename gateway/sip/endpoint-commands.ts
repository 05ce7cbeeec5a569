/** Commands: what the call layer tells the SIP endpoint to do, as plain values. */
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import type { Parameters } from '../wire/sip/parameters.ts';
import type {
  AccountKey,
  Destination,
  ExchangeKey,
  ForkKey,
  LegKey,
  RegistrationKey,
  RequestKey,
} from './endpoint-terms.ts';

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
