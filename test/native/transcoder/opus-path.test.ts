/** The codec path with real Opus: tones, loss, forward error correction, rates. */
import { describe, expect, test } from '@jest/globals';
import { CodecPath } from '../../../gateway/media/codec/codec-path.ts';
import type { CodecBinding } from '../../../gateway/media-contract/contract.ts';
import { codecLibrary } from '../../../transcoder/library.ts';
import { loadOpus } from '../../../transcoder/native/load.ts';
import { opusCodec } from '../../../transcoder/opus.ts';
import { judgeTone } from '../../support/sound/judge.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const addon = loadOpus();
const codecs = codecLibrary([opusCodec(addon)]);
const pcmu: CodecBinding = {
  name: 'pcmu',
  payloadType: 0,
  clockRate: 8000,
  channels: 1,
  parameters: {},
};
const opus: CodecBinding = {
  name: 'opus',
  payloadType: 111,
  clockRate: 48000,
  channels: 2,
  parameters: { useinbandfec: '1' },
};
const HZ = 440;

/** Something like a voice: a buzz of 120 Hz in syllables, as libopus protects speech only. */
function buzz(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 8000 }, (_, i) => {
    const syllable = Math.abs(Math.sin((2 * Math.PI * 2 * i) / 8000));
    const tooth = ((i * 120) / 8000) % 1;
    return Math.round(12_000 * syllable * (tooth - 0.5));
  });
}

/** Encodes `pcm` with the first codec, sends it through a path to the second, and decodes that. */
function carry(
  from: CodecBinding,
  to: CodecBinding,
  pcm: Int16Array,
  isLost: (n: number) => boolean,
  expectedLossPercent = 0,
) {
  const encoder = codecs.get(from.name)?.openEncoder(from, 8000, 20);
  const decoder = codecs.get(to.name)?.openDecoder(to, 8000);
  if (encoder === undefined || decoder === undefined) throw new Error('no such codec');
  if (expectedLossPercent > 0) encoder.expectLoss?.(expectedLossPercent);
  const path = new CodecPath({ codecs, from, to, ptimeMs: 20 });
  const heard = new Int16Array(pcm.length);
  const frame = new Int16Array(960);
  const payload = new Uint8Array(1500);
  let length = 0;
  const delays: number[] = [];
  for (let n = 0; n < pcm.length / 160; n += 1) {
    const now = n * 20;
    for (let due = path.deadline(); due !== undefined && due <= now; due = path.deadline()) {
      delays.push(path.playoutDelayMs(due));
      const bytes = path.produce(due, payload);
      heard.set(frame.subarray(0, decoder.decode(payload.subarray(0, bytes), frame)), length);
      length += 160;
    }
    const size = encoder.encode(pcm.subarray(n * 160, (n + 1) * 160), payload);
    if (isLost(n)) continue;
    path.receive(n, (n * from.clockRate) / 50, payload, 0, size, now);
  }
  path.close();
  const delay = delays.slice(100).sort((a, b) => a - b);
  return {
    path,
    heard: toFloat(heard.subarray(0, length)),
    delayMs: delay[delay.length >> 1] ?? 0,
  };
}

const expectation = { hz: HZ, otherHz: 1000, seconds: 10 };

describe('The codec path with Opus', () => {
  test.each([
    ['Opus to PCMU', opus, pcmu],
    ['PCMU to Opus', pcmu, opus],
  ])('carries a tone from %s without a break', (_name, from, to) => {
    const { heard, delayMs } = carry(from, to, tonePcm(HZ, 12, 8000), () => false);
    const verdict = judgeTone(heard, 8000, expectation);
    expect(verdict.problems).toEqual([]);
    expect(delayMs).toBeLessThanOrEqual(25);
  });

  test('adds redundancy once the receiver reports loss', () => {
    const path = new CodecPath({ codecs, from: pcmu, to: opus, ptimeMs: 20 });
    const voice = buzz(4);
    const muLaw = new Uint8Array(voice.length);
    codecs.get('pcmu')?.openEncoder(pcmu, 8000, 20).encode(voice, muLaw);
    const payload = new Uint8Array(1500);
    const hasRedundancy: boolean[] = [];
    for (let n = 0; n < 200; n += 1) {
      if (n === 100) path.expectLoss(10);
      path.receive(n, n * 160, muLaw, n * 160, 160, n * 20);
      const length = path.produce(n * 20 + 5, payload);
      hasRedundancy.push(addon.packetHasRedundancy(payload.subarray(0, length)));
    }
    path.close();
    expect(hasRedundancy.slice(0, 100).filter(Boolean)).toHaveLength(0);
    expect(hasRedundancy.slice(110).filter(Boolean).length).toBeGreaterThan(40);
  });

  test('recovers lost packets from forward error correction once losses have shown', () => {
    const { path } = carry(opus, pcmu, buzz(12), (n) => n % 10 === 5, 10);
    expect(path.counts.recovered).toBeGreaterThan(40);
    expect(path.counts.concealed).toBeLessThan(20);
  });
});
