/** `npm run bench:NAME`: sets up what is missing, then runs `bench/NAME.ts` with the arguments. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, Refusal } from './console/steps.mjs';
import { prepare } from './setup/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NAMES = ['relay'];

main(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (!NAMES.includes(name)) {
    throw new Refusal(
      `Usage: npm run bench:NAME -- [options]\n\nNAME is one of: ${NAMES.join(', ')}`,
    );
  }
  const needs = ['runtime', 'npm', 'native', 'page'];
  const { node } = await prepare({ root, needs, debian: ['run', 'bench'] });
  return runBench(node, name, args);
});

/** Its own output, its own exit code. */
function runBench(node, name, args) {
  const child = spawn(node, [join(root, 'bench', `${name}.ts`), ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
