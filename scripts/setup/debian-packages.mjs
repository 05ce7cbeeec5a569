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

/** The names in the list that serve one of the purposes, once each. */
export function parsePackageList(text, purposes) {
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
  return [
    ...new Set(rows.filter(([purpose]) => purposes.includes(purpose)).map(([, name]) => name)),
  ];
}

async function missingOf(wanted) {
  // dpkg-query fails when it knows one of them not at all, and still tells of the others.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const query = ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted];
  const { code, output } = await run('dpkg-query', query);
  if (code === 127) {
    throw new Refusal(
      `This is not Debian or one of its kin. Provide what these packages hold:\n  ${wanted.join(' ')}`,
    );
  }
  const installed = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** Tries with the package lists at hand; fetches them only when that fails. */
async function install(names) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-y', '--no-install-recommends'];
  const attempt = () => run('apt-get', ['install', ...options, ...names], { env });
  let { code, output } = await attempt();
  if (code !== 0) {
    const update = await run('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=300'], { env });
    ({ code, output } = await attempt());
    if (code !== 0) output = `${update.output}\n${output}`;
  }
  if (code !== 0) throw new Refusal(`apt-get could not install ${names.join(' ')}:\n${output}`);
}
