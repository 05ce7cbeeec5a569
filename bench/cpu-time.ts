/**
 * The CPU time of a process and all its descendants, by two accounts of the kernel.
 *
 * `nanos` sums the scheduler's run time of every thread (/proc/PID/task/TID/schedstat): it counts
 * in nanoseconds, user and system together, where utime and stime count in 10 ms ticks. It misses
 * a thread that ended in between; `ticksNanos` (utime + stime of whole processes) does not, so the
 * two must agree.
 */
import { readdirSync, readFileSync } from 'node:fs';

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

export interface ProcessStat {
  readonly name: string;
  readonly parentId: number;
  /** utime + stime of all threads, ended ones included. */
  readonly cpuTicks: number;
}

/** proc(5): the name stands in parentheses and may itself hold any character. */
export function parseStat(stat: string): ProcessStat {
  const nameEnd = stat.lastIndexOf(')');
  const fields = stat.slice(nameEnd + 2).split(' ');
  return {
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    parentId: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

function processTree(rootProcessId: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const processId = Number(entry);
    const stat = Number.isInteger(processId) ? readStat(processId) : undefined;
    if (stat === undefined) continue;
    children.set(stat.parentId, [...(children.get(stat.parentId) ?? []), processId]);
  }
  const tree = [rootProcessId];
  for (let i = 0; i < tree.length; i += 1) tree.push(...(children.get(tree[i] ?? 0) ?? []));
  return tree;
}

/** Any process may end between the listing and the reading; ours may not, and would throw later. */
function readStat(processId: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}
