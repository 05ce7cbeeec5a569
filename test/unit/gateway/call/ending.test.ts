/** How calls end, for everybody and with nothing left. */
import { describe, expect, test } from '@jest/globals';
import { answeredCall, CallBench, NOTHING_LEFT } from '../../../support/call/call-bench.ts';

describe('ending', () => {
  test('ends for both when either hangs up, and leaves nothing', () => {
    for (const [who, other] of [
      ['caller', 'callee0'],
      ['callee', 'caller'],
    ] as const) {
      const bench = answeredCall();
      const leg = who === 'caller' ? 'caller' : bench.callee();
      bench.tell(leg, { type: 'ended', cause: { name: 'normal' }, headers: [] });
      expect(bench.told()).toEqual([`${other} hangup`]);
      expect(bench.records()).toMatchObject([{ cause: { name: 'normal' }, endedBy: who }]);
      expect(bench.remains()).toEqual(NOTHING_LEFT);
    }
  });

  test('is cancelled towards the phone when the browser gives up', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.tell('caller', { type: 'cancelled', cause: { name: 'cancelled' } });
    expect(bench.told()).toEqual(['callee0 cancel']);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('is given up when nobody answers in time', () => {
    const bench = new CallBench();
    bench.call();
    bench.told();
    bench.pass(59_999);
    expect(bench.told()).toEqual([]);
    bench.pass(1);
    expect(bench.told()).toEqual(['caller reject', 'callee0 cancel']);
    expect(bench.last('caller', 'reject').cause.name).toBe('no-answer');
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });
});
