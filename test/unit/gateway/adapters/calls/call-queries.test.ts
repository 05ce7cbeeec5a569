/** Questions about calls, living and over. */
import { describe, expect, test } from '@jest/globals';
import { callFactsOf, callQueries } from '../../../../../gateway/adapters/calls/call-queries.ts';
import type { MediaLinks } from '../../../../../gateway/adapters/calls/media-links.ts';
import type { Switchboard } from '../../../../../gateway/call/switchboard.ts';
import { CallTraces } from '../../../../../gateway/ops/trace/call-traces.ts';
import { answeredCall, type CallBench } from '../../../../support/call/call-bench.ts';

function boardOf(bench: CallBench): Switchboard {
  return bench.machine as unknown as Switchboard;
}

function tracesOf(bench: CallBench): CallTraces {
  const traces = new CallTraces({
    bytes: 100_000,
    failedBytes: 10_000,
    recordsPerCall: 100,
    formatInstant: String,
  });
  for (const output of bench.outputs) {
    if (output.type === 'fact') traces.fact(output.fact, 1);
    if (output.type === 'record') traces.end(output.record, 2);
  }
  return traces;
}

describe('questions about calls', () => {
  test('are answered with those that live and those that ended', () => {
    const bench = answeredCall();
    const [first] = bench.machine.calls();
    bench.tell('caller', { type: 'ended', cause: { name: 'normal' }, headers: [] });
    bench.call({ leg: 'second' });
    const [second] = bench.machine.calls();
    const queries = callQueries(boardOf(bench), tracesOf(bench));
    expect(queries.list()).toMatchObject([
      { call: second!.call, state: 'setting-up' },
      { call: first!.call, state: 'ended', cause: { name: 'normal' } },
    ]);
    expect(queries.find(first!.call)).toMatchObject({ endedBy: 'caller' });
    expect(queries.find('never')).toBeUndefined();
    expect(queries.trace(first!.call)).toContain('leg.answered');
    expect(queries.trace('never')).toBeUndefined();
  });

  test('of a client about its own call bring what media measured', async () => {
    const bench = answeredCall();
    const asked: string[] = [];
    const links = {
      execute: async (_: string, command: { readonly op: string; readonly leg: string }) => {
        asked.push(`${command.op} ${bench.nameOf(command.leg)}`);
        const statistics = { received: [], sent: [], refused: {} };
        return { op: 'statistics', leg: command.leg, statistics };
      },
    } as unknown as MediaLinks;
    expect(await callFactsOf(boardOf(bench), links, 'caller')).toMatchObject({
      state: 'answered',
      legs: [{ own: true }, { own: false }],
    });
    expect(asked).toEqual(['statistics caller', 'statistics callee0']);
    expect(await callFactsOf(boardOf(bench), links, 'stranger')).toEqual({});
  });
});
