/** `npm run soak -- NAME`: runs `soak/NAME.ts`, which prints figures and keeps them as JSON. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, Refusal } from './console/steps.mjs';
import { prepare } from './setup/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'soak');

main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = await soakNames(folder);
  if (name === undefined || !names.includes(name)) {
    throw new Refusal(
      `Usage: npm run soak -- NAME [--count N] [--seed S]\n\nNAME is one of:\n  ${names.join('\n  ')}`,
    );
  }
  const needs = ['runtime', 'npm', 'native', 'page'];
  const { node } = await prepare({ root, needs, debian: ['run', 'test'] });
  await mkdir(join(folder, 'results'), { recursive: true });
  return runSoak(node, name, args);
});

/** The soaks there are: the TypeScript files right inside `soak/`. */
async function soakNames(directory) {
  if (!existsSync(directory)) return [];
  return (await readdir(directory))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** Its own output, its own exit code; where the results belong is told by the environment. */
function runSoak(node, name, args) {
  const child = spawn(node, ['--expose-gc', join(folder, `${name}.ts`), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SOAK_RESULT: join(folder, 'results', `${name}.json`) },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
