/** What the relay benchmark asks of a relay: start it, set up a call through it, stop it. */
import type { CallDescription } from './call-description.ts';

/** How the caller's side is keyed; the callee's side is always plain RTP. */
export type Scenario = 'sdes' | 'dtls';

/** The relay's own ends of a call, as it described them to the caller and to the callee. */
export interface RelayedCall {
  readonly towardsCaller: CallDescription;
  readonly towardsCallee: CallDescription;
}

export interface RunningRelay {
  /** Its first process; all of its others descend from this one. */
  readonly processId: number;
  /** Sets up one call between what the two ends say of themselves. */
  call(caller: CallDescription, callee: CallDescription): Promise<RelayedCall>;
  /** Ends the calls and the processes. */
  stop(): Promise<void>;
}

export interface RelayUnderTest {
  readonly name: 'rtpengine' | 'causeway';
  version(): string;
  /** The command that `start` runs, for the record. */
  readonly command: readonly string[];
  /** Starts with all its threads pinned to `core`, and resolves once it takes calls. */
  start(core: number): Promise<RunningRelay>;
}
