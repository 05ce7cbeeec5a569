/** Tests the native cores by themselves: sanitized, against vectors and libsrtp2, and fuzzed. */
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ADDONS,
  compileAddon,
  headersOf,
  inParallel,
  sourcesOf,
  WARNINGS,
} from './build-native.mjs';
import { outputOf, run } from './console/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'build/native-tests');
const MINUTE_MS = 60_000;

/** Which parts of which core a program needs, by the beginnings of their file names. */
const DTLS_CORE = ['dtls-', 'srtp-keys'];
const CRYPTO = ['-lssl', '-lcrypto'];
const PROGRAMS = [
  { name: 'handle-table', core: [], libraries: [] },
  { name: 'srtp-vectors', core: ['srtp-'], libraries: CRYPTO },
  { name: 'srtp-context', core: ['srtp-'], libraries: CRYPTO },
  { name: 'srtp-differential', core: ['srtp-'], libraries: ['-lsrtp2', ...CRYPTO] },
  { name: 'dtls-association', core: DTLS_CORE, libraries: CRYPTO },
  { name: 'packet-io', core: ['udp-', 'packet-io'], libraries: [] },
  { name: 'opus-codec', core: ['opus-'], libraries: ['-lopus'] },
];
const FUZZERS = [
  { name: 'srtp', core: ['srtp-'], libraries: CRYPTO, runs: 30_000 },
  { name: 'dtls', core: DTLS_CORE, libraries: CRYPTO, runs: 6_000 },
  { name: 'opus', core: ['opus-'], libraries: ['-lopus'], runs: 30_000 },
];

const SANITIZED = ['-O1', '-g', '-fno-omit-frame-pointer', '-fno-sanitize-recover=all', '-I', root];
const ENVIRONMENT = { ASAN_OPTIONS: 'detect_leaks=1' };

/**
 * Resolves with `{ passed, failed, failures }`. `runs` multiplies what each fuzzer does, and
 * `seed` decides what it tries.
 */
export async function testNative({ node = process.execPath, log = () => {}, runs = 1, seed = 1 }) {
  await mkdir(target, { recursive: true });
  const results = [await testSanitizedAddons(node)];
  log(`sanitized addons: ${results[0].passed} passed`);
  await inParallel([...PROGRAMS, ...FUZZERS], async (program) => {
    const fuzzed = 'runs' in program;
    const result = fuzzed ? await fuzz(program, runs, seed) : await testProgram(program);
    log(`${program.name}${fuzzed ? ' fuzzed' : ''}: ${result.passed} passed`);
    results.push(result);
  });
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    failures: results.flatMap(({ failures }) => failures),
  };
}

async function testProgram({ name, core, libraries }) {
  const program = join(target, name);
  const source = join(root, 'test/native/core', `${name}.cpp`);
  const options = ['-fsanitize=address,undefined', ...SANITIZED];
  const built = await build('g++', options, program, source, core, libraries);
  if (built.code !== 0) return failure(`${name} does not compile:\n${built.output}`);
  const { code, output } = await run(program, [], { env: ENVIRONMENT, timeoutMs: 3 * MINUTE_MS });
  return countCases(name, code, output);
}

/** Every `ok` and `not ok` is a test; an end that no `not ok` explains is one more. */
function countCases(name, code, output) {
  const lines = output.split('\n');
  const passed = lines.filter((line) => line.startsWith('ok ')).length;
  const failures = lines.filter((line) => line.startsWith('not ok ')).map((l) => `${name}: ${l}`);
  if (code !== 0 && failures.length === 0) failures.push(`${name} ended with ${code}:\n${output}`);
  if (passed + failures.length === 0) failures.push(`${name}: no test ran`);
  return { passed, failed: failures.length, failures };
}

async function fuzz({ name, core, libraries, runs }, times, seed) {
  const program = join(target, `fuzz-${name}`);
  const source = join(root, 'test/native/fuzz', `${name}.cpp`);
  const options = ['-fsanitize=fuzzer,address,undefined', ...SANITIZED];
  const built = await build('clang++-14', options, program, source, core, libraries);
  if (built.code !== 0) return failure(`the ${name} fuzzer does not compile:\n${built.output}`);
  const args = [`-runs=${Math.ceil(runs * times)}`, `-seed=${seed}`, '-print_final_stats=1'];
  const where = [`-artifact_prefix=${program}-`, '-max_len=1600', '-timeout=10'];
  const { code, output } = await run(program, [...args, ...where], {
    env: ENVIRONMENT,
    timeoutMs: (1 + times) * 3 * MINUTE_MS,
  });
  if (code !== 0) return failure(`the ${name} fuzzer found:\n${output.slice(-4000)}`);
  return { passed: 1, failed: 0, failures: [] };
}

/** The bindings too, inside Node: the sanitizer has to be there before Node itself. */
async function testSanitizedAddons(node) {
  const options = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-O1'];
  const headers = headersOf(node);
  for (const addon of ADDONS) {
    await compileAddon({ addon, compiler: 'g++', headers, scratch: target, options });
  }
  const sanitizer = (await outputOf('g++', ['-print-file-name=libasan.so'])).trim();
  // Node keeps much until it ends, so leaks are the cores' tests to find.
  const env = { LD_PRELOAD: sanitizer, ASAN_OPTIONS: 'detect_leaks=0' };
  const script = join(root, 'test/native/sanitized/exercise.ts');
  const { code, output } = await run(node, [script, target], { env, timeoutMs: MINUTE_MS });
  return countCases('sanitized addons', code, output);
}

async function build(compiler, options, program, source, core, libraries) {
  const all = (await Promise.all(ADDONS.map((addon) => sourcesOf(addon, ['core'])))).flat();
  const needed = all.filter((path) => core.some((start) => basename(path).startsWith(start)));
  const files = [source, ...needed.map((path) => join(root, path))];
  return run(compiler, [...WARNINGS, ...options, '-o', program, ...files, ...libraries]);
}

function failure(text) {
  return { passed: 0, failed: 1, failures: [text] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [times = '1', seed = '1'] = process.argv.slice(2);
  const options = { runs: Number(times), seed: Number(seed) };
  const log = (line) => process.stdout.write(`${line}\n`);
  const { passed, failed, failures } = await testNative({ log, ...options });
  process.stdout.write(`${failures.join('\n')}\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
