/** Drives the lives of sibling processes: spawns, listens, signals, and sets the one timer. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Log } from '../../core/log.ts';
import { type Clock, earlier, type Millis } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import { parseChildMessage } from './child-contract.ts';
import { type ChildInput, ChildLife, type ChildOutput } from './child-life.ts';

/** A process to keep alive. */
export interface ChildPlan {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Options of the runtime itself. */
  readonly execArgv: readonly string[];
}

export interface ChildProcessesOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Every process serves; `page` is where the web page is. Told again after each restart. */
  readonly onReady: (page: string | undefined) => void;
  /** One process can't work as it is configured. */
  readonly onGaveUp: (name: string) => void;
  /** A process was spawned or is gone. */
  readonly onProcess?: (name: string, pid: number | undefined) => void;
}

interface Child {
  readonly plan: ChildPlan;
  readonly life: ChildLife;
  process: ChildProcess | undefined;
  ready: boolean;
  /** Set while someone waits for the child to be stopped for good. */
  stopped: (() => void) | undefined;
}

export class ChildProcesses {
  readonly #options: ChildProcessesOptions;
  readonly #children: Child[];
  #page: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(plans: readonly ChildPlan[], options: ChildProcessesOptions) {
    this.#options = options;
    this.#children = plans.map((plan) => ({
      plan,
      life: new ChildLife(),
      process: undefined,
      ready: false,
      stopped: undefined,
    }));
  }

  start(): void {
    for (const child of this.#children) this.#feed(child, { type: 'start' });
  }

  /** Stops the named processes gracefully, side by side, and resolves when they are gone. */
  async stop(names: readonly string[]): Promise<void> {
    const chosen = this.#children.filter(({ plan }) => names.includes(plan.name));
    await Promise.all(chosen.map((child) => this.#stopOne(child)));
  }

  /** Ends every process at once, without grace. */
  kill(): void {
    for (const child of this.#children) child.process?.kill('SIGKILL');
  }

  #stopOne(child: Child): Promise<void> {
    if (child.life.snapshot().state.name === 'stopped') return Promise.resolve();
    return new Promise((resolve) => {
      child.stopped = resolve;
      this.#feed(child, { type: 'stop' });
    });
  }

  #feed(child: Child, input: ChildInput): void {
    child.life.handle(input, this.#options.clock.now());
    this.#drain(child);
    this.#schedule();
  }

  #drain(child: Child): void {
    for (let output = child.life.poll(); output !== undefined; output = child.life.poll()) {
      this.#obey(child, output);
    }
  }

  #obey(child: Child, output: ChildOutput): void {
    const { log } = this.#options;
    const { name } = child.plan;
    switch (output.type) {
      case 'spawn':
        return this.#spawn(child);
      case 'terminate':
        child.process?.kill('SIGTERM');
        return;
      case 'kill':
        log.error('process.killed', { name, reason: output.reason });
        child.process?.kill('SIGKILL');
        return;
      case 'ended':
        log.error('process.ended', {
          name,
          reason: output.reason,
          restartInMs: output.restartInMs,
        });
        return;
      case 'stopped':
        log.debug('process.stopped', { name });
        child.stopped?.();
        return;
      case 'gave-up':
        child.stopped?.();
        this.#options.onGaveUp(name);
        return;
      default:
        unreachable(output);
    }
  }

  #spawn(child: Child): void {
    const { plan } = child;
    const started = fork(plan.file, [...plan.args], { execArgv: [...plan.execArgv] });
    child.process = started;
    this.#options.onProcess?.(plan.name, started.pid);
    started.on('message', (value) => this.#hear(child, value));
    // Without a handler a failed spawn would end the supervisor; the exit below tells the rest.
    started.on('error', (error) =>
      this.#options.log.error('process.error', { name: plan.name, detail: error.message }),
    );
    started.once('exit', (code, signal) => {
      child.process = undefined;
      child.ready = false;
      this.#options.onProcess?.(plan.name, undefined);
      this.#feed(child, {
        type: 'exited',
        code: code ?? undefined,
        ...(signal === null ? {} : { signal }),
      });
    });
  }

  #hear(child: Child, value: unknown): void {
    const message = parseChildMessage(value);
    if (message === undefined) return;
    this.#feed(child, { type: message.type === 'ready' ? 'ready' : 'heard' });
    if (message.type !== 'ready') return;
    child.ready = true;
    this.#page = message.page ?? this.#page;
    if (this.#children.every(({ ready }) => ready)) this.#options.onReady(this.#page);
  }

  /** One timer for all, at the earliest deadline. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const deadline = this.#children.reduce<Millis | undefined>(
      (soonest, { life }) => earlier(soonest, life.deadline()),
      undefined,
    );
    if (deadline === undefined) return;
    const delay = Math.max(0, Math.ceil(deadline - this.#options.clock.now()));
    this.#timer = setTimeout(() => this.#wake(), delay);
  }

  #wake(): void {
    const now = this.#options.clock.now();
    for (const child of this.#children) {
      child.life.handleTimeout(now);
      this.#drain(child);
    }
    this.#schedule();
  }
}
