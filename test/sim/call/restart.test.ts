/** Lives of calls under a seed: a restart at any step changes nothing, and nothing is left. */
import { describe, expect, test } from '@jest/globals';
import { CallBench, NOTHING_LEFT } from '../../support/call/call-bench.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { liveThrough } from './random-calls.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const STEPS = 150;

/** Lives without a restart: many a test looks at them, and changes nothing. */
const undisturbed = new Map<number, CallBench>();

function liveUndisturbed(seed: number): CallBench {
  const known = undisturbed.get(seed) ?? live(seed, 0);
  undisturbed.set(seed, known);
  return known;
}

function live(seed: number, restartShare: number): CallBench {
  const bench = new CallBench(seed);
  const dice = new SeededRandom(seed + 1_000);
  bench.restarts = () => dice.next() < restartShare;
  liveThrough(bench, seed, STEPS);
  return bench;
}

describe('the back-to-back user agent', () => {
  test('says the same, word for word, when it is restarted at random steps', () => {
    for (const seed of SEEDS) {
      expect(live(seed, 0.3).outputs).toEqual(liveUndisturbed(seed).outputs);
    }
  });

  test('leaves no call, leg, timer or command behind, nor any media', () => {
    let calls = 0;
    for (const seed of SEEDS) {
      const bench = liveUndisturbed(seed);
      expect(bench.remains()).toEqual(NOTHING_LEFT);
      calls += bench.records().length;
    }
    expect(calls).toBeGreaterThan(SEEDS.length * 8);
  });

  test('writes exactly one record for each call that was offered', () => {
    for (const seed of SEEDS) {
      const bench = live(seed, 0.1);
      const offered = bench.facts().filter((event) => event === 'call.offered').length;
      const recorded = bench.records().map(({ call }) => call);
      expect(new Set(recorded).size).toBe(offered);
      expect(recorded).toHaveLength(offered);
    }
  });

  test('tells a leg nothing more once that leg is over', () => {
    for (const seed of SEEDS) {
      const over = new Set<string>();
      for (const output of liveUndisturbed(seed).outputs) {
        if (output.type !== 'leg-command') continue;
        expect(over).not.toContain(output.leg);
        if (['reject', 'cancel', 'hangup'].includes(output.command.type)) over.add(output.leg);
      }
    }
  });
});
