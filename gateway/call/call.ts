/** A call and its legs: the plain values that are the whole state of the call layer. */
import type { Millis } from '../core/time.ts';
import type { LegStatistics, MediaDirection, MediaProcessId } from '../media-contract/contract.ts';
import type { LocalTransport, SourcePolicy, TransportKind } from '../media-contract/transport.ts';
import type { CryptoLine, MediaSource, Negotiation } from '../offer-answer/description.ts';
import type { Target } from '../routing/decision.ts';
import type { CallState } from './call-state.ts';
import type { CallId, Cause, ExtraHeaders, LegId, Party, Signalling } from './leg-contract.ts';

/**
 * How far a leg has come. A caller waits, may get early media, and is answered. A callee's media is
 * opened first, since its invitation needs an address. A leg that is gone takes no more commands.
 */
export type LegState =
  | 'opening'
  | 'waiting'
  | 'inviting'
  | 'ringing'
  | 'early'
  | 'answered'
  | 'gone';

/** What offer/answer within an answered leg waits for. */
export type Renegotiation =
  | { readonly state: 'settled' }
  /** Our offer is out, in a re-INVITE of ours. */
  | { readonly state: 'offered' }
  /** Our offer is out in an answer of ours: theirs is due with the ACK. */
  | { readonly state: 'offered-late' }
  /** Their offer waits for new ICE credentials of ours. */
  | { readonly state: 'restarting'; readonly offer: string };

export interface Leg {
  readonly id: LegId;
  readonly role: 'caller' | 'callee';
  readonly signalling: Signalling;
  readonly interface: string;
  readonly transport: TransportKind;
  readonly party: Party;
  /** The signalling's own call id, once there is one. */
  readonly callId?: string;
  /** The caller's first offer. */
  readonly offer?: string;
  /** Where a callee is to be found. */
  readonly target?: Target;
  /** Names of audio codecs that this leg may use, best first. */
  readonly codecs: readonly string[];
  /** Whether keys in the leg's SDP can be read on the way. */
  readonly readable: boolean;
  state: LegState;
  sources: SourcePolicy;
  /** Our side of the media transport, once it is open. */
  local?: LocalTransport;
  /** The source that we announce to a browser. */
  source?: MediaSource;
  /** SDES keys of ours, the same in every description of the leg (RFC 4568 §7.1.4). */
  crypto: readonly CryptoLine[];
  negotiation?: Negotiation;
  /** The negotiation of each early dialog of a callee, all from the one offer. */
  forks: { [fork: string]: { readonly answer: string; readonly negotiation: Negotiation } };
  /** The early dialog whose media is in force. */
  fork?: string;
  renegotiation: Renegotiation;
  /** What we want to do with media; less than `sendrecv` while held from the other side. */
  wanted: MediaDirection;
  /** `wanted` has not been offered yet, because an exchange was under way. */
  offerOwed: boolean;
  /** When an offer that met a glare may be made again. */
  offerAgainAt?: Millis;
}

/** A media command whose reply changes something. */
export interface PendingCommand {
  readonly op: 'open-leg' | 'restart-ice' | 'configure-leg' | 'close-leg' | 'close-session';
  readonly leg: LegId;
}

/** What the caller must get as soon as its media is open. */
export type Owed = 'nothing' | 'progress' | 'answer';

export interface Call {
  readonly id: CallId;
  readonly from: Party;
  /** Whose call it is, as the caller's leg has it. */
  readonly account?: string;
  readonly to: string;
  readonly headers: ExtraHeaders;
  readonly startedAt: Millis;
  readonly caller: Leg;
  readonly callees: Leg[];
  state: CallState;
  application?: { readonly name: string; state: unknown; deadline?: Millis };
  process?: MediaProcessId;
  /** The callee whose media the caller hears, or the one that answered. */
  heard?: LegId;
  owed: Owed;
  /** Our description as the caller has it; it never changes by what callees do. */
  description?: string;
  answeredAt?: Millis;
  /** The best reason that a callee gave for refusing, while others are still called. */
  refusal?: Cause;
  ending?: { readonly cause: Cause; readonly by: 'caller' | 'callee' | 'gateway' };
  /** Media must be open by then. */
  openBy?: Millis;
  /** Somebody must have answered by then. */
  answerBy?: Millis;
  /** Media must be closed by then. */
  closeBy?: Millis;
  pending: { [command: string]: PendingCommand };
  commands: number;
  statistics: { [leg: LegId]: LegStatistics };
}

export function legsOf(call: Call): Leg[] {
  return [call.caller, ...call.callees];
}

export function legOf(call: Call, id: LegId): Leg | undefined {
  return call.caller.id === id ? call.caller : call.callees.find((leg) => leg.id === id);
}

/** The leg at the other end of the bridge, if there is one. */
export function oppositeOf(call: Call, leg: Leg): Leg | undefined {
  if (leg.role === 'callee') return call.caller;
  return call.heard === undefined ? undefined : legOf(call, call.heard);
}

/** What was agreed on with the leg as it is heard now. */
export function negotiationInForce(leg: Leg): Negotiation | undefined {
  const early = leg.fork === undefined ? undefined : leg.forks[leg.fork];
  return early?.negotiation ?? leg.negotiation;
}

/** The instant at which time itself is this call's next input. */
export function callDeadline(call: Call): Millis | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  for (const at of [call.openBy, call.answerBy, call.closeBy, call.application?.deadline]) {
    if (at !== undefined && at < earliest) earliest = at;
  }
  for (const leg of legsOf(call)) {
    if (leg.offerAgainAt !== undefined && leg.offerAgainAt < earliest) earliest = leg.offerAgainAt;
  }
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
}
