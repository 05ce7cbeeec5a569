/** Child processes of a benchmark: started pinned to a core, their last words kept, ended by id. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processTree } from './process-tree.ts';

const LAST_WORDS = 4000;
const END_PATIENCE_MS = 5000;
const POLL_MS = 50;

export interface PinnedProcess {
  readonly processId: number;
  /** The end of what it wrote to stdout and stderr. */
  lastWords(): string;
  /** Resolves when it has ended, by itself or by `end`. */
  readonly ended: Promise<void>;
  /** SIGTERM; resolves when its descendants have ended too, with SIGKILL for who does not. */
  end(): Promise<void>;
}

/** Those that have been started and have not ended. */
const running = new Set<ChildProcess>();

/** A benchmark that is stopped leaves no relay behind, which would disturb the next one. */
export function endAllWhenStopped(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await Promise.all([...running].map((child) => endChild(child)));
      process.exit(1);
    });
  }
}

/** `taskset` execs the command, so that the process id is the command's own. */
export function startPinned(
  core: number,
  command: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): PinnedProcess {
  const child = spawn('taskset', ['--cpu-list', String(core), ...command], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error(`cannot start ${command.join(' ')}`);
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
  }
  running.add(child);
  const ended = once(child, 'exit').then(() => {
    running.delete(child);
  });
  return {
    processId: child.pid,
    lastWords: () => words,
    ended,
    end: () => endChild(child),
  };
}

/** Descendants are asked for before, for an orphan is nobody's descendant any more. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const family = processTree(child.pid);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_PATIENCE_MS);
  await ended;
  clearTimeout(impatience);
  const until = performance.now() + END_PATIENCE_MS;
  while (family.some(isAlive) && performance.now() < until) await sleep(POLL_MS);
  for (const processId of family.filter(isAlive)) process.kill(processId, 'SIGKILL');
}

/** Tries `probe` until it resolves, and gives up with its error, or when the process has ended. */
export async function untilReady(
  started: PinnedProcess,
  probe: () => Promise<unknown>,
  patienceMs: number,
): Promise<void> {
  const start = performance.now();
  let gone = false;
  started.ended.then(() => {
    gone = true;
  });
  for (;;) {
    try {
      await probe();
      // What answered may be somebody else, on the port that this one wanted.
      if (!gone) return;
      throw new Error('another process answers in its place');
    } catch (error) {
      if (gone) throw new Error(`ended before it was ready:\n${started.lastWords()}`);
      if (performance.now() - start > patienceMs) {
        await started.end();
        throw new Error(`not ready: ${error}\n${started.lastWords()}`);
      }
      await sleep(POLL_MS);
    }
  }
}
