import { describe, expect, test } from '@jest/globals';
import { descendants, parseStat } from '../../../bench/process-tree.ts';

describe('process tree', () => {
  test('a name may hold spaces and parentheses', () => {
    const stat = '42 (a) b (c) S 7 42 42 0 -1 4194560 1 0 0 0 30 12 0 0 20 0 1 0';
    expect(parseStat(stat)).toEqual({ name: 'a) b (c', parentId: 7, cpuTicks: 42 });
  });

  test('grandchildren belong to the tree, whatever the order of the table', () => {
    const parents = new Map([
      [30, 20],
      [20, 10],
      [21, 10],
      [99, 1],
      [10, 1],
    ]);
    expect(descendants(10, parents)).toEqual([10, 20, 21, 30]);
  });
});
