import { describe, expect, test } from '@jest/globals';
import { Playout } from '../../../../../gateway/media/codec/playout.ts';
import { PCMU } from '../../../../../transcoder/g711.ts';
import { judgeTone } from '../../../../support/sound/judge.ts';
import { toFloat, tonePcm } from '../../../../support/sound/tone.ts';

const PCMU_SPECIFICATION = { name: 'pcmu', clockRate: 8000, parameters: {} };
const PACKET_MS = 20;
const PACKET = 160;
const FIRST_WAIT_MS = 25;
const TONES = [440, 1330, 2020];

/** Milliseconds that the nth packet takes; undefined loses it. */
type Delays = (n: number) => number | undefined;

/** Plays a tone over a network and gives what is heard from the first packet on. */
function listen(hz: number, delayOf: Delays, seconds = 8) {
  const decoder = PCMU.openDecoder(PCMU_SPECIFICATION, 8000);
  const playout = new Playout({ decoder, recovers: false, clockRate: 8000, frameMs: PACKET_MS });
  const tone = tonePcm(hz, seconds, 8000);
  const sent = new Uint8Array(tone.length);
  PCMU.openEncoder(PCMU_SPECIFICATION, 8000, PACKET_MS).encode(tone, sent);
  const arrivals = Array.from({ length: tone.length / PACKET }, (_, n) => ({
    n,
    at: n * PACKET_MS + (delayOf(n) ?? Number.NaN),
  }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  const heard: number[] = [];
  const delays: number[] = [];
  const frame = new Int16Array(PACKET);
  let due = (arrivals[0]?.at ?? 0) + FIRST_WAIT_MS;
  for (const { n, at } of arrivals) {
    for (; due <= at; due += PACKET_MS) {
      delays.push(playout.delayMs(due));
      playout.play(frame, due);
      heard.push(...frame);
    }
    playout.receive(n & 0xffff, n * PACKET, sent, n * PACKET, PACKET, at);
  }
  const verdict = judgeTone(toFloat(Int16Array.from(heard)), 8000, {
    hz,
    otherHz: 700,
    seconds: seconds - 2,
  });
  return { verdict, counts: playout.counts, delays };
}

describe('Playout', () => {
  test.each(TONES)('leaves a tone of %d Hz alone while the network is calm', (hz) => {
    const { verdict, counts, delays } = listen(hz, (n) => 10 + (n % 3));
    expect(verdict.problems).toEqual([]);
    expect(counts).toMatchObject({ concealed: 0, shortened: 0, lengthened: 0 });
    expect(Math.max(...delays)).toBeLessThanOrEqual(30);
  });

  test.each(TONES)('follows a tone of %d Hz that comes 30 ms later from some moment on', (hz) => {
    const { verdict, counts, delays } = listen(hz, (n) => (n < 150 ? 10 : 40));
    expect(verdict).toMatchObject({ problems: [], phaseJumps: 0 });
    expect(counts.concealed).toBeLessThanOrEqual(5);
    expect(delays.at(-1)).toBeLessThanOrEqual(65);
  });

  test.each(TONES)(
    'gives time back, unheard, when a tone of %d Hz comes sooner from some moment on',
    (hz) => {
      const { verdict, counts, delays } = listen(hz, (n) => (n < 150 ? 40 : 10));
      expect(verdict).toMatchObject({ problems: [], phaseJumps: 0 });
      expect(counts.concealed).toBe(0);
      expect(counts.shortened).toBeGreaterThan(0);
      expect(delays.at(-1)).toBeLessThanOrEqual(30);
    },
  );

  test.each(TONES)('bridges a sender that is held up for 60 ms every 2 s, at %d Hz', (hz) => {
    const heldUp: Delays = (n) => 10 + (n % 100 >= 50 && n % 100 < 53 ? (53 - (n % 100)) * 20 : 0);
    const { verdict } = listen(hz, heldUp);
    expect(verdict).toMatchObject({ problems: [], phaseJumps: 0 });
  });

  test('keeps a packet that comes too late out, and its place with what was invented', () => {
    const { verdict, counts, delays } = listen(440, (n) => (n % 50 === 30 ? 45 : 10));
    expect(verdict.problems).toEqual([]);
    expect(counts.concealed).toBe(8);
    expect(Math.max(...delays.slice(-100))).toBeLessThanOrEqual(45);
  });

  test('plays what was held up for 200 ms at the start down to a short wait within 3 s', () => {
    const { delays, verdict } = listen(980, (n) => 10 + Math.max(0, 10 - n) * 20);
    expect(delays.slice(150).every((delay) => delay < 50)).toBe(true);
    expect(verdict.phaseJumps).toBe(0);
  });

  test('gives up what waits far too long', () => {
    const { delays } = listen(440, (n) => (n < 50 ? 800 - n * 15 : 10));
    expect(delays.slice(200).every((delay) => delay < 100)).toBe(true);
  });

  test('holds no sound back after a pause', () => {
    const decoder = PCMU.openDecoder(PCMU_SPECIFICATION, 8000);
    const playout = new Playout({ decoder, recovers: false, clockRate: 8000, frameMs: PACKET_MS });
    const loud = new Uint8Array(PACKET).fill(0x80);
    const frame = new Int16Array(PACKET);
    playout.receive(1, 0, loud, 0, PACKET, 0);
    playout.receive(2, PACKET, loud, 0, PACKET, 20);
    playout.pause();
    playout.play(frame, 40);
    expect(frame.every((sample) => sample === 0)).toBe(true);
  });

  test('tells duplicates, late packets and jumps apart', () => {
    const decoder = PCMU.openDecoder(PCMU_SPECIFICATION, 8000);
    const playout = new Playout({ decoder, recovers: false, clockRate: 8000, frameMs: PACKET_MS });
    const bytes = new Uint8Array(PACKET);
    const frame = new Int16Array(PACKET);
    expect(playout.receive(10, 0, bytes, 0, PACKET, 0)).toBe(true);
    expect(playout.receive(10, 0, bytes, 0, PACKET, 1)).toBe(false);
    playout.play(frame, 25);
    expect(playout.receive(9, 2 ** 32 - PACKET, bytes, 0, PACKET, 30)).toBe(true);
    expect(playout.receive(30_000, 999_999, bytes, 0, PACKET, 40)).toBe(true);
    expect(playout.counts).toMatchObject({ duplicate: 1, late: 1, jumps: 1 });
  });
});
