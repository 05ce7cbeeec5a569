import { describe, expect, test } from '@jest/globals';
import { DelayEstimator } from '../../../../../gateway/media/codec/delay-estimator.ts';

/** Observes a packet every 20 ms, the nth late by `latenessOf(n)`. */
function observe(estimator: DelayEstimator, packets: number, latenessOf: (n: number) => number) {
  for (let n = 0; n < packets; n += 1) estimator.observe(n * 20, 1000 + n * 20 + latenessOf(n));
}

describe('DelayEstimator', () => {
  test('asks for the least wait that it tells apart on a network without jitter', () => {
    const estimator = new DelayEstimator();
    observe(estimator, 500, () => 0);
    expect(estimator.tolerableLateness()).toBe(4);
  });

  test('asks for the lateness that all but the latest three in a hundred stay within', () => {
    const estimator = new DelayEstimator();
    observe(estimator, 1000, (n) => (n % 50 === 49 ? 200 : n % 10 === 0 ? 40 : 0));
    expect(estimator.tolerableLateness()).toBeGreaterThanOrEqual(40);
    expect(estimator.tolerableLateness()).toBeLessThan(48);
  });

  test('forgets a path that was faster after ten seconds', () => {
    const estimator = new DelayEstimator();
    observe(estimator, 1100, (n) => (n < 100 ? 0 : 100));
    expect(estimator.latenessOf(1100 * 20, 1000 + 1100 * 20 + 100)).toBe(0);
  });
});
