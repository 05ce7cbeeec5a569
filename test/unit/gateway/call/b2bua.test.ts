/** The machine of all calls: its inputs, its indices, its limits and its snapshot. */
import { describe, expect, test } from '@jest/globals';
import { B2bua } from '../../../../gateway/call/b2bua.ts';
import { answeredCall, CallBench, LIMITS, NOTHING_LEFT } from '../../../support/call/call-bench.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

describe('the back-to-back user agent', () => {
  test('ends every call when it is stopped, and takes no more', () => {
    const bench = answeredCall();
    bench.call({ leg: 'second' });
    bench.told();
    bench.give({ type: 'stop', cause: { name: 'shutdown' } });
    expect(bench.told()).toEqual([
      'caller hangup',
      'callee0 hangup',
      'second reject',
      'callee1 cancel',
    ]);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('ends one call when it is told to', () => {
    const bench = answeredCall();
    const [call] = bench.machine.calls();
    bench.give({ type: 'hang-up', call: call!.call, cause: { name: 'normal' } });
    expect(bench.told()).toEqual(['caller hangup', 'callee0 hangup']);
    expect(bench.records()).toMatchObject([{ endedBy: 'gateway' }]);
  });

  test('takes a leg that is there already for no new call', () => {
    const bench = answeredCall();
    bench.call();
    expect(bench.machine.calls()).toHaveLength(1);
  });

  test('knows which call a leg is in, until the call is over', () => {
    const bench = answeredCall();
    const [call] = bench.machine.calls();
    expect(bench.machine.callOfLeg(bench.callee())).toBe(call!.call);
    bench.tell('caller', { type: 'ended', cause: { name: 'normal' }, headers: [] });
    expect(bench.machine.callOfLeg(bench.callee())).toBeUndefined();
  });

  test('takes no more calls of one user than its limit, whatever others do', () => {
    const bench = new CallBench();
    for (let n = 0; n < LIMITS.callsPerUser; n += 1) {
      bench.call({ leg: `alice-${n}`, account: 'user:alice' });
      bench.call({ leg: `trunk-${n}`, account: 'trunk:carrier' });
    }
    bench.told();
    bench.call({ leg: 'one-more', account: 'user:alice' });
    expect(bench.told()).toEqual(['one-more reject']);
    bench.call({ leg: 'bob', account: 'user:bob' });
    bench.call({ leg: 'trunk', account: 'trunk:carrier' });
    expect(bench.machine.callOfLeg('bob')).toBeDefined();
    expect(bench.machine.callOfLeg('trunk')).toBeDefined();
    bench.tell('alice-0', { type: 'ended', cause: { name: 'normal' }, headers: [] });
    bench.call({ leg: 'after', account: 'user:alice' });
    expect(bench.machine.callOfLeg('after')).toBeDefined();
  });

  test('shares calls out between media processes', () => {
    const bench = new CallBench();
    bench.give({ type: 'media-up', process: 'media-2' });
    bench.call({ leg: 'first' });
    bench.call({ leg: 'second' });
    const processes = bench.machine.calls().map(({ process }) => process);
    expect(processes).toEqual(['media-1', 'media-2']);
  });

  test('is restored whole from its snapshot as JSON', () => {
    const bench = answeredCall();
    const snapshot = JSON.parse(JSON.stringify(bench.machine.snapshot()));
    const options = {
      limits: LIMITS,
      applications: {},
      route: () => {
        throw new Error('nothing to route');
      },
    };
    const restored = new B2bua(options, new SeededRandom(1), snapshot);
    expect(restored.calls()).toEqual(bench.machine.calls());
    expect(restored.counts()).toEqual(bench.machine.counts());
    expect(restored.snapshot()).toEqual(snapshot);
  });

  test('ignores events of legs and replies to commands that it does not know', () => {
    const bench = answeredCall();
    bench.tell('stranger', { type: 'ringing', headers: [] });
    bench.mediaEvent({ type: 'leg-connected', leg: 'stranger' });
    const reply = { op: 'done' } as const;
    bench.give({ type: 'media-reply', process: 'media-1', id: 'stranger.1', reply });
    expect(bench.told()).toEqual([]);
  });
});
