/** Runs jest and reads what it found from its own report, never from its console. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../console/run.mjs';

/** Suites slower than this are named, so that the check stays under its minute. */
const SLOW_SUITE_MS = 5_000;

/**
 * Runs one set of jest projects and resolves with a result (see `results.mjs`). A run without a
 * report, or one in which no test ran, is a failure: nothing that didn't happen counts as good.
 */
export async function runJest({ root, node, name, projects, args = [], show = false, timeoutMs }) {
  const directory = join(root, 'build/reports');
  const report = join(directory, `jest-${name.replaceAll(/[^a-z]+/g, '-')}.json`);
  await mkdir(directory, { recursive: true });
  await rm(report, { force: true });
  const command = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const options = ['--selectProjects', ...projects, '--json', `--outputFile=${report}`, ...args];
  const { output } = await run(node, [...command, ...options], { cwd: root, show, timeoutMs });
  const { passed, failures, slow } = summarise(await readReport(report));
  // Without a report, what jest said is all there is to go by.
  if (passed === 0 && output !== '') failures.push(output);
  return { name, passed, failed: failures.length, failures, note: slow.join(', ') };
}

/** Passed tests, failures and slow suites of a report; a suite that can't load is a failure. */
export function summarise(report) {
  if (report === undefined) return { passed: 0, failures: ['jest left no report'], slow: [] };
  const failures = report.testResults.flatMap((suite) =>
    suite.assertionResults.length === 0
      ? [`${suite.name}\n${suite.message}`]
      : suite.assertionResults.filter(({ status }) => status === 'failed').map(describeFailure),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) failures.push(`${skipped} tests are skipped or still to be written`);
  if (report.numTotalTests === 0) failures.push('no test ran');
  if (failures.length === 0 && !report.success) failures.push('jest failed outside the tests');
  const slow = report.testResults
    .filter((suite) => suite.endTime - suite.startTime > SLOW_SUITE_MS)
    .map(
      (suite) => `${suite.name.replace(/.*\/test\//, '')} ${suite.endTime - suite.startTime} ms`,
    );
  return { passed: report.numPassedTests, failures, slow };
}

function describeFailure({ fullName, failureMessages }) {
  const own = failureMessages.map((message) =>
    message
      .split('\n')
      .filter((line) => !/^\s+at .*(node_modules|node:internal)/.test(line))
      .join('\n'),
  );
  return `${fullName}\n${own.join('\n')}`;
}

async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
