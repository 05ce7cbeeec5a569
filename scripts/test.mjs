/** `npm test`: the checks, every test, the native cores, the real peers, short soaks; one sum. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runJest } from './check/jest.mjs';
import { runQuickChecks, tellStep } from './check/quick.mjs';
import { asOneTest, sum, tellFailures } from './check/results.mjs';
import { run } from './console/run.mjs';
import { main } from './console/steps.mjs';
import { prepare } from './setup/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MINUTE_MS = 60_000;
/** How much of a soak the tests run: enough to see that it works, and its grossest finds. */
const SOAK_PERCENT = 3;

main(async () => {
  const needs = ['runtime', 'npm', 'native', 'page'];
  const { node } = await prepare({ root, needs, debian: ['run', 'test'] });
  const results = [];
  results.push(...(await runQuickChecks({ root, node })));
  await runProject(node, results, 'fuzz', 5 * MINUTE_MS);
  await runNativeCores(node, results);
  await runProject(node, results, 'native', 8 * MINUTE_MS);
  await runProject(node, results, 'interop', 30 * MINUTE_MS);
  await runSoaks(node, results);

  process.stderr.write(`\n${tellFailures(results)}\n`);
  const { passed, failed } = sum(results);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

/** The C++ cores by themselves, under sanitizers, against vectors and libraries, and fuzzed. */
function runNativeCores(node, results) {
  return tellStep(results, 'native cores', async () => {
    const { testNative } = await import('./test-native.mjs');
    return { name: 'native cores', ...(await testNative({ node, log: tell })) };
  });
}

/** Jest projects beyond the quick ones run one test file at a time: peers share the machine. */
function runProject(node, results, project, timeoutMs) {
  return tellStep(results, project, () =>
    runJest({
      root,
      node,
      name: project,
      projects: [project],
      args: ['--runInBand', '--silent'],
      show: true,
      timeoutMs,
    }),
  );
}

async function runSoaks(node, results) {
  const folder = join(root, 'soak');
  if (!existsSync(folder)) return;
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  for (const file of files) {
    const name = `soak ${file.slice(0, -'.ts'.length)}`;
    const args = ['--expose-gc', join(folder, file), '--percent', String(SOAK_PERCENT)];
    await tellStep(results, name, async () =>
      asOneTest(name, await run(node, args, { cwd: root, timeoutMs: 5 * MINUTE_MS })),
    );
  }
}

function tell(line) {
  process.stderr.write(`  ${line}\n`);
}
