/** The relay benchmark's figures: what one run yields, what makes it valid, and the verdict. */
import type { LoadResult } from './load-generator.ts';
import type { RelayUnderTest, Scenario } from './relay-under-test.ts';

export type Pattern = 'burst' | 'uniform';

export interface RunFigures {
  readonly round: number;
  readonly relay: RelayUnderTest['name'];
  readonly scenario: Scenario;
  readonly pattern: Pattern;
  readonly cpuMicrosPerPacket: number;
  /** By the tick account; must agree with the one above (cpu-time.ts says why). */
  readonly tickCpuMicrosPerPacket: number;
  /** Of the relay's core while it was measured: used by other processes, and by the hypervisor. */
  readonly othersShare: number;
  readonly stolenShare: number;
  readonly loss: number;
  readonly load: LoadResult;
  /** CPU time of the busiest threads, in microseconds per relayed packet. */
  readonly threads: readonly { readonly name: string; readonly microsPerPacket: number }[];
}

export interface Comparison {
  readonly scenario: Scenario;
  readonly pattern: Pattern;
  readonly rtpengineMicros: number;
  readonly causewayMicros: number;
  /** The median of the rounds' own ratios: what disturbs a round disturbs both of its runs. */
  readonly medianRatio: number;
  readonly ratios: readonly number[];
  /** Undefined where the figure is only printed. */
  readonly target: number | undefined;
}

/** Causeway's CPU time per relayed packet as a share of rtpengine's. */
export const TARGETS: { readonly [scenario in Scenario]: { readonly [p in Pattern]?: number } } = {
  sdes: { burst: 0.75, uniform: 1.0 },
  dtls: {},
};
export const LOSS_MAX = 0.001;
/** The two accounts differ by the tick's rounding and by threads that ended: no more than this. */
const ACCOUNTS_DIFFER_MAX = 0.05;
/** Whoever shares the relay's core delays it, and what waits is then read at less cost a packet. */
const OTHERS_SHARE_MAX = 0.05;
/** Later ticks than this make bursts of packets that should be apart. */
const LATE_TICK_MICROS_MAX = 1000;

/** What on the machine spoilt a run, and may spare the next; empty for a run in peace. */
export function disturbancesOf({ othersShare, load }: RunFigures): readonly string[] {
  const disturbances: string[] = [];
  if (othersShare > OTHERS_SHARE_MAX) {
    disturbances.push(`others used ${(100 * othersShare).toFixed(0)} % of the relay's core`);
  }
  if (load.tickLatenessMicros.p99 > LATE_TICK_MICROS_MAX) {
    disturbances.push(`ticks ${load.tickLatenessMicros.p99} us late (p99)`);
  }
  return disturbances;
}

/** What makes a run worthless as evidence; empty for a good one. */
export function faultsOf(figures: RunFigures): readonly string[] {
  const { load } = figures;
  const faults = [...disturbancesOf(figures)];
  if (figures.loss > LOSS_MAX) faults.push(`loss ${(100 * figures.loss).toFixed(3)} %`);
  if (load.receivedByEvenLegs === 0 || load.receivedByOddLegs === 0) faults.push('a silent side');
  for (const count of ['duplicates', 'misdirected', 'forged', 'corrupt', 'renumbered'] as const) {
    if (load[count] > 0) faults.push(`${load[count]} ${count}`);
  }
  const accounts = figures.tickCpuMicrosPerPacket / figures.cpuMicrosPerPacket;
  if (Math.abs(accounts - 1) > ACCOUNTS_DIFFER_MAX) {
    faults.push(`CPU accounts differ: tick count is ${accounts.toFixed(2)} x run time`);
  }
  return faults;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** One comparison for each scenario and pattern that both relays ran in the same rounds. */
export function compare(runs: readonly RunFigures[]): readonly Comparison[] {
  const kinds = new Map(
    runs.map(({ scenario, pattern }) => [`${scenario} ${pattern}`, { scenario, pattern }]),
  );
  return [...kinds.values()].flatMap(({ scenario, pattern }) => {
    const of = (relay: RunFigures['relay']) =>
      runs.filter(
        (run) => run.relay === relay && run.scenario === scenario && run.pattern === pattern,
      );
    const causeway = of('causeway');
    const reference = of('rtpengine');
    const ratios = causeway.flatMap((run) => {
      const other = reference.find(({ round }) => round === run.round);
      return other === undefined ? [] : [run.cpuMicrosPerPacket / other.cpuMicrosPerPacket];
    });
    if (ratios.length === 0) return [];
    return [
      {
        scenario,
        pattern,
        rtpengineMicros: median(reference.map((run) => run.cpuMicrosPerPacket)),
        causewayMicros: median(causeway.map((run) => run.cpuMicrosPerPacket)),
        medianRatio: median(ratios),
        ratios,
        target: TARGETS[scenario][pattern],
      },
    ];
  });
}

/** The comparisons that miss their target. */
export function missed(comparisons: readonly Comparison[]): readonly Comparison[] {
  return comparisons.filter(
    ({ target, medianRatio }) => target !== undefined && medianRatio > target,
  );
}

export function runName({ round, relay, scenario, pattern }: RunFigures): string {
  return `round ${round}  ${relay.padEnd(9)}  ${scenario.padEnd(4)}  ${pattern.padEnd(7)}`;
}

export function runLine(figures: RunFigures): string {
  const { load } = figures;
  const busiest = figures.threads
    .slice(0, 3)
    .map(({ name, microsPerPacket }) => `${name} ${microsPerPacket.toFixed(2)}`);
  return [
    runName(figures),
    `${figures.cpuMicrosPerPacket.toFixed(2).padStart(6)} us/packet`,
    `loss ${(100 * figures.loss).toFixed(3)} %`,
    `delay p50 ${load.delayMicros.p50} p99 ${load.delayMicros.p99} us`,
    `others ${(100 * figures.othersShare).toFixed(0)} % of the core`,
    `(${busiest.join(', ')})`,
  ].join('  ');
}

export function comparisonLine(comparison: Comparison): string {
  const { target, medianRatio } = comparison;
  const verdict =
    target === undefined
      ? '(no target)'
      : `target ${target}: ${medianRatio > target ? 'MISSED' : 'met'}`;
  return [
    `${comparison.scenario} <-> rtp`,
    comparison.pattern.padEnd(7),
    `causeway ${comparison.causewayMicros.toFixed(2)} us`,
    `rtpengine ${comparison.rtpengineMicros.toFixed(2)} us`,
    `median ratio ${medianRatio.toFixed(3)}`,
    verdict,
  ].join('  ');
}
