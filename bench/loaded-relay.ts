/** A relay with its calls and the generator that loads them: measured run by run, idle between. */
import type { CallDescription } from './call-description.ts';
import { newDtlsKeying, newSdesKeying } from './call-description.ts';
import { type CoreSample, type CpuSample, cpuSpent, sampleCore, sampleCpu } from './cpu-time.ts';
import { LoadGenerator, type LoadResult, legPort, planLine } from './load-generator.ts';
import { disturbancesOf, type Pattern, type RunFigures } from './relay-report.ts';
import type { RelayUnderTest, RunningRelay, Scenario } from './relay-under-test.ts';

const ADDRESS = '127.0.0.1';
/** What is due within a tick leaves at once: ten packets for a burst, two when uniform. */
export const TICK_MICROS: { readonly [pattern in Pattern]: number } = {
  burst: 1000,
  uniform: 200,
};
const PACKET_MS = 20;
/** Threads that use less are not told apart. */
const THREAD_MICROS_MIN = 0.005;
/** How often a run that something else on the machine spoilt is repeated. */
const RUNS_AGAIN = 3;

export interface LoadOptions {
  readonly scenario: Scenario;
  readonly calls: number;
  readonly relayCore: number;
  readonly loadCore: number;
  /** Of the generator: two a leg. */
  readonly firstPort: number;
}

export interface RunPlan {
  readonly round: number;
  readonly pattern: Pattern;
  readonly warmupMs: number;
  readonly measureMs: number;
}

export class LoadedRelay {
  readonly name: RelayUnderTest['name'];
  readonly #running: RunningRelay;
  readonly #generator: LoadGenerator;
  readonly #options: LoadOptions;

  private constructor(
    name: RelayUnderTest['name'],
    running: RunningRelay,
    generator: LoadGenerator,
    options: LoadOptions,
  ) {
    this.name = name;
    this.#running = running;
    this.#generator = generator;
    this.#options = options;
  }

  /** Starts the relay afresh and sets up all its calls. */
  static async start(relay: RelayUnderTest, options: LoadOptions): Promise<LoadedRelay> {
    const { calls, firstPort, loadCore, relayCore } = options;
    const legs = 2 * calls;
    const generator = await LoadGenerator.start({
      legs,
      address: ADDRESS,
      firstPort,
      core: loadCore,
    });
    const running = await relay.start(relayCore);
    const loaded = new LoadedRelay(relay.name, running, generator, options);
    try {
      await generator.connect(await loaded.#setUpCalls());
      return loaded;
    } catch (error) {
      await loaded.stop();
      throw error;
    }
  }

  /** Loads it for a while, and measures nothing. */
  async warmUp(pattern: Pattern, warmupMs: number): Promise<void> {
    await this.#run({ round: 0, pattern, warmupMs, measureMs: PACKET_MS });
  }

  /** One run of all calls; once more, up to three times, if the machine was not at peace. */
  async measure(plan: RunPlan): Promise<RunFigures> {
    let figures = await this.#run(plan);
    for (let again = 0; again < RUNS_AGAIN && disturbancesOf(figures).length > 0; again += 1) {
      console.log(`  run again: ${disturbancesOf(figures).join(', ')}`);
      figures = await this.#run(plan);
    }
    return figures;
  }

  async stop(): Promise<void> {
    this.#generator.close();
    await this.#running.stop();
  }

  async #run({ round, pattern, warmupMs, measureMs }: RunPlan): Promise<RunFigures> {
    const { relayCore, scenario } = this.#options;
    const samples: WindowSample[] = [];
    const sample = () =>
      samples.push({
        cpu: sampleCpu(this.#running.processId),
        core: sampleCore(relayCore),
        atMs: performance.now(),
      });
    const plan = { tickMicros: TICK_MICROS[pattern], warmupMs, measureMs };
    const load = await this.#generator.run(plan, sample);
    return { round, relay: this.name, scenario, pattern, ...figuresOf(load, samples) };
  }

  async #setUpCalls(): Promise<readonly string[]> {
    const { calls, firstPort, scenario } = this.#options;
    const lines: string[] = [];
    for (let call = 0; call < calls; call += 1) {
      const at = (leg: number) => ({ address: ADDRESS, port: legPort(firstPort, leg) });
      const caller: CallDescription = {
        endpoint: at(2 * call),
        keying: scenario === 'sdes' ? newSdesKeying() : newDtlsKeying(this.#generator.fingerprint),
      };
      const callee: CallDescription = {
        endpoint: at(2 * call + 1),
        keying: { kind: 'none' },
      };
      const relayed = await this.#running.call(caller, callee);
      lines.push(planLine(2 * call, caller, relayed.towardsCaller));
      lines.push(planLine(2 * call + 1, callee, relayed.towardsCallee));
    }
    return lines;
  }
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
