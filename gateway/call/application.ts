/** What an application that answers calls itself must do, and all that it is told. */

import type { Millis } from '../core/time.ts';
import type { MediaSource } from '../media-contract/contract.ts';
import type { Cause, ExtraHeaders, Party } from './leg-contract.ts';

/** What an application may know of the call that reached it. */
export interface OfferedCall {
  readonly call: string;
  readonly from: Party;
  readonly to: string;
  readonly headers: ExtraHeaders;
}

export type ApplicationInput =
  | { readonly type: 'offered'; readonly call: OfferedCall }
  /** Media flows for the first time. */
  | { readonly type: 'connected' }
  | { readonly type: 'dtmf'; readonly digit: string; readonly durationMs: number }
  /** The application's own deadline has passed. */
  | { readonly type: 'time' };

export type ApplicationAction =
  | { readonly type: 'ring' }
  | { readonly type: 'answer' }
  /** What the caller hears from now on. */
  | { readonly type: 'play'; readonly source: MediaSource }
  /** Refuses the call, or hangs up once it is answered. */
  | { readonly type: 'end'; readonly cause: Cause };

/** One step: the new state, which is plain JSON, and what is to be done, in order. */
export interface ApplicationStep {
  readonly state: unknown;
  readonly actions: readonly ApplicationAction[];
  readonly deadline?: Millis;
}

/** An application is one pure function; the call keeps its state and forgets it at the end. */
export interface CallApplication {
  readonly name: string;
  step(state: unknown, input: ApplicationInput, now: Millis): ApplicationStep;
}
