import { expect, test } from '@jest/globals';
import { takeCensus } from '../../../../gateway/media/census.ts';

test('a census asks the machine, after a collection only if that is wanted', () => {
  let collections = 0;
  const machine = {
    descriptors: () => 12,
    heapUsedBytes: () => 1_000 - collections,
    residentBytes: () => 2_000,
    collectGarbage: () => {
      collections += 1;
    },
  };
  const counts = { sessions: 1, legs: 2, timers: 3, portsInUse: 4, portsDraining: 5 };
  const machineCounts = { descriptors: 12, residentBytes: 2_000 };
  expect(takeCensus(machine, counts, false)).toEqual({
    ...counts,
    ...machineCounts,
    heapUsedBytes: 1_000,
  });
  expect(takeCensus(machine, counts, true).heapUsedBytes).toBe(999);
  expect(collections).toBe(1);
});
