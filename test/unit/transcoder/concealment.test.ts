import { describe, expect, test } from '@jest/globals';
import { WaveformConcealment } from '../../../transcoder/concealment.ts';
import { measureTone, sinadDb } from '../../support/sound/spectrum.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const FRAME = 160;

/** Passes a tone through a concealment that loses the frames numbered in `lost`. */
function throughLoss(pcm: Int16Array, lost: ReadonlySet<number>): Int16Array {
  const concealment = new WaveformConcealment(8000);
  const heard = pcm.slice();
  for (let frame = 0; frame * FRAME < heard.length; frame += 1) {
    const view = heard.subarray(frame * FRAME, (frame + 1) * FRAME);
    if (lost.has(frame)) concealment.conceal(view, FRAME);
    else concealment.heard(view, view.length);
  }
  return heard;
}

describe('Concealment', () => {
  test('leaves a stream without loss as it is', () => {
    const pcm = tonePcm(440, 1, 8000);
    expect(throughLoss(pcm, new Set())).toEqual(pcm);
  });

  test('continues a tone through single losses with its frequency and level', () => {
    const pcm = tonePcm(400, 1, 8000);
    const heard = toFloat(throughLoss(pcm, new Set([10, 20, 30])));
    expect(sinadDb(heard, 8000, 400)).toBeGreaterThan(20);
    expect(measureTone(heard.subarray(1600, 1760), 8000, 400).levelDb).toBeGreaterThan(-12.5);
  });

  test('fades a long loss to silence within 60 ms', () => {
    const heard = throughLoss(tonePcm(400, 1, 8000), new Set([10, 11, 12, 13, 14]));
    expect(heard.subarray(13 * FRAME + 10, 15 * FRAME).every((sample) => sample === 0)).toBe(true);
  });

  test('blends the real signal in after a long loss', () => {
    const heard = throughLoss(tonePcm(400, 1, 8000), new Set([10, 11, 12, 13, 14]));
    expect(Math.abs(heard[15 * FRAME] ?? 0)).toBeLessThan(1000);
  });

  test('is silent when there is no past to continue', () => {
    const pcm = new Int16Array(FRAME).fill(1);
    new WaveformConcealment(8000).conceal(pcm, FRAME);
    expect(pcm.every((sample) => sample === 0)).toBe(true);
  });
});
