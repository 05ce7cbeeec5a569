/** What each process of a gateway holds in memory, and what it gained between two looks. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Census, RunningGateway } from '../../test/support/gateway/running-gateway.ts';

export interface Holding {
  readonly process: string;
  readonly heapUsedBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
}

export interface Growth {
  readonly process: string;
  readonly heapBytesPerCall: number;
  readonly residentPercent: number;
  readonly descriptors: number;
  readonly before: Holding;
  readonly after: Holding;
}

/** What finalizers free is free at the next collection only; the least of some is what is held. */
const LOOKS = 5;
const BETWEEN_LOOKS_MS = 500;

/** Collects garbage in every process, repeatedly, and gives what is held then. */
export async function holdings(gateway: RunningGateway): Promise<readonly Holding[]> {
  let least: readonly Holding[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    const now = holdingsIn(await gateway.census({ collected: true }));
    least = now.map((each, index) => {
      const { heapUsedBytes, residentBytes } = least[index] ?? each;
      return {
        ...each,
        heapUsedBytes: Math.min(each.heapUsedBytes, heapUsedBytes),
        residentBytes: Math.min(each.residentBytes, residentBytes),
      };
    });
    await wait(BETWEEN_LOOKS_MS);
  }
  return least;
}

export function growth(
  before: readonly Holding[],
  after: readonly Holding[],
  calls: number,
): readonly Growth[] {
  return before.map((first, index) => {
    const last = after[index]!;
    return {
      process: first.process,
      heapBytesPerCall: Math.round((last.heapUsedBytes - first.heapUsedBytes) / calls),
      residentPercent: percent(last.residentBytes - first.residentBytes, first.residentBytes),
      descriptors: last.descriptors - first.descriptors,
      before: first,
      after: last,
    };
  });
}

function holdingsIn({ signalling, media }: Census): readonly Holding[] {
  return [{ process: 'signalling', ...signalling }, ...media].map(
    ({ process, heapUsedBytes, residentBytes, descriptors }) => {
      return { process, heapUsedBytes, residentBytes, descriptors };
    },
  );
}

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 100;
}
