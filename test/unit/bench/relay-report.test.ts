import { describe, expect, test } from '@jest/globals';
import {
  compare,
  comparisonLine,
  disturbancesOf,
  faultsOf,
  median,
  missed,
  type RunFigures,
  runLine,
} from '../../../bench/relay-report.ts';

const percentiles = { p50: 1, p99: 2, longest: 3 };
const good: RunFigures = {
  round: 1,
  relay: 'causeway',
  scenario: 'sdes',
  pattern: 'burst',
  cpuMicrosPerPacket: 6,
  tickCpuMicrosPerPacket: 6.1,
  othersShare: 0,
  stolenShare: 0,
  loss: 0,
  load: {
    sent: 1000,
    received: 1000,
    receivedByEvenLegs: 500,
    receivedByOddLegs: 500,
    sentPerStream: 10,
    fewestPerStream: 10,
    refused: 0,
    duplicates: 0,
    misdirected: 0,
    forged: 0,
    corrupt: 0,
    renumbered: 0,
    rtcp: 0,
    delayMicros: percentiles,
    tickLatenessMicros: percentiles,
  },
  threads: [{ name: 'node/MainThread', microsPerPacket: 6 }],
};

const run = (relay: RunFigures['relay'], round: number, micros: number): RunFigures => ({
  ...good,
  relay,
  round,
  cpuMicrosPerPacket: micros,
});

describe('relay report', () => {
  test('a run without oddities has no fault', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  test('a run is disturbed when others use the core, or when ticks come late', () => {
    const late = { ...good.load, tickLatenessMicros: { p50: 1, p99: 1001, longest: 2000 } };
    expect(disturbancesOf({ ...good, othersShare: 0.05 })).toEqual([]);
    expect(disturbancesOf({ ...good, othersShare: 0.06 })).toHaveLength(1);
    expect(faultsOf({ ...good, load: late })).toEqual(disturbancesOf({ ...good, load: late }));
    expect(disturbancesOf({ ...good, load: late })).toHaveLength(1);
  });

  test('a thousandth lost is allowed, more is not', () => {
    expect(faultsOf({ ...good, loss: 0.001 })).toEqual([]);
    expect(faultsOf({ ...good, loss: 0.0011 })).toHaveLength(1);
  });

  test.each(['duplicates', 'misdirected', 'forged', 'corrupt', 'renumbered'] as const)(
    'a single packet of these makes a run invalid: %s',
    (count) => {
      expect(faultsOf({ ...good, load: { ...good.load, [count]: 1 } })).toEqual([`1 ${count}`]);
    },
  );

  test('a direction without packets makes a run invalid', () => {
    expect(faultsOf({ ...good, load: { ...good.load, receivedByOddLegs: 0 } })).toHaveLength(1);
  });

  test('two accounts of CPU time that disagree make a run invalid', () => {
    expect(faultsOf({ ...good, tickCpuMicrosPerPacket: 7 })).toHaveLength(1);
  });

  test('the median of an even count lies between the middle two', () => {
    expect(median([4, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('the verdict is the median of the ratios within rounds, not the ratio of medians', () => {
    const runs = [
      run('causeway', 1, 5),
      run('rtpengine', 1, 10),
      run('rtpengine', 2, 40),
      run('causeway', 2, 24),
      run('causeway', 3, 9),
      run('rtpengine', 3, 10),
    ];
    const [comparison] = compare(runs);
    expect(comparison).toMatchObject({
      ratios: [0.5, 0.6, 0.9],
      medianRatio: 0.6,
      causewayMicros: 9,
      rtpengineMicros: 10,
      target: 0.75,
    });
    expect(missed(compare(runs))).toEqual([]);
  });

  test('a median above the target is a miss, and said so', () => {
    const comparisons = compare([run('causeway', 1, 8), run('rtpengine', 1, 10)]);
    expect(missed(comparisons)).toHaveLength(1);
    expect(comparisonLine(comparisons[0]!)).toContain('MISSED');
  });

  test('DTLS legs are compared without a target', () => {
    const runs = [run('causeway', 1, 90), run('rtpengine', 1, 10)].map(
      (figures): RunFigures => ({ ...figures, scenario: 'dtls' }),
    );
    expect(compare(runs)).toHaveLength(1);
    expect(missed(compare(runs))).toEqual([]);
  });

  test('one relay alone yields no comparison', () => {
    expect(compare([run('rtpengine', 1, 10)])).toEqual([]);
  });

  test('the line of a run names its figures', () => {
    expect(runLine(good)).toContain('6.00 us/packet');
  });
});
