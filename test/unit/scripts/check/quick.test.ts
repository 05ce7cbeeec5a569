/** A runner as a step: its result is kept whether it passed or not. */
import { describe, expect, jest, test } from '@jest/globals';
import { tellStep } from '../../../../scripts/check/quick.mjs';

describe('a runner as a step', () => {
  test.each([
    [{ passed: 2, failed: 0 }, '✓', '2 passed, 0 failed'],
    [{ passed: 2, failed: 1 }, '✗', '2 passed, 1 failed'],
    [{ passed: 0, failed: 0 }, '✗', '0 passed, 1 failed'],
  ])('%j is told as %s %s', async (counts, mark, note) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const results: { failed: number }[] = [];
    await tellStep(results, 'types', async () => ({ name: 'types', ...counts }));
    const told = write.mock.calls.map(([text]) => String(text)).join('');
    write.mockRestore();
    expect(told).toContain(mark);
    expect(told).toContain(note);
    expect(results).toHaveLength(1);
  });
});
