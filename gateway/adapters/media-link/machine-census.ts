/** What the operating system and V8 know of this process, for the census. */
import { readdirSync } from 'node:fs';
import type { Census } from '../../media/census.ts';

export const machineCensus: Census = {
  descriptors: () => readdirSync('/proc/self/fd').length,
  heapUsedBytes: () => process.memoryUsage().heapUsed,
  residentBytes: () => process.memoryUsage.rss(),
  // There with --expose-gc only. Compiled code that nobody runs any more goes, too.
  collectGarbage: () =>
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
};
