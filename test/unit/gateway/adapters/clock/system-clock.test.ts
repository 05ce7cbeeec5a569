/** The machine's clock keeps the promises of the port. */
import { describe, expect, test } from '@jest/globals';
import { SystemClock } from '../../../../../gateway/adapters/clock/system-clock.ts';

describe('system clock', () => {
  test('never goes back', () => {
    const clock = new SystemClock();
    const readings = Array.from({ length: 1_000 }, () => clock.now());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });

  test('gives wall-clock time in milliseconds since 1970', () => {
    const before = Date.now();
    const reading = new SystemClock().wallClockMs();
    expect(reading).toBeGreaterThanOrEqual(before);
    expect(reading).toBeLessThanOrEqual(Date.now());
  });
});
