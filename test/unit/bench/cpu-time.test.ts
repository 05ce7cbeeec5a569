import { describe, expect, test } from '@jest/globals';
import { cpuSpent, parseCore, parseRunTime } from '../../../bench/cpu-time.ts';

const sample = (ticksNanos: number, threads: readonly [number, number][]) => ({
  ticksNanos,
  threads: new Map(threads.map(([id, nanos]) => [id, { name: `thread ${id}`, nanos }])),
});

describe('CPU time', () => {
  test('the run time of a thread is the first number of its schedstat', () => {
    expect(parseRunTime('501135 69373 1\n')).toBe(501135);
  });

  test('what was spent is the sum over threads, the busiest first, idle ones left out', () => {
    const spent = cpuSpent(
      sample(100, [
        [1, 10],
        [2, 20],
        [3, 5],
      ]),
      sample(400, [
        [1, 11],
        [2, 50],
        [3, 5],
      ]),
    );
    expect(spent).toEqual({
      nanos: 31,
      ticksNanos: 300,
      threads: [
        { name: 'thread 2', nanos: 30 },
        { name: 'thread 1', nanos: 1 },
      ],
    });
  });

  test('a thread that began in between counts from nothing', () => {
    expect(cpuSpent(sample(0, []), sample(0, [[4, 7]])).nanos).toBe(7);
  });

  test("a core's busy time is all but idle, waiting and what was stolen", () => {
    const stat =
      'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 2 3 400 50 6 7 8 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\n';
    expect(parseCore(stat, 0)).toEqual({ busyNanos: 19e7, stolenNanos: 8e7 });
    expect(() => parseCore(stat, 2)).toThrow('no core 2');
  });
});
