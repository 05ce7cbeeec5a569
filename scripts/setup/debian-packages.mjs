/** Debian's packages: which are missing for a purpose, and how they get installed. */
import { readFile } from 'node:fs/promises';
import { run } from '../console/run.mjs';
import { Refusal } from '../console/steps.mjs';

const LIST = new URL('./debian-packages.txt', import.meta.url);

/** Installs what the purposes (`run`, `test`, `bench`) lack; without root it says how. */
export async function ensureDebianPackages(purposes) {
  const wanted = parsePackageList(await readFile(LIST, 'utf8'), purposes);
  const missing = await missingOf(wanted);
  if (missing.length === 0) return `${wanted.length} there`;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new Refusal(`Debian packages are missing. Run as root, then try again:\n\n  ${line}\n`);
  }
  await install(missing);
  return `installed ${missing.join(' ')}`;
}

/** What the list has for the purposes, once each: a name, and the `least` version that will do. */
export function parsePackageList(text, purposes) {
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
  const specifications = rows
    .filter(([purpose]) => purposes.includes(purpose))
    .map(([, specification]) => specification);
  return [...new Set(specifications)].map((specification) => {
    const [name, least] = specification.split('>=');
    return { name, least };
  });
}

/** The names of those that are not installed, or in too old a version. */
async function missingOf(wanted) {
  const names = wanted.map(({ name }) => name);
  // dpkg-query fails when it knows one of them not at all, and still tells of the others.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const query = ['-W', '-f', '${Package} ${db:Status-Status} ${Version}\n', ...names];
  const { code, output } = await run('dpkg-query', query);
  if (code === 127) {
    throw new Refusal(
      `This is not Debian or one of its kin. Provide what these packages hold:\n  ${names.join(' ')}`,
    );
  }
  const installed = new Map();
  for (const line of output.split('\n')) {
    const [name, status, version] = line.split(' ');
    if (status === 'installed') installed.set(name, version);
  }
  const missing = [];
  for (const { name, least } of wanted) {
    const version = installed.get(name);
    if (version === undefined || (least && !(await isAtLeast(version, least)))) missing.push(name);
  }
  return missing;
}

async function isAtLeast(version, least) {
  const { code } = await run('dpkg', ['--compare-versions', version, 'ge', least]);
  return code === 0;
}

/**
 * With fresh package lists, as old ones may name versions that are gone or too old; with those at
 * hand where no fresh ones are to be had.
 */
async function install(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300'];
  const update = await run('apt-get', ['update', ...options], { env });
  const command = ['install', ...options, '-y', '--no-install-recommends', ...names];
  const { code, output } = await run('apt-get', command, { env });
  if (code === 0) return;
  const said = update.code === 0 ? output : `${update.output}\n${output}`;
  throw new Refusal(`apt-get could not install ${names.join(' ')}:\n${said}`);
}
