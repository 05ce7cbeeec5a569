/** What is known of a call while it lives and once it is over, as values for people and records. */
import type { Millis } from '../core/time.ts';
import type { LegStatistics } from '../media-contract/contract.ts';
import type { TransportKind } from '../media-contract/transport.ts';
import type { CallState } from './call-state.ts';
import type { CallId, Cause, LegId, Signalling } from './leg-contract.ts';

export interface LegSummary {
  readonly leg: LegId;
  readonly role: 'caller' | 'callee';
  readonly signalling: Signalling;
  readonly transport: TransportKind;
  readonly party: string;
  /** The signalling's own call id. */
  readonly callId?: string;
  /** What we send, e.g. `opus`, once that is agreed. */
  readonly codec?: string;
  /** SRTP keys were exchanged over signalling that others could read. */
  readonly keyExposed: boolean;
}

/** A call as the console and the API list it. Instants are of the machine's clock. */
export interface CallSummary {
  readonly call: CallId;
  readonly state: CallState;
  readonly from: string;
  readonly to: string;
  readonly application?: string;
  readonly process?: string;
  readonly startedAt: Millis;
  readonly answeredAt?: Millis;
  readonly legs: readonly LegSummary[];
}

/** What remains of a call. */
export interface CallRecord extends CallSummary {
  readonly endedAt: Millis;
  readonly cause: Cause;
  /** Which side ended it. */
  readonly endedBy: 'caller' | 'callee' | 'gateway';
  readonly statistics: { readonly [leg: LegId]: LegStatistics };
}
