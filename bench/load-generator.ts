/** Builds, starts and drives the load generator in C under bench/load. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { CallDescription } from './call-description.ts';

const SOURCES = join(import.meta.dirname, 'load');
const BUILD = join(import.meta.dirname, '../build/bench');
const COMPILER = 'gcc';
const FLAGS = ['-std=gnu17', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Wshadow', '-Werror'];
const LIBRARIES = ['-lssl', '-lcrypto'];

export interface LoadPlan {
  /** What is due within a tick is sent at once. */
  readonly tickMicros: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export interface LoadPercentiles {
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** Counts of the packets sent within the measured window, and of oddities that arrived in it. */
export interface LoadResult {
  readonly sent: number;
  readonly received: number;
  readonly receivedByEvenLegs: number;
  readonly receivedByOddLegs: number;
  readonly sentPerStream: number;
  readonly fewestPerStream: number;
  readonly refused: number;
  readonly duplicates: number;
  readonly misdirected: number;
  readonly forged: number;
  readonly corrupt: number;
  readonly renumbered: number;
  readonly rtcp: number;
  readonly delayMicros: LoadPercentiles;
  readonly tickLatenessMicros: LoadPercentiles;
}

type LoadEvent =
  | { readonly event: 'ready'; readonly fingerprint: string }
  | { readonly event: 'connected' | 'window-open' | 'window-close' }
  | ({ readonly event: 'result' } & LoadResult)
  | { readonly event: 'error'; readonly message: string };

/** Compiles unless a build of these very sources is there; returns the program's path. */
export function buildLoadGenerator(): string {
  const names = readdirSync(SOURCES).sort();
  const hash = createHash('sha256').update(JSON.stringify([COMPILER, FLAGS, LIBRARIES]));
  for (const name of names) hash.update(name).update(readFileSync(join(SOURCES, name)));
  const program = join(BUILD, `relay-load-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(BUILD, { recursive: true });
  const units = names.filter((name) => name.endsWith('.c')).map((name) => join(SOURCES, name));
  const unfinished = `${program}.${process.pid}`;
  execFileSync(COMPILER, [...FLAGS, '-o', unfinished, ...units, ...LIBRARIES], {
    stdio: 'inherit',
  });
  renameSync(unfinished, program);
  return program;
}

/** Where leg `index` of a generator is bound; its RTCP is one port above. */
export function legPort(firstPort: number, index: number): number {
  return firstPort + 2 * index;
}

/** The line that tells the generator how leg `index` reaches the relay. */
export function planLine(index: number, ours: CallDescription, theirs: CallDescription): string {
  const { address, port } = theirs.endpoint;
  const line = (...words: readonly (string | number)[]) => ['leg', index, ...words].join(' ');
  if (theirs.keying.kind === 'sdes' && ours.keying.kind === 'sdes') {
    return line('sdes', address, port, ours.keying.key, theirs.keying.key);
  }
  if (theirs.keying.kind === 'dtls' && ours.keying.kind === 'dtls') {
    const { ufrag, password, fingerprint } = theirs.keying;
    return line('dtls', address, port, ufrag, password, ours.keying.ufrag, fingerprint);
  }
  if (theirs.keying.kind !== 'none' || ours.keying.kind !== 'none') {
    throw new Error(`offered ${ours.keying.kind}, answered ${theirs.keying.kind}`);
  }
  return line('rtp', address, port);
}

export interface LoadGeneratorOptions {
  readonly legs: number;
  readonly address: string;
  readonly firstPort: number;
  readonly core: number;
}

export class LoadGenerator {
  /** Of the certificate that all DTLS legs present. */
  readonly fingerprint: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #events: AsyncIterator<LoadEvent>;

  static async start(options: LoadGeneratorOptions): Promise<LoadGenerator> {
    const { legs, address, firstPort, core } = options;
    const child = spawn(buildLoadGenerator(), [legs, address, firstPort, core].map(String), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const events = readEvents(child.stdout);
    const ready = await next(events, 'ready');
    return new LoadGenerator(child, events, ready.fingerprint);
  }

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    events: AsyncIterator<LoadEvent>,
    fingerprint: string,
  ) {
    this.#child = child;
    this.#events = events;
    this.fingerprint = fingerprint;
  }

  /** Takes the legs' plan lines, and resolves once every leg has its keys. */
  async connect(planLines: readonly string[]): Promise<void> {
    this.#child.stdin.write(`${[...planLines, 'connect'].join('\n')}\n`);
    await next(this.#events, 'connected');
  }

  /** `onWindow` is called as the measured window opens, and again as it closes, under load. */
  async run(plan: LoadPlan, onWindow: () => void): Promise<LoadResult> {
    this.#child.stdin.write(`run ${plan.tickMicros} ${plan.warmupMs} ${plan.measureMs}\n`);
    await next(this.#events, 'window-open');
    onWindow();
    await next(this.#events, 'window-close');
    onWindow();
    const { event: _, ...result } = await next(this.#events, 'result');
    return result;
  }

  close(): void {
    this.#child.stdin.end();
  }
}

async function* readEvents(stdout: Readable): AsyncGenerator<LoadEvent> {
  for await (const line of createInterface({ input: stdout })) yield JSON.parse(line) as LoadEvent;
}

async function next<Name extends LoadEvent['event']>(
  events: AsyncIterator<LoadEvent>,
  name: Name,
): Promise<Extract<LoadEvent, { event: Name }>> {
  const { value, done } = await events.next();
  const event = done === true ? undefined : (value as LoadEvent);
  if (event?.event === 'error') throw new Error(`load generator: ${event.message}`);
  if (event?.event !== name) throw new Error(`load generator: ended before "${name}"`);
  return event as Extract<LoadEvent, { event: Name }>;
}
