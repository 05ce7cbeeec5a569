/** The CPU time of a process and all its descendants, by two accounts that must agree.
 *
 * `nanos` sums the scheduler's run time of every thread (/proc/PID/task/TID/schedstat): it counts
 * in nanoseconds, user and system together, where utime and stime count in 10 ms ticks. It misses
 * a thread that ended in between, which `ticksNanos` (utime + stime of whole processes) does not.
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

/** How busy one core has been since boot, by whomever, and what the hypervisor kept from it. */
export interface CoreSample {
  readonly busyNanos: number;
  readonly stolenNanos: number;
}

export function sampleCore(core: number): CoreSample {
  return parseCore(readFileSync('/proc/stat', 'utf8'), core);
}

/** proc(5): user, nice, system, idle, iowait, irq, softirq, steal, each in ticks. */
export function parseCore(stat: string, core: number): CoreSample {
  const line = stat.split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`no core ${core}`);
  const [user, nice, system, , , irq, softirq, steal] = line.split(/\s+/).slice(1).map(Number);
  const ticks = (...counts: readonly (number | undefined)[]) =>
    NANOS_A_TICK * counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return { busyNanos: ticks(user, nice, system, irq, softirq), stolenNanos: ticks(steal) };
}
