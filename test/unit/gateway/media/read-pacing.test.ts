import { describe, expect, test } from '@jest/globals';
import { ReadPacing } from '../../../../gateway/media/read-pacing.ts';

/** Feeds `seconds` of batches of `size` at `rate` packets a second; gives the interval after. */
function feed(pacing: ReadPacing, rate: number, size: number, from = 0, seconds = 1): number {
  const step = (size / rate) * 1000;
  for (let now = from; now < from + seconds * 1000; now += step) pacing.note(size, now);
  return pacing.interval;
}

describe('the pace of reading', () => {
  test('is readiness at first, and while there is little to gather', () => {
    expect(new ReadPacing().interval).toBe(0);
    expect(feed(new ReadPacing(), 400, 1)).toBe(0);
  });

  test('is a tick of 2 ms for many small batches: a hundred calls', () => {
    expect(feed(new ReadPacing(), 10_000, 2)).toBe(2);
  });

  test('shortens the tick, then gives it up, as batches fill', () => {
    const pacing = new ReadPacing();
    expect(feed(pacing, 10_000, 2)).toBe(2);
    expect(feed(pacing, 30_000, 40, 2_000)).toBe(1);
    expect(feed(pacing, 60_000, 64, 4_000)).toBe(0);
    expect(feed(pacing, 60_000, 30, 6_000)).toBe(0);
  });

  test('leaves readiness alone where batches are large by themselves', () => {
    expect(feed(new ReadPacing(), 10_000, 30)).toBe(0);
  });

  test('goes back to readiness when traffic dies away, even to nothing', () => {
    const pacing = new ReadPacing();
    feed(pacing, 10_000, 2);
    expect(pacing.interval).toBe(2);
    pacing.note(0, 2_000);
    expect(pacing.note(0, 3_000) || pacing.interval === 0).toBe(true);
    expect(pacing.interval).toBe(0);
  });

  test('says when the interval has changed, and only then', () => {
    const pacing = new ReadPacing();
    let changes = 0;
    for (let now = 0; now < 1_000; now += 0.5) if (pacing.note(5, now)) changes += 1;
    expect(changes).toBe(1);
  });
});
