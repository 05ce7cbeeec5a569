/** The npm packages of the lock file, installed under the runtime's Node when they differ. */
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run } from '../console/run.mjs';
import { Refusal } from '../console/steps.mjs';
import { npmCommand } from './npm-command.mjs';

/**
 * Installs what `package-lock.json` says, unless `node_modules` holds just that already.
 *
 * Not by `npm ci`: that refuses a lock file without entries for other platforms' binaries, which is
 * what npm writes where a registry doesn't carry them all. What was locked is compared afterwards.
 */
export async function ensureNpmPackages(root, node) {
  const wanted = await readLock(join(root, 'package-lock.json'));
  if (await holdsAllOf(root, wanted)) return 'as locked';
  const npm = npmCommand(node);
  // No package here needs its install script: native ones bring their binaries.
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
  const options = ['install', '--no-save', '--ignore-scripts', ...quiet];
  const { code, output } = await run(npm.command, [...npm.args, ...options], {
    cwd: root,
    env: {
      PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
      npm_config_nodedir: dirname(dirname(node)),
    },
  });
  if (code !== 0) throw new Refusal(`npm could not install the packages:\n${output}`);
  if (!(await holdsAllOf(root, wanted))) {
    throw new Refusal('npm installed other versions than package-lock.json says.');
  }
  return `${Object.keys(wanted).length - 1} locked, installed`;
}

async function holdsAllOf(root, wanted) {
  const present = await readLock(join(root, 'node_modules/.package-lock.json'));
  return present !== undefined && holdsAll(wanted, present);
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
