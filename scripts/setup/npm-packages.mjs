/** The npm packages of the lock file, installed under the runtime's Node when they differ. */
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from '../console/run.mjs';
import { Refusal } from '../console/steps.mjs';
import { npmCommand } from './npm-command.mjs';

/** Installs what `package-lock.json` says, unless `node_modules` holds just that already. */
export async function ensureNpmPackages(root, node) {
  const wanted = await readLock(join(root, 'package-lock.json'));
  const present = await readLock(join(root, 'node_modules/.package-lock.json'));
  if (present !== undefined && holdsAll(wanted, present)) return 'as locked';
  const npm = npmCommand(node);
  // No package here needs its install script: native ones bring their binaries.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  const { code, output } = await run(npm.command, [...npm.args, 'ci', ...options], {
    cwd: root,
    env: {
      PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
      npm_config_nodedir: dirname(dirname(node)),
    },
  });
  if (code !== 0) throw new Refusal(`npm ci failed:\n${output}`);
  return `${Object.keys(wanted).length - 1} packages locked, installed`;
}

/**
 * Whether every locked package is installed in its locked version. Optional ones may be absent:
 * most are the binaries of other platforms.
 */
export function holdsAll(wanted, present) {
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const installed = present[path];
    if (installed === undefined) return optional === true || peer === true;
    return installed.version === version;
  });
}

async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
