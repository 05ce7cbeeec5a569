/** Set-up from a fresh clone, step by step; each step is quick when nothing is missing. */
import { join } from 'node:path';
import { step } from '../console/steps.mjs';
import { ensureDebianPackages } from './debian-packages.mjs';
import { withLock } from './lock.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { ensureRuntime } from './runtime.mjs';
import { ensureWebPage } from './web-page.mjs';

/**
 * `needs` lists what is to be there: `runtime`, `npm`, `native`, `page`; `debian` lists the
 * purposes whose Debian packages are (`run`, `test`, `bench`). Returns the runtime's `node`.
 */
export function prepare({ root, needs, debian = [] }) {
  return withLock(join(root, 'build/setup.lock'), async () => {
    let node = process.execPath;
    if (needs.includes('runtime')) {
      await step('Node runtime', async () => {
        const runtime = await ensureRuntime(root);
        node = runtime.node;
        return runtime.note;
      });
    }
    if (debian.length > 0) await step('Debian packages', () => ensureDebianPackages(debian));
    if (needs.includes('npm')) await step('npm packages', () => ensureNpmPackages(root, node));
    if (needs.includes('native')) await step('native addons', () => ensureAddons(node));
    if (needs.includes('page')) await step('web page', () => ensureWebPage(root, node));
    return { node };
  });
}

async function ensureAddons(node) {
  const { buildNative } = await import('../build-native.mjs');
  const lines = [];
  await buildNative({ node, log: (line) => lines.push(line) });
  return lines.at(-1);
}
