import { describe, expect, test } from '@jest/globals';
import { judgeTone } from '../../../../support/sound/judge.ts';
import { toFloat, tonePcm } from '../../../../support/sound/tone.ts';

const RATE = 8000;
const expectation = { hz: 440, otherHz: 1000, seconds: 10 };

function mix(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts[0] ?? [], (_, i) =>
    parts.reduce((sum, part) => sum + (part[i] ?? 0), 0),
  );
}

const tone = toFloat(tonePcm(440, 12, RATE));

describe('The judge of tones', () => {
  test('passes a clean tone after some silence', () => {
    const pcm = new Float32Array(14 * RATE);
    pcm.set(tone, RATE);
    expect(judgeTone(pcm, RATE, expectation).problems).toEqual([]);
  });

  test('fails silence', () => {
    expect(judgeTone(new Float32Array(12 * RATE), RATE, expectation).problems).toEqual([
      'no tone of 440 Hz heard',
    ]);
  });

  test('fails a tone that ends early', () => {
    expect(judgeTone(tone.subarray(0, 8 * RATE), RATE, expectation).problems).toEqual([
      'only 7.3 s heard',
    ]);
  });

  test('fails another frequency', () => {
    const other = toFloat(tonePcm(444, 12, RATE));
    expect(judgeTone(other, RATE, expectation).problems).toContain('444.0 Hz, not 440');
  });

  test('fails when one hears oneself at −30 dB', () => {
    const own = toFloat(tonePcm(1000, 12, RATE, 0.0316));
    const verdict = judgeTone(mix(tone, own), RATE, expectation);
    expect(verdict.problems.some((problem) => problem.startsWith('own tone'))).toBe(true);
  });

  test('fails noise 20 dB below the tone', () => {
    let seed = 1;
    const noise = Float32Array.from(tone, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed / 2 ** 32 - 0.5) * 0.075;
    });
    const verdict = judgeTone(mix(tone, noise), RATE, expectation);
    expect(verdict.problems.some((problem) => problem.startsWith('SINAD'))).toBe(true);
  });

  test('fails a single dropped frame of 20 ms', () => {
    const dropped = new Float32Array(tone.length - 160);
    dropped.set(tone.subarray(0, 40_000));
    dropped.set(tone.subarray(40_160), 40_000);
    expect(judgeTone(dropped, RATE, expectation).problems).toEqual(['1 phase jumps']);
  });

  test('tolerates a clock that is 200 ppm off', () => {
    const drifted = toFloat(tonePcm(440 * 1.0002, 12, RATE));
    expect(judgeTone(drifted, RATE, expectation).problems).toEqual([]);
  });
});
