/** Applications on calls that are routed to them. */
import { describe, expect, test } from '@jest/globals';
import { CallBench, NOTHING_LEFT } from '../../../support/call/call-bench.ts';
import { payloadTypesOf } from '../../../support/call/peer-description.ts';

describe('an application', () => {
  test('answers at once with the order of the browser, and echoes', () => {
    const bench = new CallBench();
    bench.call({ application: 'echo' });
    expect(bench.told()).toEqual(['caller answer']);
    expect(bench.media.hears('caller')).toBe('echo');
    expect(payloadTypesOf(bench.last('caller', 'answer').sdp)[0]).toBe(111);
    bench.tell('caller', { type: 'ended', cause: { name: 'normal' }, headers: [] });
    expect(bench.remains()).toEqual(NOTHING_LEFT);
  });
});
