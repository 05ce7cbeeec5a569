/** The sum over all runners, in which nothing that didn't happen counts as good. */
import { describe, expect, test } from '@jest/globals';
import { asOneTest, counted, sum, tellFailures } from '../../../../scripts/check/results.mjs';

describe('results', () => {
  test('a runner in which no test ran has failed', () => {
    expect(counted({ name: 'sim', passed: 0, failed: 0 })).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a runner that ran is counted as it is', () => {
    expect(counted({ name: 'sim', passed: 3, failed: 1, failures: ['x'] })).toMatchObject({
      passed: 3,
      failed: 1,
      failures: ['x'],
    });
  });

  test('a tool is one test, and its output the failure', () => {
    expect(asOneTest('types', { code: 0, output: '' })).toMatchObject({ passed: 1, failed: 0 });
    expect(asOneTest('types', { code: 2, output: 'TS1' })).toMatchObject({
      failed: 1,
      failures: ['TS1'],
    });
  });

  test('the sum is over all runners, and every failure is told under its runner', () => {
    const results = [
      { name: 'a', passed: 2, failed: 0, failures: [] },
      { name: 'b', passed: 1, failed: 2, failures: ['one', 'two'] },
    ];
    expect(sum(results)).toEqual({ passed: 3, failed: 2 });
    expect(tellFailures(results)).toBe('── b\none\n\n── b\ntwo\n');
  });
});
