import { describe, expect, test } from '@jest/globals';
import { Continuation, PAST_MS } from '../../../transcoder/continuation.ts';
import { measureTone, sinadDb } from '../../support/sound/spectrum.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

/** The tone up to `end`, and `count` samples that continue it. */
function continued(hz: number, rate: number, end: number, count: number): Int16Array {
  const tone = tonePcm(hz, 1, rate).subarray(0, end);
  const continuation = new Continuation(rate);
  continuation.begin(tone, end);
  const invented = Int16Array.from({ length: count }, (_, i) => continuation.peek(i));
  return Int16Array.from([...tone, ...invented]);
}

describe('Continuation', () => {
  test.each([
    [8000, 440],
    [8000, 1990],
    [8000, 2020],
    [16_000, 3010],
    [48_000, 997],
  ])('at %d Hz goes on with a tone of %d Hz in its phase for 20 ms', (rate, hz) => {
    const end = rate / 2;
    const heard = continued(hz, rate, end, rate / 50);
    const tail = toFloat(heard.subarray(end - rate / 50));
    const real = toFloat(tonePcm(hz, 1, rate).subarray(end - rate / 50, end + rate / 50));
    const shift = measureTone(tail, rate, hz).phase - measureTone(real, rate, hz).phase;
    expect(Math.abs(Math.sin(shift))).toBeLessThan(0.1);
    expect(sinadDb(toFloat(heard.subarray(end, end + rate / 100)), rate, hz)).toBeGreaterThan(25);
  });

  test('fades to silence within 60 ms and stays silent', () => {
    const heard = continued(400, 8000, 4000, 2000);
    const loudest = (from: number, to: number) =>
      Math.max(...heard.subarray(4000 + from, 4000 + to).map(Math.abs));
    expect(loudest(0, 80)).toBeGreaterThan(9_000);
    expect(loudest(240, 320)).toBeLessThan(6_000);
    expect(loudest(480, 2000)).toBe(0);
  });

  test('looks ahead without moving, and moves when samples are taken', () => {
    const continuation = new Continuation(8000);
    const tone = tonePcm(400, 1, 8000);
    continuation.begin(tone, 4000);
    const tenth = continuation.peek(10);
    expect(continuation.peek(10)).toBe(tenth);
    continuation.take(10);
    expect(continuation.peek(0)).toBe(tenth);
  });

  test('is silent behind silence', () => {
    const continuation = new Continuation(8000);
    continuation.begin(new Int16Array(PAST_MS * 8), PAST_MS * 8);
    for (let i = 0; i < 160; i += 1) expect(continuation.peek(i)).toBeCloseTo(0);
  });
});
