import { describe, expect, test } from '@jest/globals';
import { findAlike, likenessAt } from '../../../transcoder/likeness.ts';
import { tonePcm } from '../../support/sound/tone.ts';

describe('Likeness', () => {
  test('is 1 with itself, −1 with its inverse, and about 0 a quarter of a period on', () => {
    const tone = tonePcm(500, 0.1, 8000);
    const inverse = tone.map((sample) => -sample);
    const piece = { samples: tone, at: 100, length: 160 };
    expect(likenessAt(piece, tone, 100)).toBeCloseTo(1, 5);
    expect(likenessAt(piece, inverse, 100)).toBeCloseTo(-1, 5);
    expect(Math.abs(likenessAt(piece, tone, 104))).toBeLessThan(0.05);
  });

  test('is 1 between silence and silence', () => {
    const silence = new Int16Array(200);
    expect(likenessAt({ samples: silence, at: 0, length: 80 }, silence, 100)).toBe(1);
  });

  test.each([
    [8000, 100],
    [8000, 440],
    [8000, 2020],
    [16_000, 2020],
    [48_000, 2020],
  ])('finds a whole number of periods at %d Hz for a tone of %d Hz', (rate, hz) => {
    const tone = tonePcm(hz, 0.1, rate);
    const perMs = rate / 1000;
    const piece = { samples: tone, at: 50 * perMs, length: 20 * perMs };
    const found = findAlike(piece, tone, 35 * perMs, 45 * perMs, perMs);
    const periods = ((piece.at - found.at) * hz) / rate;
    expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.06);
    expect(found.likeness).toBeGreaterThan(0.9);
  });
});
