/** Measures Causeway's CPU time per relayed packet beside rtpengine's, in alternating rounds.
 *
 * Each run starts the relay afresh on one core, sets up its calls by signalling, and loads it from
 * the other core; `bench/README.md` tells how and why. Exits with 1 when a run is invalid or a
 * target is missed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { newDtlsKeying, newSdesKeying } from './call-description.ts';
import { causeway } from './causeway.ts';
import { endAllWhenStopped } from './child-process.ts';
import { type CoreSample, type CpuSample, cpuSpent, sampleCore, sampleCpu } from './cpu-time.ts';
import { LoadGenerator, type LoadResult, legPort, planLine } from './load-generator.ts';
import {
  compare,
  comparisonLine,
  disturbancesOf,
  faultsOf,
  missed,
  type Pattern,
  type RunFigures,
  runLine,
  runName,
} from './relay-report.ts';
import type { RelayUnderTest, RunningRelay, Scenario } from './relay-under-test.ts';
import { rtpengine } from './rtpengine.ts';

const ADDRESS = '127.0.0.1';
const LOAD_FIRST_PORT = 40_000;
const RESULTS = join(import.meta.dirname, 'results/relay.json');
/** What is due within a tick leaves at once: ten packets for a burst, two when uniform. */
const TICK_MICROS: { readonly [pattern in Pattern]: number } = { burst: 1000, uniform: 200 };

/** Threads that use less are not told apart. */
const THREAD_MICROS_MIN = 0.005;
/** How often a run that something else on the machine spoilt is repeated. */
const RUNS_AGAIN = 3;

interface Settings {
  readonly rounds: number;
  readonly calls: number;
  readonly measureMs: number;
  readonly warmupMs: number;
  readonly scenarios: readonly Scenario[];
  readonly patterns: readonly Pattern[];
  readonly relays: readonly RelayUnderTest[];
  readonly relayCore: number;
  readonly loadCore: number;
  readonly output: string;
}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      calls: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '10' },
      warmup: { type: 'string', default: '5' },
      scenarios: { type: 'string', default: 'sdes,dtls' },
      patterns: { type: 'string', default: 'burst,uniform' },
      relays: { type: 'string', default: 'rtpengine,causeway' },
      'relay-core': { type: 'string', default: '0' },
      'load-core': { type: 'string', default: '1' },
      output: { type: 'string', default: RESULTS },
    },
  });
  const names = values.relays.split(',');
  return {
    rounds: Number(values.rounds),
    calls: Number(values.calls),
    measureMs: Number(values.seconds) * 1000,
    warmupMs: Number(values.warmup) * 1000,
    scenarios: values.scenarios.split(',') as Scenario[],
    patterns: values.patterns.split(',') as Pattern[],
    relays: [
      rtpengine({ threads: 1, controlPort: 39_001, mediaPorts: [30_000, 33_999] }),
      causeway({ firstPort: 39_100, mediaPorts: [34_000, 37_999] }),
    ].filter(({ name }) => names.includes(name)),
    relayCore: Number(values['relay-core']),
    loadCore: Number(values['load-core']),
    output: values.output,
  };
}

async function main(): Promise<void> {
  const settings = readSettings();
  keepOffRelayCore(settings.loadCore);
  endAllWhenStopped();
  const runs: RunFigures[] = [];
  const faults: string[] = [];
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const scenario of settings.scenarios) {
      for (const relay of inTurn(settings.relays, round)) {
        for (const figures of await measure(relay, scenario, round, settings)) {
          runs.push(figures);
          console.log(runLine(figures));
          faults.push(...faultsOf(figures).map((fault) => `${runName(figures)}: ${fault}`));
        }
      }
    }
  }
  conclude(settings, runs, faults);
}

/** Whoever went first in this round goes last in the next. */
function inTurn(relays: readonly RelayUnderTest[], round: number): readonly RelayUnderTest[] {
  return round % 2 === 1 ? relays : [...relays].reverse();
}

function keepOffRelayCore(loadCore: number): void {
  execFileSync('taskset', [
    '--all-tasks',
    '--cpu-list',
    '--pid',
    String(loadCore),
    `${process.pid}`,
  ]);
}

