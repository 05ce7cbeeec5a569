/** What media reports and what becomes of the call. */
import { describe, expect, test } from '@jest/globals';
import { answeredCall, CallBench, NOTHING_LEFT } from '../../../support/call/call-bench.ts';
import { phoneSdp } from '../../../support/call/peer-description.ts';

describe('media', () => {
  test('tells the browser that it is connected and receives', () => {
    const bench = answeredCall();
    bench.mediaEvent({ type: 'leg-connected', leg: 'caller' });
    bench.mediaEvent({ type: 'leg-connected', leg: bench.callee() });
    expect(bench.told()).toEqual(['caller media']);
  });

  test.each([
    ['ice-failed', 'ice-failed'],
    ['dtls-failed', 'dtls-failed'],
    ['dtls-timeout', 'dtls-timeout'],
    ['fingerprint-mismatch', 'fingerprint-mismatch'],
    ['internal-error', 'media-failed'],
  ] as const)('that fails with %s ends the call as %s', (failure, name) => {
    const bench = answeredCall();
    bench.mediaEvent({ type: 'leg-failed', leg: 'caller', failure, detail: 'test' });
    expect(bench.told()).toEqual(['caller hangup', 'callee0 hangup']);
    expect(bench.records()).toMatchObject([{ cause: { name } }]);
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('that a browser closes ends the call', () => {
    const bench = answeredCall();
    bench.mediaEvent({ type: 'leg-closed-by-peer', leg: 'caller' });
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-closed' } }]);
  });

  test('that stops ends the call, unless the leg is on hold', () => {
    const bench = answeredCall();
    const callee = bench.callee();
    bench.tell(callee, { type: 'reoffered', sdp: phoneSdp({ direction: 'inactive', version: 2 }) });
    bench.mediaEvent({ type: 'leg-timed-out', leg: callee });
    expect(bench.records()).toEqual([]);
    bench.mediaEvent({ type: 'leg-timed-out', leg: 'caller' });
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-timeout' } }]);
  });

  test('whose process dies ends its calls at once, with that cause', () => {
    const bench = answeredCall();
    bench.give({ type: 'media-down', process: 'media-1' });
    expect(bench.told()).toEqual(['caller hangup', 'callee0 hangup']);
    expect(bench.records()).toMatchObject([{ cause: { name: 'media-process-lost' } }]);
    expect(bench.machine.counts()).toEqual({ calls: 0, legs: 0, timers: 0, commands: 0 });
  });

  test('that cannot be opened refuses the call', () => {
    const bench = new CallBench();
    bench.media.faults['open-leg'] = 'rtp.ports-exhausted';
    bench.call();
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });

  test('that does not answer in time refuses the call, and a late reply closes its leg', () => {
    const bench = new CallBench();
    bench.mediaAnswers = false;
    bench.call();
    bench.pass(5_000);
    expect(bench.last('caller', 'reject').cause.name).toBe('media-unavailable');
    bench.pass(2_000);
    expect(bench.machine.counts()).toEqual({ calls: 0, legs: 0, timers: 0, commands: 0 });
    bench.answerMedia();
    bench.answerMedia();
    expect(bench.media.legs.size).toBe(0);
  });
});
