/** The Node that everything runs under: the system's if it is new enough, else a pinned one. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { outputOf } from '../console/run.mjs';
import { Refusal } from '../console/steps.mjs';
import { npmCommand } from './npm-command.mjs';

const OLDEST_MAJOR = 24;

/** npm's own packages of Node's release binaries with headers, and what they must hash to. */
const PINNED_VERSION = '24.21.0';
const PINNED_INTEGRITY = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64:
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

/** The path of the runtime's `node`, whose headers lie in `../include/node` beside its folder. */
export async function ensureRuntime(root) {
  if (isNewEnough(process.version) && hasHeaders(process.execPath)) {
    return { node: process.execPath, note: `${process.version} of this system` };
  }
  const home = join(root, '.runtime/node');
  const node = join(home, 'bin/node');
  if ((await installedVersion(home)) === PINNED_VERSION && hasHeaders(node)) {
    return { node, note: `v${PINNED_VERSION}` };
  }
  await install(root, home);
  return { node, note: `v${PINNED_VERSION} installed` };
}

export function isNewEnough(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10) >= OLDEST_MAJOR;
}

/** Where the addons' compiler finds Node's headers. */
export function headersOf(node) {
  return join(dirname(dirname(node)), 'include/node');
}

function hasHeaders(node) {
  return existsSync(node) && existsSync(join(headersOf(node), 'node_api.h'));
}

async function installedVersion(home) {
  try {
    return JSON.parse(await readFile(join(home, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** Fetches beside its place, checks, and only then moves in: a broken fetch leaves nothing. */
async function install(root, home) {
  const integrity = PINNED_INTEGRITY[process.arch];
  if (process.platform !== 'linux' || integrity === undefined) {
    throw new Refusal(
      `No Node ${OLDEST_MAJOR} here, and none is pinned for ${process.platform} ${process.arch}.\n` +
        `Install Node ${OLDEST_MAJOR} or newer with its headers and try again.`,
    );
  }
  await mkdir(dirname(home), { recursive: true });
  const place = await mkdtemp(join(root, '.runtime/fetch-'));
  try {
    const wanted = `node-linux-${process.arch}@${PINNED_VERSION}`;
    const npm = npmCommand(process.execPath);
    const args = [...npm.args, 'pack', wanted, '--pack-destination', place, '--silent'];
    const archive = (await outputOf(npm.command, args, { cwd: place })).trim().split('\n').pop();
    await verify(join(place, archive), integrity);
    await outputOf('tar', ['-xzf', archive], { cwd: place });
    await rm(home, { recursive: true, force: true });
    await rename(join(place, 'package'), home);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function verify(archive, integrity) {
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${hash}` !== integrity) {
    throw new Refusal(`${archive} is not the Node that was pinned; nothing was installed.`);
  }
}