/** One start of the relay, and a run of each pattern through the same calls. */
async function measure(
  relay: RelayUnderTest,
  scenario: Scenario,
  round: number,
  settings: Settings,
): Promise<readonly RunFigures[]> {
  const generator = await LoadGenerator.start({
    legs: 2 * settings.calls,
    address: ADDRESS,
    firstPort: LOAD_FIRST_PORT,
    core: settings.loadCore,
  });
  const running = await relay.start(settings.relayCore);
  try {
    await generator.connect(await setUpCalls(running, scenario, settings.calls, generator));
    const runs: RunFigures[] = [];
    for (const pattern of settings.patterns) {
      const run = () => measurePattern(generator, running.processId, pattern, settings);
      const kind = { round, relay: relay.name, scenario, pattern };
      let figures: RunFigures = { ...kind, ...(await run()) };
      for (let again = 0; again < RUNS_AGAIN && disturbancesOf(figures).length > 0; again += 1) {
        console.log(`  run again: ${disturbancesOf(figures).join(', ')}`);
        figures = { ...kind, ...(await run()) };
      }
      runs.push(figures);
    }
    return runs;
  } finally {
    generator.close();
    await running.stop();
  }
}

async function measurePattern(
  generator: LoadGenerator,
  processId: number,
  pattern: Pattern,
  { warmupMs, measureMs, relayCore }: Settings,
) {
  const samples: WindowSample[] = [];
  const load = await generator.run({ tickMicros: TICK_MICROS[pattern], warmupMs, measureMs }, () =>
    samples.push({
      cpu: sampleCpu(processId),
      core: sampleCore(relayCore),
      atMs: performance.now(),
    }),
  );
  return figuresOf(load, samples);
}

async function setUpCalls(
  relay: RunningRelay,
  scenario: Scenario,
  calls: number,
  generator: LoadGenerator,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let call = 0; call < calls; call += 1) {
    const at = (leg: number) => ({ address: ADDRESS, port: legPort(LOAD_FIRST_PORT, leg) });
    const caller = {
      endpoint: at(2 * call),
      keying: scenario === 'sdes' ? newSdesKeying() : newDtlsKeying(generator.fingerprint),
    };
    const callee = { endpoint: at(2 * call + 1), keying: { kind: 'none' as const } };
    const relayed = await relay.call(caller, callee);
    lines.push(planLine(2 * call, caller, relayed.towardsCaller));
    lines.push(planLine(2 * call + 1, callee, relayed.towardsCallee));
  }
  return lines;
}

interface WindowSample {
  readonly cpu: CpuSample;
  readonly core: CoreSample;
  readonly atMs: number;
}

function figuresOf(load: LoadResult, samples: readonly WindowSample[]) {
  const [before, after] = samples;
  if (before === undefined || after === undefined) throw new Error('the window was not sampled');
  const spent = cpuSpent(before.cpu, after.cpu);
  const windowNanos = (after.atMs - before.atMs) * 1e6;
  const busyNanos = after.core.busyNanos - before.core.busyNanos;
  const stolenNanos = after.core.stolenNanos - before.core.stolenNanos;
  const perPacket = (nanos: number) => nanos / 1000 / Math.max(1, load.received);
  return {
    cpuMicrosPerPacket: perPacket(spent.nanos),
    tickCpuMicrosPerPacket: perPacket(spent.ticksNanos),
    othersShare: Math.max(0, busyNanos - spent.nanos) / windowNanos,
    stolenShare: stolenNanos / windowNanos,
    loss: 1 - load.received / load.sent,
    load,
    threads: spent.threads
      .map(({ name, nanos }) => ({ name, microsPerPacket: perPacket(nanos) }))
      .filter(({ microsPerPacket }) => microsPerPacket >= THREAD_MICROS_MIN),
  };
}

function conclude(
  settings: Settings,
  runs: readonly RunFigures[],
  faults: readonly string[],
): void {
  const comparisons = compare(runs);
  const { relays, output, ...plain } = settings;
  mkdirSync(dirname(output), { recursive: true });
  const record = {
    command: process.argv,
    settings: plain,
    tickMicros: TICK_MICROS,
    machine: machine(),
    relays: relays.map((relay) => ({
      name: relay.name,
      version: relay.version(),
      command: relay.command,
    })),
    comparisons,
    faults,
    runs,
  };
  writeFileSync(output, `${JSON.stringify(record, undefined, 2)}\n`);
  console.log();
  for (const comparison of comparisons) console.log(comparisonLine(comparison));
  for (const fault of faults) console.log(`INVALID ${fault}`);
  console.log(`written to ${output}`);
  process.exitCode = faults.length > 0 || missed(comparisons).length > 0 ? 1 : 0;
}

function machine() {
  return {
    processor: cpus()[0]?.model,
    cores: cpus().length,
    architecture: arch(),
    kernel: release(),
    node: process.version,
    startedAfterBootSeconds: Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]),
    loadAverage: readFileSync('/proc/loadavg', 'utf8').trim(),
  };
}

await main();
