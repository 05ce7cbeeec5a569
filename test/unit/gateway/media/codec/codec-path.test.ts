import { describe, expect, test } from '@jest/globals';
import { CodecPath, canTranscode } from '../../../../../gateway/media/codec/codec-path.ts';
import type { CodecBinding } from '../../../../../gateway/media-contract/contract.ts';
import { PCMA, PCMU } from '../../../../../transcoder/g711.ts';
import { codecLibrary } from '../../../../../transcoder/library.ts';
import { judgeTone } from '../../../../support/sound/judge.ts';
import { toFloat, tonePcm } from '../../../../support/sound/tone.ts';

const codecs = codecLibrary([]);
const pcmu: CodecBinding = {
  name: 'pcmu',
  payloadType: 0,
  clockRate: 8000,
  channels: 1,
  parameters: {},
};
const pcma: CodecBinding = { ...pcmu, name: 'pcma', payloadType: 8 };
const HZ = 440;

interface Network {
  readonly seconds: number;
  /** Delay of the nth packet in milliseconds; undefined loses it. */
  readonly delayOf: (n: number) => number | undefined;
  /** How much faster the sender's clock runs than ours. */
  readonly drift?: number;
  readonly ptimeInMs?: number;
  readonly ptimeOutMs?: number;
  /** Lateness of our own timer. */
  readonly timerLateMs?: (n: number) => number;
  /** Packets that the sender leaves out, as with silence suppression. */
  readonly isSilent?: (n: number) => boolean;
}

/** Sends a tone through a path over a network and gives what comes out, decoded. */
function run(network: Network) {
  const ptimeIn = network.ptimeInMs ?? 20;
  const path = new CodecPath({ codecs, from: pcmu, to: pcma, ptimeMs: network.ptimeOutMs ?? 20 });
  const samples = ptimeIn * 8;
  const pcm = tonePcm(HZ, network.seconds, 8000);
  const sent = new Uint8Array(pcm.length);
  PCMU.openEncoder({ name: 'pcmu', clockRate: 8000, parameters: {} }, 8000, 20).encode(pcm, sent);
  const arrivals = Array.from({ length: Math.floor(pcm.length / samples) }, (_, n) => ({
    n,
    at: 100 + (n * ptimeIn) / (1 + (network.drift ?? 0)) + (network.delayOf(n) ?? Number.NaN),
  }))
    .filter(({ n, at }) => !Number.isNaN(at) && !network.isSilent?.(n))
    .sort((a, b) => a.at - b.at);
  const decoder = PCMA.openDecoder({ name: 'pcma', clockRate: 8000, parameters: {} }, 8000);
  const heard = new Int16Array(pcm.length + 8000);
  let heardLength = 0;
  const payload = new Uint8Array(1500);
  const frame = new Int16Array(1500);
  const timestamps: number[] = [];
  const delays: number[] = [];
  let turns = 0;
  const produceUntil = (end: number) => {
    for (let due = path.deadline(); due !== undefined && due <= end; due = path.deadline()) {
      const now = due + (network.timerLateMs?.(turns) ?? 0);
      if (now > end) return;
      turns += 1;
      delays.push(path.playoutDelayMs(due));
      const length = path.produce(now, payload);
      if (length === 0) continue;
      timestamps.push(path.timestamp);
      const samples = decoder.decode(payload.subarray(0, length), frame);
      heard.set(frame.subarray(0, samples), heardLength);
      heardLength += samples;
    }
  };
  for (const { n, at } of arrivals) {
    produceUntil(at);
    path.receive(
      (65000 + n) & 0xffff,
      (4294960000 + n * samples) >>> 0,
      sent,
      n * samples,
      samples,
      at,
    );
  }
  produceUntil(arrivals.at(-1)?.at ?? 0);
  const delay = delays.slice(100).sort((a, b) => a - b);
  return {
    path,
    heard: toFloat(heard.subarray(0, heardLength)),
    timestamps,
    delayMs: delay[delay.length >> 1] ?? 0,
  };
}

/** A deterministic jitter of up to `range` milliseconds. */
function jitter(range: number): (n: number) => number {
  return (n) => ((Math.imul(n + 1, 2654435761) >>> 8) % 1000) * (range / 1000);
}

const clean = { hz: HZ, otherHz: 1000, seconds: 10 };

