import { describe, expect, test } from '@jest/globals';
import { MOST_REFUSAL_REASONS } from '../../../../gateway/media/limits.ts';
import { Refusals } from '../../../../gateway/media/refusals.ts';

describe('refusals', () => {
  test('are counted by reason', () => {
    const refusals = new Refusals();
    refusals.count('srtp.replayed');
    refusals.count('srtp.replayed');
    refusals.count('source.refused');
    expect(refusals.toRecord()).toEqual({ 'srtp.replayed': 2, 'source.refused': 1 });
  });

  test('have a limited number of reasons', () => {
    const refusals = new Refusals();
    for (let i = 0; i < MOST_REFUSAL_REASONS + 10; i += 1) refusals.count(`${i}`);
    expect(Object.keys(refusals.toRecord())).toHaveLength(MOST_REFUSAL_REASONS);
  });
});
