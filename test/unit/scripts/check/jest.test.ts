/** What counts as passed and failed in a report of jest. */
import { describe, expect, test } from '@jest/globals';
import { summarise } from '../../../../scripts/check/jest.mjs';

function suite(...statuses: string[]) {
  return {
    name: '/x/test/unit/a.test.ts',
    message: 'cannot find module',
    startTime: 0,
    endTime: 10,
    assertionResults: statuses.map((status) => ({
      status,
      fullName: 'it works',
      failureMessages: ['boom'],
    })),
  };
}

function report(testResults: object[], counts: object = {}) {
  return {
    success: true,
    numPassedTests: 1,
    numTotalTests: 1,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults,
    ...counts,
  };
}

describe('summary of a jest report', () => {
  test('passed tests are counted', () => {
    expect(summarise(report([suite('passed')]))).toEqual({ passed: 1, failures: [], slow: [] });
  });

  test('each failed test is told with its title and message', () => {
    const { failures } = summarise(report([suite('failed', 'passed', 'failed')]));
    expect(failures).toEqual(['it works\nboom', 'it works\nboom']);
  });

  test('a suite that could not load is a failure', () => {
    const { failures } = summarise(report([suite()]));
    expect(failures).toEqual(['/x/test/unit/a.test.ts\ncannot find module']);
  });

  test.each([
    ['no report at all', undefined, 'jest left no report'],
    ['no test', report([], { numTotalTests: 0 }), 'no test ran'],
    ['skipped tests', report([suite('passed')], { numPendingTests: 2 }), '2 tests are skipped'],
    ['tests to be written', report([suite('passed')], { numTodoTests: 1 }), '1 tests are skipped'],
    [
      'a failure outside the tests',
      report([suite('passed')], { success: false }),
      'outside the tests',
    ],
  ])('%s is a failure', (_, given, said) => {
    const { failures } = summarise(given);
    expect(failures).toEqual([expect.stringContaining(said)]);
  });

  test('suites over 5 s are named', () => {
    const slow = { ...suite('passed'), endTime: 6_000 };
    expect(summarise(report([slow])).slow).toEqual(['unit/a.test.ts 6000 ms']);
  });
});
