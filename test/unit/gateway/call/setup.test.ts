/** How a call begins: what is routed, what is refused, and what is opened. */
import { describe, expect, test } from '@jest/globals';
import { CallBench, NOTHING_LEFT } from '../../../support/call/call-bench.ts';
import { phoneSdp } from '../../../support/call/peer-description.ts';

describe('setting a call up', () => {
  test('invites the phone only after its media is open, and rings once', () => {
    const bench = new CallBench();
    bench.mediaAnswers = false;
    bench.call();
    expect(bench.told()).toEqual([]);
    bench.answerMedia();
    expect(bench.told()).toEqual(['callee0 invite']);
    bench.tell(bench.callee(), { type: 'ringing', headers: [] });
    bench.tell(bench.callee(), { type: 'ringing', headers: [] });
    expect(bench.told()).toEqual(['caller ring']);
  });

  test('is refused when no media process can take it, and when the gateway is stopping or full', () => {
    const bench = new CallBench();
    bench.give({ type: 'media-down', process: 'media-1' });
    bench.call();
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    bench.give({ type: 'stop', cause: { name: 'shutdown' } });
    bench.call({ leg: 'late' });
    expect(bench.last('late', 'reject').cause.name).toBe('shutdown');
    const full = new CallBench();
    for (let i = 0; i < 101; i += 1) full.call({ leg: `leg${i}` });
    expect(full.last('leg100', 'reject').cause.name).toBe('congestion');
  });

  test('is refused with the status of the rule that matched', () => {
    const bench = new CallBench();
    bench.decision = { type: 'reject', status: 603, reason: 'Decline', rule: 'test' };
    bench.call();
    expect(bench.last('caller', 'reject').cause).toMatchObject({ sip: { status: 603 } });
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('is refused when the offer cannot be read or holds no audio', () => {
    const bench = new CallBench();
    bench.call({ offer: 'nonsense' });
    expect(bench.last('caller', 'reject').cause.name).toBe('bad-description');
    bench.call({ leg: 'video', offer: phoneSdp().replace('m=audio', 'm=video') });
    expect(bench.last('video', 'reject').cause.name).toBe('not-acceptable');
  });
});
