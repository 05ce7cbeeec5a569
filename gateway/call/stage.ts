/** What the rules of a call may use: time, randomness, options, and ways to say something. */
import type { Random } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import type { MediaCommand, MediaProcessId } from '../media-contract/contract.ts';
import type { Decision, RouteRequest } from '../routing/decision.ts';
import type { CallApplication } from './application.ts';
import type { B2buaOutput, CallFact } from './b2bua-contract.ts';
import type { Call, Leg, PendingCommand } from './call.ts';
import { type CallMove, nextCallState } from './call-state.ts';
import type { LegCommand } from './leg-contract.ts';

export interface CallLimits {
  /** Calls at once; more are refused as congestion. */
  readonly calls: number;
  /** Calls that one user of ours has begun and that are up at once. */
  readonly callsPerUser: number;
  /** How long somebody may ring. */
  readonly answerMs: number;
  /** How long a media process may take to open a leg. */
  readonly openMs: number;
  /** How long a media process may take to close a call before it is forgotten. */
  readonly closeMs: number;
}

export interface B2buaOptions {
  readonly limits: CallLimits;
  /** By the name that routing gives. */
  readonly applications: { readonly [name: string]: CallApplication };
  /** Routing, over whatever is registered at this moment. */
  route(request: RouteRequest): Decision;
}

export interface Stage {
  readonly now: Millis;
  readonly random: Random;
  readonly options: B2buaOptions;
  /** Calls of each media process that can take calls. */
  readonly processes: ReadonlyMap<MediaProcessId, number>;
  /** Whether one more call may be taken. */
  readonly admitting: 'yes' | 'full' | 'stopping';
  emit(output: B2buaOutput): void;
}

export function tellLeg(stage: Stage, leg: Leg, command: LegCommand): void {
  stage.emit({ type: 'leg-command', signalling: leg.signalling, leg: leg.id, command });
}

/** Sends a media command to the call's process, if that lives; a `pending` reply is waited for. */
export function tellMedia(
  stage: Stage,
  call: Call,
  command: MediaCommand,
  pending?: PendingCommand,
): void {
  if (call.process === undefined || !stage.processes.has(call.process)) return;
  call.commands += 1;
  const id = `${call.id}.${call.commands}`;
  if (pending !== undefined) call.pending[id] = pending;
  stage.emit({ type: 'media-command', process: call.process, id, command });
}

export function note(
  stage: Stage,
  call: Call,
  event: string,
  fields: CallFact['fields'] = {},
  leg?: Leg,
): void {
  const about = leg === undefined ? { call: call.id } : { call: call.id, leg: leg.id };
  stage.emit({ type: 'fact', fact: { ...about, event, fields } });
}

/** Moves the call; false where the move is impossible and nothing may follow from it. */
export function move(stage: Stage, call: Call, how: CallMove): boolean {
  const next = nextCallState(call.state, how);
  if (next === undefined) return false;
  if (next !== call.state) {
    note(stage, call, 'call.state', { from: call.state, to: next });
    call.state = next;
  }
  return true;
}
