/** Process ids on disk: one gateway for a data directory, and nothing left over from a dead one. */
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, type Result, succeed } from '../../core/result.ts';

const POLL_MS = 50;
/** After so long an old process that was asked to end is killed. */
const LEFTOVER_GRACE_MS = 3_000;

export class ProcessFiles {
  readonly #directory: string;

  /** The directory is made, for its owner only. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Claims the directory for the process that runs `file`; fails while another one holds it. */
  claim(name: string, file: string): Result<void> {
    if (this.#create(name)) return succeed(undefined);
    const holder = this.#read(name);
    if (holder !== undefined && holder !== process.pid && runs(holder, file)) {
      return fail('process.already-running', `process ${holder} runs on ${this.#directory}`);
    }
    this.write(name, undefined);
    return this.#create(name)
      ? succeed(undefined)
      : fail('process.already-running', `another process starts on ${this.#directory}`);
  }

  write(name: string, pid: number | undefined): void {
    const path = this.#path(name);
    if (pid === undefined) rmSync(path, { force: true });
    else writeFileSync(path, `${pid}\n`, { mode: 0o600 });
  }

  /** Ends the process that a dead supervisor left under this name, if it still runs `file`. */
  async endLeftover(name: string, file: string): Promise<number | undefined> {
    const pid = this.#read(name);
    if (pid === undefined || !runs(pid, file)) return undefined;
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; runs(pid, file); waited += POLL_MS) {
      if (waited >= LEFTOVER_GRACE_MS) signal(pid, 'SIGKILL');
      await wait(POLL_MS);
    }
    this.write(name, undefined);
    return pid;
  }

  /** Of two that try at once, one succeeds. */
  #create(name: string): boolean {
    try {
      writeFileSync(this.#path(name), `${process.pid}\n`, { mode: 0o600, flag: 'wx' });
      return true;
    } catch {
      return false;
    }
  }

  #read(name: string): number | undefined {
    try {
      const pid = Number.parseInt(readFileSync(this.#path(name), 'utf8'), 10);
      return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.pid`);
  }
}

/** Whether the process lives and was started with the file: ids are used again by others. */
function runs(pid: number, file: string): boolean {
  try {
    const directory = readlinkSync(`/proc/${pid}/cwd`);
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word !== '' && resolve(directory, word) === file);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between, which is what was wanted.
  }
}
