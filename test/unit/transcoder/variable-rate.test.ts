import { describe, expect, test } from '@jest/globals';
import { VariableRateQueue } from '../../../transcoder/variable-rate.ts';
import { sinadDb } from '../../support/sound/spectrum.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const FRAME = 160;

/** Writes `pcm` a frame at a time and reads a frame whenever it can, at the rate of its turn. */
function through(pcm: Int16Array, rateOf: (frame: number) => number): Int16Array {
  const queue = new VariableRateQueue(FRAME * 8);
  const out: number[] = [];
  const frame = new Int16Array(FRAME);
  let frames = 0;
  for (let at = 0; at + FRAME <= pcm.length; at += FRAME) {
    queue.write(pcm.subarray(at, at + FRAME), FRAME);
    while (queue.canRead(FRAME, rateOf(frames))) {
      queue.read(frame, FRAME, rateOf(frames));
      out.push(...frame);
      frames += 1;
    }
  }
  return Int16Array.from(out);
}

describe('VariableRateQueue', () => {
  test('gives back at rate 1 what was written, bit by bit', () => {
    const pcm = tonePcm(1000, 1, 8000);
    const heard = through(pcm, () => 1);
    const shift = heard.findIndex((sample) => sample !== 0) - pcm.findIndex((s) => s !== 0);
    expect(shift).toBeLessThanOrEqual(8);
    expect(heard.slice(shift)).toEqual(pcm.slice(0, heard.length - shift));
  });

  test('raises the pitch by the rate, with at least 45 dB of SINAD', () => {
    const heard = toFloat(through(tonePcm(1000, 2, 8000), () => 1.004));
    expect(sinadDb(heard.subarray(400), 8000, 1004)).toBeGreaterThan(45);
  });

  test('holds 40 dB of SINAD on a tone of 3 kHz', () => {
    const heard = toFloat(through(tonePcm(3000, 2, 8000), () => 1.004));
    expect(sinadDb(heard.subarray(400), 8000, 3012)).toBeGreaterThan(40);
  });

  test('joins stretches of different rates without a step', () => {
    const heard = through(tonePcm(500, 2, 8000), (frame) => (frame % 10 < 5 ? 1 : 0.996));
    const steps = heard.slice(1).map((sample, i) => Math.abs(sample - (heard[i] ?? 0)));
    const steepest = 0.3 * 32767 * 2 * Math.sin((Math.PI * 500 * 1.01) / 8000);
    expect(Math.max(...steps.slice(16))).toBeLessThan(steepest * 1.02);
  });

  test('drops the oldest samples when more is written than it holds', () => {
    const queue = new VariableRateQueue(FRAME);
    for (let i = 0; i < 10; i += 1) queue.write(new Int16Array(FRAME).fill(i), FRAME);
    const frame = new Int16Array(FRAME);
    expect(queue.canRead(FRAME, 1)).toBe(true);
    queue.read(frame, FRAME, 1);
    expect(frame[100]).toBe(9);
  });
});
