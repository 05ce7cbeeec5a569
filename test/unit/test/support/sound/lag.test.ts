import { describe, expect, test } from '@jest/globals';
import { SeededRandom } from '../../../../support/seeded-random.ts';
import { lagMs } from '../../../../support/sound/lag.ts';

const RATE = 8_000;
const RANGE = [-100, 400] as const;

/** Bursts of noise at irregular times. */
function bursts(seconds: number): Float32Array {
  const random = new SeededRandom(7);
  const pcm = new Float32Array(seconds * RATE);
  for (let at = 0; at < pcm.length; at += RATE / 5 + random.below(RATE / 2)) {
    for (let i = at; i < Math.min(at + RATE / 20, pcm.length); i += 1) {
      pcm[i] = random.below(1_000) / 1_000 - 0.5;
    }
  }
  return pcm;
}

function delayed(pcm: Float32Array, ms: number): Float32Array {
  const late = new Float32Array(pcm.length);
  const samples = (ms * RATE) / 1_000;
  for (let i = 0; i < late.length; i += 1) late[i] = pcm[i - samples] ?? 0;
  return late;
}

describe('lagMs', () => {
  test.each([0, 3, 37, 250, -40])('finds a lag of %d ms', (ms) => {
    const sent = bursts(6);
    const found = lagMs(sent, delayed(sent, ms), RATE, RANGE);
    expect(found.lagMs).toBe(ms);
    expect(found.agreement).toBeGreaterThan(0.95);
  });

  test('tells that what was heard is something else', () => {
    const sent = bursts(6);
    const other = bursts(6).reverse();
    expect(lagMs(sent, other, RATE, RANGE).agreement).toBeLessThan(0.7);
    expect(lagMs(sent, new Float32Array(sent.length), RATE, RANGE).agreement).toBe(-1);
  });
});