describe('CodecPath', () => {
  test('carries a tone for 10 s over a clean network without a phase jump, within 30 ms', () => {
    const { heard, path, delayMs } = run({ seconds: 12, delayOf: () => 10 });
    expect(judgeTone(heard, 8000, clean).problems).toEqual([]);
    expect(path.counts.concealed).toBeLessThanOrEqual(1);
    expect(delayMs).toBeLessThanOrEqual(30);
  });

  test('does so although its timer is up to 4 ms late', () => {
    const { heard } = run({ seconds: 12, delayOf: () => 10, timerLateMs: jitter(4) });
    expect(judgeTone(heard, 8000, clean).problems).toEqual([]);
  });

  test('waits no longer than 100 ms under ±40 ms of jitter, and seldom conceals', () => {
    const { heard, path, delayMs } = run({ seconds: 40, delayOf: jitter(80) });
    expect(delayMs).toBeLessThanOrEqual(100);
    expect(path.counts.concealed).toBeLessThan(60);
    const late = judgeTone(heard.subarray(20 * 8000), 8000, { ...clean, allowedPhaseJumps: 5 });
    expect(late.problems).toEqual([]);
  });

  test('follows a sender whose clock runs 300 ppm fast for two minutes, without growing delay', () => {
    const { path, delayMs } = run({ seconds: 120, delayOf: () => 10, drift: 0.0003 });
    expect(delayMs).toBeLessThanOrEqual(45);
    expect(path.counts.concealed).toBeLessThanOrEqual(2);
    expect(path.counts.jumps).toBe(0);
  });

  test('follows a sender whose clock runs 300 ppm slow', () => {
    const { heard, path } = run({ seconds: 60, delayOf: () => 10, drift: -0.0003 });
    expect(path.counts.concealed).toBeLessThanOrEqual(4);
    const end = judgeTone(heard.subarray(45 * 8000), 8000, { ...clean, hz: HZ * 0.9997 });
    expect(end.problems).toEqual([]);
  });

  test('keeps its place when single packets come too late', () => {
    const { heard, path } = run({ seconds: 12, delayOf: (n) => (n % 50 === 30 ? 45 : 10) });
    expect(path.counts.concealed).toBeGreaterThanOrEqual(11);
    expect(judgeTone(heard, 8000, clean).problems).toEqual([]);
  });

  test('conceals single losses and keeps its delay', () => {
    const { heard, path, delayMs } = run({
      seconds: 12,
      delayOf: (n) => (n % 50 === 30 ? undefined : 10),
    });
    expect(path.counts.concealed).toBeGreaterThanOrEqual(11);
    expect(path.counts.concealed).toBeLessThanOrEqual(14);
    expect(delayMs).toBeLessThanOrEqual(25);
    expect(judgeTone(heard, 8000, { ...clean, allowedPhaseJumps: 20 }).problems).toEqual([]);
  });

  test.each([
    [10, 20],
    [20, 60],
    [30, 20],
    [20, 30],
    [60, 10],
  ])('re-frames %d ms packets to %d ms without a phase jump', (ptimeInMs, ptimeOutMs) => {
    const { heard, timestamps } = run({ seconds: 12, delayOf: () => 5, ptimeInMs, ptimeOutMs });
    expect(judgeTone(heard, 8000, clean).problems).toEqual([]);
    const steps = timestamps.slice(1).map((timestamp, i) => timestamp - (timestamps[i] ?? 0));
    expect(new Set(steps)).toEqual(new Set([ptimeOutMs * 8]));
  });

  test('pauses with a stream that pauses, and moves its timestamp on by the time that passed', () => {
    const isSilent = (n: number) => n >= 100 && n < 400;
    const { timestamps } = run({ seconds: 10, delayOf: () => 5, isSilent });
    const steps = timestamps.slice(1).map((timestamp, i) => timestamp - (timestamps[i] ?? 0));
    const gaps = steps.filter((step) => step !== 160);
    expect(gaps).toHaveLength(1);
    expect(timestamps.at(-1)).toBeGreaterThan(9.7 * 8000);
    expect(timestamps.at(-1)).toBeLessThan(10.1 * 8000);
  });

  test('goes on at once when the stream jumps to another numbering', () => {
    const path = new CodecPath({ codecs, from: pcmu, to: pcma, ptimeMs: 20 });
    const bytes = new Uint8Array(160).fill(0xff);
    const payload = new Uint8Array(1500);
    for (let n = 0; n < 50; n += 1) path.receive(n, n * 160, bytes, 0, 160, n * 20);
    path.receive(30000, 999_999, bytes, 0, 160, 1000);
    path.receive(30001, 999_999 + 160, bytes, 0, 160, 1020);
    expect(path.counts.jumps).toBe(1);
    expect(path.produce(1025, payload)).toBe(160);
    expect(path.counts.decoded).toBe(1);
  });

  test('starts over when timestamps jump although sequence numbers go on', () => {
    const path = new CodecPath({ codecs, from: pcmu, to: pcma, ptimeMs: 20 });
    const bytes = new Uint8Array(160).fill(0xff);
    for (let n = 0; n < 10; n += 1) path.receive(n, n * 160, bytes, 0, 160, n * 20);
    path.receive(10, 3_000_000_000, bytes, 0, 160, 200);
    expect(path.counts.jumps).toBe(1);
  });

  test('knows which codecs it can join', () => {
    expect(canTranscode(codecs, 'pcmu', 'pcma')).toBe(true);
    expect(canTranscode(codecs, 'pcmu', 'vp8')).toBe(false);
  });
});
