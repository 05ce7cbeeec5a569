/**
 * The CPU time of a process and all its descendants, by two accounts of the kernel.
 *
 * `nanos` sums the scheduler's run time of every thread (/proc/PID/task/TID/schedstat): it counts
 * in nanoseconds, user and system together, where utime and stime count in 10 ms ticks. It misses
 * a thread that ended in between; `ticksNanos` (utime + stime of whole processes) does not, so the
 * two must agree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseStat, processTree } from './process-tree.ts';

/** Linux has shown user space 100 ticks a second on every architecture Node runs on. */
const NANOS_A_TICK = 10_000_000;

export interface CpuSample {
  /** Run time of each thread, by thread id. */
  readonly threads: ReadonlyMap<number, { readonly name: string; readonly nanos: number }>;
  readonly ticksNanos: number;
}

export interface CpuSpent {
  readonly nanos: number;
  readonly ticksNanos: number;
  /** Threads that ran at all, the busiest first. */
  readonly threads: readonly { readonly name: string; readonly nanos: number }[];
}

export function sampleCpu(rootProcessId: number): CpuSample {
  const threads = new Map<number, { name: string; nanos: number }>();
  let ticksNanos = 0;
  for (const processId of processTree(rootProcessId)) {
    const stat = parseStat(readFileSync(`/proc/${processId}/stat`, 'utf8'));
    ticksNanos += stat.cpuTicks * NANOS_A_TICK;
    for (const threadId of readdirSync(`/proc/${processId}/task`)) {
      const directory = `/proc/${processId}/task/${threadId}`;
      threads.set(Number(threadId), {
        name: `${stat.name}/${readFileSync(`${directory}/comm`, 'utf8').trim()}`,
        nanos: parseRunTime(readFileSync(`${directory}/schedstat`, 'utf8')),
      });
    }
  }
  return { threads, ticksNanos };
}

/** A thread that was not there before has run for all of its time since. */
export function cpuSpent(before: CpuSample, after: CpuSample): CpuSpent {
  const threads = [...after.threads]
    .map(([id, { name, nanos }]) => ({ name, nanos: nanos - (before.threads.get(id)?.nanos ?? 0) }))
    .filter(({ nanos }) => nanos > 0)
    .sort((a, b) => b.nanos - a.nanos);
  return {
    nanos: threads.reduce((sum, { nanos }) => sum + nanos, 0),
    ticksNanos: after.ticksNanos - before.ticksNanos,
    threads,
  };
}

/** Run time in nanoseconds, the first of schedstat's three numbers. */
export function parseRunTime(schedstat: string): number {
  return Number(schedstat.split(' ')[0]);
}
