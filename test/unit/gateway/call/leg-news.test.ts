/** What legs' signalling reports and what becomes of the call. */
import { describe, expect, test } from '@jest/globals';
import { answeredCall } from '../../../support/call/call-bench.ts';

describe('a leg', () => {
  test('in signalling go on in signalling', () => {
    const bench = answeredCall();
    bench.tell('caller', { type: 'dtmf', digit: '5', durationMs: 100 });
    bench.tell(bench.callee(), { type: 'dtmf', digit: '6', durationMs: 100 });
    expect(bench.told()).toEqual(['callee0 dtmf', 'caller dtmf']);
  });
});
