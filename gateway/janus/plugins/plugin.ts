/** What a plugin is to the face: what it tells of itself, and one machine for each handle. */
import type {
  ClientAccountCommand,
  ClientAccountEvent,
} from '../../account/client-accounts-contract.ts';
import type { Cause, IncomingLeg, LegCommand, LegEvent, LegId } from '../../call/leg-contract.ts';
import type { ApiPeer } from '../contract.ts';
import type { Jsep } from '../jsep.ts';
import type { JsonObject, JsonValue } from '../json.ts';

export interface Plugin {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
  /** Makes the machine of a new handle, or of one restored from its snapshot. */
  open(outlet: PluginOutlet, snapshot?: JsonValue): PluginHandle;
}

/** A `message` request to a handle. */
export interface PluginMessage {
  readonly transaction: string;
  readonly body: JsonObject;
  readonly jsep?: Jsep;
  readonly peer: ApiPeer;
}

/** Why a handle's call ends from the client's side without its plugin having been asked. */
export type HandleEnding = 'hangup' | 'detached' | 'session-destroyed' | 'session-lost';

const CAUSE_OF_ENDING = {
  hangup: 'normal',
  detached: 'normal',
  'session-destroyed': 'client-closed',
  'session-lost': 'client-timeout',
} as const;

export function causeOfEnding(ending: HandleEnding): Cause {
  return { name: CAUSE_OF_ENDING[ending] };
}

/** Every message is answered `ack` by the face; what it leads to comes as events. */
export interface PluginHandle {
  /** The leg whose signalling this handle is, while it has a call. */
  readonly leg: LegId | undefined;
  message(message: PluginMessage): void;
  /** A command for this handle's leg; `invite` makes that leg. */
  command(leg: LegId, command: LegCommand): void;
  accountEvent(event: ClientAccountEvent): void;
  /** What is known of the call, as `inspect` asked. */
  callFacts(transaction: string, facts: JsonObject): void;
  /** The client closed the PeerConnection, or the handle goes away. */
  end(ending: HandleEnding): void;
  snapshot(): JsonValue;
}

/** What a handle's machine can do; nothing of it answers at once. */
export interface PluginOutlet {
  readonly handle: number;
  /** The configured interface that the handle's media uses. */
  readonly mediaInterface: string;
  /** Sends an event; what answers a request carries the request's transaction. */
  event(data: JsonObject, more?: { readonly transaction?: string; readonly jsep?: Jsep }): void;
  /** Tells the client that the handle's PeerConnection is over. */
  hangup(reason: string): void;
  /** Begins a call from this handle; the call answers by commands. */
  openLeg(leg: NewLeg): LegId;
  legEvent(leg: LegId, event: LegEvent): void;
  account(command: ClientAccountCommand): void;
  inspect(leg: LegId, transaction: string): void;
  randomCallId(): string;
}

export type NewLeg = Pick<
  IncomingLeg,
  'from' | 'to' | 'offer' | 'headers' | 'callId' | 'application' | 'farKeying' | 'registration'
> & { readonly peer: ApiPeer };
