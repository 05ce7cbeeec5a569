/** `npm run check`: everything that needs no addon, no peer and no network, under a minute. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuickChecks } from './check/quick.mjs';
import { sum, tellFailures } from './check/results.mjs';
import { main } from './console/steps.mjs';
import { prepare } from './setup/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

main(async () => {
  const { node } = await prepare({ root, needs: ['runtime', 'npm'] });
  const results = await runQuickChecks({ root, node });
  process.stderr.write(`\n${tellFailures(results)}`);
  const { passed, failed } = sum(results);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});
