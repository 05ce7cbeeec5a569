/** Runs programs: to their end, or for as long as a test needs them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end; rejects with what it wrote when it fails. */
export async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(command, args, { maxBuffer: 64 * 1_024 * 1_024 });
  return stdout;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
}

/** A program that runs beside a test. What it writes is kept for the report of a failure. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #output = '';
  readonly #watchers = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    this.name = command;
    this.#child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-200_000);
      for (const watcher of this.#watchers) watcher();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', () => resolve(null));
      this.#child.on('exit', (code) => resolve(code));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves once the program has written `text`. */
  async says(text: string | RegExp, withinMs = 20_000): Promise<void> {
    const said = () =>
      typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output);
    if (said()) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (outcome: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        outcome();
      };
      const look = () => {
        if (said()) finish(resolve);
      };
      const fail = (why: string) =>
        finish(() => reject(new Error(`${this.name} ${why} without ${text}:\n${this.#output}`)));
      const timer = setTimeout(() => fail('went on'), withinMs);
      this.#watchers.add(look);
      void this.#ended.then(() => (said() ? finish(resolve) : fail('ended')));
    });
  }

  /** Resolves to the exit status. */
  async ends(withinMs = 60_000): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.name} does not end:\n${this.#output}`)),
        withinMs,
      );
    });
    try {
      return await Promise.race([this.#ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Asks it to stop, and makes it stop when it does not. */
  async stop(patienceMs = 5_000): Promise<void> {
    this.kill('SIGTERM');
    await this.ends(patienceMs).catch(() => this.kill());
    await this.#ended;
  }
}

/** Resolves once `probe` gives something; rejects after the time allowed. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  withinMs = 20_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
