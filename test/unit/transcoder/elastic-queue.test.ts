import { describe, expect, test } from '@jest/globals';
import { ElasticQueue } from '../../../transcoder/elastic-queue.ts';
import { judgeTone } from '../../support/sound/judge.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const FRAME = 160;
const PLENTY = 4 * FRAME;

/**
 * Passes a tone through a queue that is kept `PLENTY` full, doing something to it before frame
 * 100, 110, …; gives what was read.
 */
function through(
  hz: number,
  seconds: number,
  touch: (queue: ElasticQueue, frame: number) => void,
): Int16Array {
  const queue = new ElasticQueue(8000, 200);
  const tone = tonePcm(hz, seconds, 8000);
  const heard: number[] = [];
  const frame = new Int16Array(FRAME);
  let at = 0;
  for (let n = 0; at + FRAME <= tone.length; n += 1) {
    while (queue.available < PLENTY && at + FRAME <= tone.length) {
      queue.write(tone.slice(at, at + FRAME), FRAME);
      at += FRAME;
    }
    if (n >= 100 && n % 10 === 0) touch(queue, n);
    queue.read(frame);
    heard.push(...frame);
  }
  return Int16Array.from(heard);
}

const TONES = [440, 1330, 2020];

describe('ElasticQueue', () => {
  test('gives back what was written, bit by bit', () => {
    const tone = tonePcm(1000, 1, 8000);
    expect(through(1000, 1, () => {})).toEqual(tone.subarray(0, 8000 - PLENTY + FRAME));
  });

  test.each(TONES)('takes periods out of a tone of %d Hz without breaking its phase', (hz) => {
    const removed: number[] = [];
    const heard = through(hz, 8, (queue) => removed.push(queue.shorten(FRAME, 0.8)));
    expect(removed.length).toBeGreaterThan(20);
    expect(removed.every((samples) => samples >= 40 && samples <= 120)).toBe(true);
    const verdict = judgeTone(toFloat(heard), 8000, { hz, otherHz: 700, seconds: 5 });
    expect(verdict.problems).toEqual([]);
  });

  test.each(TONES)('repeats periods of a tone of %d Hz without breaking its phase', (hz) => {
    const added: number[] = [];
    const heard = through(hz, 8, (queue) => added.push(queue.lengthen(0.8)));
    expect(added.length).toBeGreaterThan(20);
    expect(added.every((samples) => samples >= 40 && samples <= 120)).toBe(true);
    const verdict = judgeTone(toFloat(heard), 8000, { hz, otherHz: 700, seconds: 5 });
    expect(verdict.problems).toEqual([]);
  });

  test('takes out no more than it may, and nothing where too little is queued', () => {
    const queue = new ElasticQueue(8000, 200);
    queue.write(tonePcm(440, 0.02, 8000), FRAME);
    expect(queue.shorten(39, -1)).toBe(0);
    const removed = queue.shorten(60, -1);
    expect(removed).toBeGreaterThanOrEqual(40);
    expect(removed).toBeLessThanOrEqual(60);
    expect(queue.available).toBe(FRAME - removed);
    expect(queue.shorten(FRAME, -1)).toBe(0);
  });

  test('leaves noise alone where likeness is asked for', () => {
    let seed = 1;
    const noise = Int16Array.from({ length: PLENTY }, () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 16) - 32768;
    });
    const queue = new ElasticQueue(8000, 200);
    queue.write(noise, noise.length);
    const frame = new Int16Array(FRAME);
    queue.read(frame);
    expect(queue.shorten(FRAME, 0.8)).toBe(0);
    expect(queue.lengthen(0.8)).toBe(0);
    expect(queue.lengthen(-1)).toBeGreaterThan(0);
  });

  test.each(TONES)('joins a tone of %d Hz to its continuation wherever it comes back', (hz) => {
    const queue = new ElasticQueue(8000, 200);
    const tone = tonePcm(hz, 7, 8000);
    const heard: number[] = [];
    const frame = new Int16Array(FRAME);
    for (let at = 0; at + FRAME <= tone.length; at += FRAME) {
      // Every tenth of a second something else than what was invented goes missing.
      if ((at / FRAME) % 10 === 9) {
        queue.extend(FRAME);
        at += 37;
      }
      queue.write(tone.slice(at, at + FRAME), FRAME);
      while (queue.available >= FRAME) {
        queue.read(frame);
        heard.push(...frame);
      }
    }
    const sound = toFloat(Int16Array.from(heard));
    expect(judgeTone(sound, 8000, { hz, otherHz: 700, seconds: 5 }).problems).toEqual([]);
  });

  test('leaves out as much as was invented where nothing else is to be gained', () => {
    const queue = new ElasticQueue(8000, 200);
    const tone = tonePcm(440, 1, 8000);
    queue.write(tone.slice(0, 800), 800);
    queue.extend(FRAME);
    queue.write(tone.slice(800, 1120), 320, FRAME);
    const frame = new Int16Array(1120);
    expect(queue.available).toBe(1120);
    queue.read(frame);
    const difference = Math.max(...frame.map((sample, i) => Math.abs(sample - (tone[i] ?? 0))));
    // No more than what the continuation has faded by then.
    expect(difference).toBeLessThan(0.2 * 0.3 * 32767);
  });

  test('invents more before what is written with a negative skip', () => {
    const queue = new ElasticQueue(8000, 200);
    const tone = tonePcm(500, 1, 8000);
    queue.write(tone.slice(0, 800), 800);
    queue.write(tone.slice(800, 960), FRAME, -FRAME);
    expect(queue.available).toBeGreaterThanOrEqual(800 + FRAME + FRAME - 60);
  });

  test('drops the oldest samples when more is written than it holds', () => {
    const queue = new ElasticQueue(8000, 40);
    for (let i = 1; i <= 10; i += 1) queue.write(new Int16Array(FRAME).fill(i), FRAME);
    const frame = new Int16Array(queue.available);
    queue.read(frame);
    expect(frame.at(-1)).toBe(10);
    expect(frame.length).toBeLessThan(10 * FRAME);
  });
});
