/** What a runner found, and the sum over all runners: `N passed, N failed`. */

/**
 * What one runner found; each failure is a text.
 * @typedef {{ name: string, passed: number, failed: number, failures?: string[], note?: string }}
 * Result
 */

/**
 * The result as it counts: a runner that executed nothing has failed.
 * @param {Result} result
 */
export function counted({ name, passed, failed, failures = [], note }) {
  if (passed + failed > 0) return { name, passed, failed, failures, note };
  return { name, passed: 0, failed: 1, failures: [`${name}: no test ran`], note };
}

/** A single thing that is good or not, as one test. */
export function asOneTest(name, { code, output }) {
  return code === 0
    ? { name, passed: 1, failed: 0, failures: [] }
    : { name, passed: 0, failed: 1, failures: [output] };
}

/** Every failure in full, in the order of the runners. */
export function tellFailures(results) {
  return results
    .flatMap(({ name, failures }) =>
      failures.map((failure) => `── ${name}\n${failure.trimEnd()}\n`),
    )
    .join('\n');
}

export function sum(results) {
  const total = (key) => results.reduce((count, result) => count + result[key], 0);
  return { passed: total('passed'), failed: total('failed') };
}
