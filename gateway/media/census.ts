/** Counts of what a media process holds: its own by bookkeeping, the machine's by asking it. */
import type { MediaCensus } from '../media-contract/contract.ts';

/** What the machine knows of the process. */
export interface Census {
  descriptors(): number;
  heapUsedBytes(): number;
  residentBytes(): number;
  /** Does nothing where the process was not started with that ability. */
  collectGarbage(): void;
}

type Counts = Omit<MediaCensus, 'descriptors' | 'heapUsedBytes' | 'residentBytes'>;

export function takeCensus(census: Census, counts: Counts, collectGarbage: boolean): MediaCensus {
  if (collectGarbage) census.collectGarbage();
  return {
    ...counts,
    descriptors: census.descriptors(),
    heapUsedBytes: census.heapUsedBytes(),
    residentBytes: census.residentBytes(),
  };
}
