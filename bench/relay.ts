/** Measures Causeway's CPU time per relayed packet beside rtpengine's, in alternating rounds.
 *
 * Both relays run on one core with their calls set up by signalling; they are loaded in turn from
 * the other core, a few seconds each. `bench/README.md` tells how and why. Exits with 1 when a run
 * is invalid or a target is missed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { causeway } from './causeway.ts';
import { endAllWhenStopped } from './child-process.ts';
import { LoadedRelay, TICK_MICROS } from './loaded-relay.ts';
import {
  compare,
  comparisonLine,
  faultsOf,
  missed,
  type Pattern,
  type RunFigures,
  runLine,
  runName,
} from './relay-report.ts';
import type { RelayUnderTest, Scenario } from './relay-under-test.ts';
import { rtpengine } from './rtpengine.ts';

const LOAD_FIRST_PORT = 40_000;
const RESULTS = join(import.meta.dirname, 'results/relay.json');
/** In each turn, until the relay's calls are in the caches again. */
const TURN_WARMUP_MS = 1_000;

interface Settings {
  readonly starts: number;
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
      starts: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '10' },
      calls: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '5' },
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
    starts: Number(values.starts),
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
  const starts = Math.min(settings.starts, settings.rounds);
  const roundsPerStart = Math.ceil(settings.rounds / starts);
  for (let start = 0; start < starts; start += 1) {
    for (const scenario of settings.scenarios) {
      const first = start * roundsPerStart + 1;
      const last = Math.min(first + roundsPerStart - 1, settings.rounds);
      for await (const figures of alternate(scenario, [first, last], settings)) {
        runs.push(figures);
        console.log(runLine(figures));
        faults.push(...faultsOf(figures).map((fault) => `${runName(figures)}: ${fault}`));
      }
    }
  }
  conclude(settings, runs, faults);
}

/** Whoever went first in this round goes last in the next. */
function inTurn(relays: readonly LoadedRelay[], round: number): readonly LoadedRelay[] {
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

/** One start of all relays: a pattern is warmed up, then come rounds in which all take turns. */
async function* alternate(
  scenario: Scenario,
  [first, last]: readonly [number, number],
  settings: Settings,
): AsyncGenerator<RunFigures> {
  const { calls, relayCore, loadCore, warmupMs, measureMs } = settings;
  const loaded: LoadedRelay[] = [];
  try {
    for (const [index, relay] of settings.relays.entries()) {
      const firstPort = LOAD_FIRST_PORT + index * 4 * calls;
      const options = { scenario, calls, relayCore, loadCore, firstPort };
      loaded.push(await LoadedRelay.start(relay, options));
    }
    for (const pattern of settings.patterns) {
      for (const relay of loaded) await relay.warmUp(pattern, warmupMs);
      for (let round = first; round <= last; round += 1) {
        for (const relay of inTurn(loaded, round)) {
          yield await relay.measure({ round, pattern, warmupMs: TURN_WARMUP_MS, measureMs });
        }
      }
    }
  } finally {
    for (const relay of loaded) await relay.stop();
  }
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
