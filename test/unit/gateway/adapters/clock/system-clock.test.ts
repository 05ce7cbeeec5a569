/** The machine's clock keeps the promises of the port. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { SystemClock } from '../../../../../gateway/adapters/clock/system-clock.ts';

describe('system clock', () => {
  test('never goes back', () => {
    const clock = new SystemClock();
    const readings = Array.from({ length: 1_000 }, () => clock.now());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });

  test('reads alike in every process', () => {
    const script = 'process.stdout.write(String(process.hrtime.bigint()))';
    const before = new SystemClock().now();
    const other =
      Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) / 1e6;
    expect(other).toBeGreaterThanOrEqual(before);
    expect(other).toBeLessThanOrEqual(new SystemClock().now());
  });

  test('gives wall-clock time in milliseconds since 1970', () => {
    const before = Date.now();
    const reading = new SystemClock().wallClockMs();
    expect(reading).toBeGreaterThanOrEqual(before);
    expect(reading).toBeLessThanOrEqual(Date.now());
  });
});
