/** One supervised process as a sans-IO machine: start, watch, restart with back-off, stop. */
import type { Millis } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import { EXIT_CONFIGURATION } from './child-contract.ts';

/** Silence after which a process counts as hung; its first word may take longer. */
export const HUNG_AFTER_MS = 3_000;
export const STARTUP_MS = 30_000;
/** Restarts come at once after a long life, ever later after short ones. */
export const FIRST_RESTART_MS = 100;
export const LAST_RESTART_MS = 5_000;
export const LONG_LIFE_MS = 30_000;
/** How long a process may take to stop gracefully. */
export const STOP_GRACE_MS = 10_000;

export type ChildInput =
  | { readonly type: 'start' }
  | { readonly type: 'heard' }
  | { readonly type: 'ready' }
  | { readonly type: 'exited'; readonly code: number | undefined; readonly signal?: string }
  | { readonly type: 'stop' };

export type ChildOutput =
  | { readonly type: 'spawn' }
  /** Asks the process to end. */
  | { readonly type: 'terminate' }
  /** Ends the process. */
  | { readonly type: 'kill'; readonly reason: 'hung' | 'stop-took-too-long' }
  /** It will be tried again. */
  | { readonly type: 'ended'; readonly reason: string; readonly restartInMs: number }
  | { readonly type: 'stopped' }
  /** It can't work as it is configured, and is not tried again. */
  | { readonly type: 'gave-up' };

/** A killed process is running until its exit is seen. */
type State =
  | { readonly name: 'idle' }
  | { readonly name: 'running'; readonly since: Millis; readonly silentUntil: Millis }
  | { readonly name: 'killed'; readonly since: Millis }
  | { readonly name: 'waiting'; readonly until: Millis }
  | { readonly name: 'stopping'; readonly killAt: Millis }
  | { readonly name: 'stopped' };

export interface ChildSnapshot {
  readonly state: State;
  readonly wasReady: boolean;
  readonly backOffMs: number;
}

export class ChildLife {
  #state: State;
  #wasReady: boolean;
  #backOffMs: number;
  readonly #outputs: ChildOutput[] = [];

  constructor(snapshot?: ChildSnapshot) {
    this.#state = snapshot?.state ?? { name: 'idle' };
    this.#wasReady = snapshot?.wasReady ?? false;
    this.#backOffMs = snapshot?.backOffMs ?? FIRST_RESTART_MS;
  }

  handle(input: ChildInput, now: Millis): void {
    switch (input.type) {
      case 'start':
        if (this.#state.name === 'idle') this.#spawn(now);
        return;
      case 'ready':
        this.#wasReady = true;
        return this.#heard(now);
      case 'heard':
        return this.#heard(now);
      case 'exited':
        return this.#exited(input, now);
      case 'stop':
        return this.#stop(now);
      default:
        unreachable(input);
    }
  }

  handleTimeout(now: Millis): void {
    const due = this.deadline();
    if (due === undefined || now < due) return;
    if (this.#state.name === 'waiting') this.#spawn(now);
    else if (this.#state.name === 'running') this.#kill('hung', now);
    else if (this.#state.name === 'stopping') this.#kill('stop-took-too-long', now);
  }

  poll(): ChildOutput | undefined {
    return this.#outputs.shift();
  }

  deadline(): Millis | undefined {
    switch (this.#state.name) {
      case 'running':
        return this.#state.silentUntil;
      case 'waiting':
        return this.#state.until;
      case 'stopping':
        return this.#state.killAt;
      case 'idle':
      case 'killed':
      case 'stopped':
        return undefined;
      default:
        return unreachable(this.#state);
    }
  }

  snapshot(): ChildSnapshot {
    return { state: this.#state, wasReady: this.#wasReady, backOffMs: this.#backOffMs };
  }

  #spawn(now: Millis): void {
    this.#state = { name: 'running', since: now, silentUntil: now + STARTUP_MS };
    this.#outputs.push({ type: 'spawn' });
  }

  #heard(now: Millis): void {
    if (this.#state.name !== 'running') return;
    this.#state = { ...this.#state, silentUntil: now + HUNG_AFTER_MS };
  }

  /** Dead at once: what has begun to stop stays stopped, what hung is restarted. */
  #kill(reason: 'hung' | 'stop-took-too-long', now: Millis): void {
    this.#outputs.push({ type: 'kill', reason });
    if (this.#state.name === 'running') this.#state = { name: 'killed', since: this.#state.since };
    else this.#state = { name: 'stopping', killAt: now + STOP_GRACE_MS };
  }

  #exited(input: { code: number | undefined; signal?: string }, now: Millis): void {
    if (this.#state.name === 'stopping') {
      this.#state = { name: 'stopped' };
      this.#outputs.push({ type: 'stopped' });
      return;
    }
    if (this.#state.name !== 'running' && this.#state.name !== 'killed') return;
    if (input.code === EXIT_CONFIGURATION && !this.#wasReady) {
      this.#state = { name: 'stopped' };
      this.#outputs.push({ type: 'gave-up' });
      return;
    }
    if (now - this.#state.since >= LONG_LIFE_MS) this.#backOffMs = FIRST_RESTART_MS;
    const restartInMs = this.#backOffMs;
    this.#backOffMs = Math.min(this.#backOffMs * 2, LAST_RESTART_MS);
    this.#state = { name: 'waiting', until: now + restartInMs };
    const reason = input.signal ?? `exit code ${input.code ?? 'unknown'}`;
    this.#outputs.push({ type: 'ended', reason, restartInMs });
  }

  #stop(now: Millis): void {
    switch (this.#state.name) {
      case 'running':
        this.#state = { name: 'stopping', killAt: now + STOP_GRACE_MS };
        this.#outputs.push({ type: 'terminate' });
        return;
      case 'killed':
        this.#state = { name: 'stopping', killAt: now + STOP_GRACE_MS };
        return;
      case 'idle':
      case 'waiting':
        this.#state = { name: 'stopped' };
        this.#outputs.push({ type: 'stopped' });
        return;
      case 'stopping':
      case 'stopped':
        return;
      default:
        unreachable(this.#state);
    }
  }
}
