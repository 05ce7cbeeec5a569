/** A process and all that descend from it, as /proc tells (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  readonly name: string;
  readonly parentId: number;
  /** utime + stime of all threads, ended ones included. */
  readonly cpuTicks: number;
}

/** The content of /proc/PID/stat: the name stands in parentheses and may hold any character. */
export function parseStat(stat: string): ProcessStat {
  const nameEnd = stat.lastIndexOf(')');
  const fields = stat.slice(nameEnd + 2).split(' ');
  return {
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    parentId: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

/** The process ids of the root and its descendants, parents before their children. */
export function processTree(rootProcessId: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const processId = Number(entry);
    const stat = Number.isInteger(processId) ? readStat(processId) : undefined;
    if (stat !== undefined) parents.set(processId, stat.parentId);
  }
  return descendants(rootProcessId, parents);
}

/** The same from a table of each process's parent. */
export function descendants(
  rootProcessId: number,
  parents: ReadonlyMap<number, number>,
): readonly number[] {
  const tree = [rootProcessId];
  for (const member of tree) {
    for (const [processId, parentId] of parents) if (parentId === member) tree.push(processId);
  }
  return tree;
}

export function isAlive(processId: number): boolean {
  return readStat(processId) !== undefined;
}

/** Undefined for a process that has ended, be it since the listing. */
function readStat(processId: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}
