/** The web page, built from `admin-ui/` when its sources or its builder have changed. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../console/run.mjs';
import { Refusal } from '../console/steps.mjs';

const STAMP = '.sources';

/** Builds into `build/admin-ui`, which the gateway serves. */
export async function ensureWebPage(root, node) {
  const target = join(root, 'build/admin-ui');
  const sources = await hashOf(root);
  if ((await readText(join(target, STAMP))) === sources) return 'unchanged';
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'admin-ui', '--outDir', target, '--emptyOutDir'];
  const { code, output } = await run(node, args, { cwd: root });
  if (code !== 0) throw new Refusal(`the web page does not build:\n${output}`);
  await writeFile(join(target, STAMP), sources);
  return 'built';
}

/** Over the page's files, the types that it shares with the gateway, and the locked packages. */
async function hashOf(root) {
  const page = (await readdir(join(root, 'admin-ui'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const shared = [join(root, 'gateway/admin/contract.ts'), join(root, 'package-lock.json')];
  const hash = createHash('sha256');
  for (const file of [...page.sort(), ...shared]) {
    hash.update(file.slice(root.length)).update('\0');
    hash.update((await readText(file)) ?? '').update('\0');
  }
  return hash.digest('hex');
}

async function readText(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
