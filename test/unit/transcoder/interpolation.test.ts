import { describe, expect, test } from '@jest/globals';
import { HALF_TAPS, valueAt } from '../../../transcoder/interpolation.ts';
import { tonePcm } from '../../support/sound/tone.ts';

describe('Interpolation', () => {
  test('gives a sample where there is one', () => {
    const tone = tonePcm(1000, 0.01, 8000);
    for (let i = HALF_TAPS; i < tone.length - HALF_TAPS; i += 1) {
      expect(valueAt(tone, i)).toBeCloseTo(tone[i] ?? 0, 1);
    }
  });

  test.each([300, 1000, 3000])('gives the curve of a tone of %d Hz between samples', (hz) => {
    const tone = tonePcm(hz, 0.02, 8000);
    const fine = tonePcm(hz, 0.02, 80_000);
    for (let tenth = 10 * HALF_TAPS; tenth < fine.length - 10 * HALF_TAPS; tenth += 1) {
      expect(Math.abs(valueAt(tone, tenth / 10) - (fine[tenth] ?? 0))).toBeLessThan(200);
    }
  });
});
