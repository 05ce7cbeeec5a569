/** Compiles both addons straight with the C++ compiler, cached by what goes into them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf, run } from './console/run.mjs';
import { Refusal } from './console/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'build/native');

/** Each addon has a core without N-API and a binding; `media` shares headers of `codecs`. */
export const ADDONS = [
  { name: 'media', folder: 'gateway/native', libraries: [] },
  { name: 'codecs', folder: 'transcoder/native', libraries: ['-lopus'] },
];

export const WARNINGS = ['-std=c++20', '-Wall', '-Wextra', '-Werror'];
const COMPILE = [...WARNINGS, '-O2', '-g1', '-fPIC', '-fvisibility=hidden', '-DNAPI_VERSION=9'];
/** All symbols are bound at load: one that the runtime lacks is refused there, not in a call. */
const LINK = ['-shared', '-Wl,-z,now', '-Wl,-z,relro'];

/**
 * Leaves `build/native/current/{media,codecs}.node` for the runtime `node`, and returns that
 * folder. With nothing changed it only looks.
 */
export async function buildNative({ node = process.execPath, log = () => {} } = {}) {
  const headers = headersOf(node);
  const compiler = process.env.CXX ?? 'g++';
  const hash = await hashInputs(node, compiler);
  const folder = join(target, hash);
  if (ADDONS.every(({ name }) => existsSync(join(folder, `${name}.node`)))) {
    await pointAt(hash);
    log('unchanged');
    return folder;
  }
  const scratch = join(target, `.${hash}.${process.pid}`);
  await mkdir(scratch, { recursive: true });
  try {
    for (const addon of ADDONS) await compileAddon({ addon, compiler, headers, scratch });
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await pointAt(hash);
  log('compiled');
  return folder;
}

/** The sources of an addon's core (and binding), as paths from the root. */
export async function sourcesOf({ folder }, parts = ['core', 'binding']) {
  const lists = parts.map(async (part) => {
    const files = await readdir(join(root, folder, part));
    return files.filter((file) => file.endsWith('.cpp')).map((file) => join(folder, part, file));
  });
  return (await Promise.all(lists)).flat().sort();
}

/** Compiles one addon to `<scratch>/<name>.node`; `options` go to the compiler and the linker. */
export async function compileAddon({ addon, compiler, headers, scratch, options = [] }) {
  const sources = await sourcesOf(addon);
  const objects = sources.map((source) => {
    const part = basename(dirname(source));
    return join(scratch, `${addon.name}-${part}-${basename(source)}.o`);
  });
  const commands = sources.map((source, index) => [
    ...[...COMPILE, ...options],
    ...['-I', root, '-isystem', headers, '-c', join(root, source), '-o', objects[index]],
  ]);
  await inParallel(commands, (args) => compile(compiler, args));
  const output = join(scratch, `${addon.name}.node`);
  await compile(compiler, [...LINK, ...options, '-o', output, ...objects, ...addon.libraries]);
  await Promise.all(objects.map((object) => rm(object)));
}

async function compile(compiler, args) {
  const { code, output } = await run(compiler, args, { cwd: root });
  if (code !== 0) throw new Refusal(`${compiler} ${args.join(' ')}\n${output}`);
}

/** Runs `work` over the items, as many at a time as there are processors. */
export async function inParallel(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** The headers that belong to the runtime itself: those of its npm package or of its prefix. */
export function headersOf(node) {
  const headers = join(dirname(dirname(node)), 'include/node');
  if (existsSync(join(headers, 'node_api.h'))) return headers;
  throw new Refusal(`no headers of ${node} in ${headers}: install Node with its headers`);
}

async function hashInputs(node, compiler) {
  const hash = createHash('sha256');
  const runtime = 'JSON.stringify([process.version, process.arch, process.versions.modules])';
  hash.update(await outputOf(node, ['-p', runtime]));
  hash.update(await outputOf(compiler, ['--version'])).update(JSON.stringify([COMPILE, LINK]));
  for (const { folder, libraries } of ADDONS) {
    hash.update(JSON.stringify(libraries));
    const files = await readdir(join(root, folder), { recursive: true });
    for (const file of files.filter((name) => /[.][ch]pp$/.test(name)).sort()) {
      hash
        .update(file)
        .update('\0')
        .update(await readFile(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Replaces the link in one step, so that whoever loads meanwhile finds the old or the new. */
async function pointAt(hash) {
  const scratch = join(target, `.current.${process.pid}`);
  await rm(scratch, { force: true });
  await symlink(hash, scratch);
  await rename(scratch, join(target, 'current'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildNative({ log: (line) => process.stdout.write(`native addons: ${line}\n`) });
}
