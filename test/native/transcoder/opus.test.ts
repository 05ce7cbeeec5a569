import { describe, expect, test } from '@jest/globals';
import { loadOpus } from '../../../transcoder/native/load.ts';
import { opusCodec } from '../../../transcoder/opus.ts';
import { measureTone, sinadDb } from '../../support/sound/spectrum.ts';
import { toFloat, tonePcm } from '../../support/sound/tone.ts';

const addon = loadOpus();
const codec = opusCodec(addon);

function specification(parameters: { [name: string]: string } = {}) {
  return { name: 'opus', clockRate: 48000, parameters };
}

/** A second of a tone as packets of 20 ms. */
function encodeTone(
  rate: number,
  parameters: { [name: string]: string } = {},
  expectedLossPercent = 0,
): Uint8Array[] {
  const encoder = codec.openEncoder(specification(parameters), rate, 20);
  encoder.expectLoss?.(expectedLossPercent);
  const pcm = tonePcm(440, 1, rate);
  const payload = new Uint8Array(1500);
  const packets: Uint8Array[] = [];
  for (let at = 0; at + rate / 50 <= pcm.length; at += rate / 50) {
    packets.push(payload.slice(0, encoder.encode(pcm.subarray(at, at + rate / 50), payload)));
  }
  encoder.close();
  return packets;
}

describe('Opus over libopus', () => {
  test.each(codec.sampleRates)('carries a tone encoded and decoded at %i Hz', (rate) => {
    const decoder = codec.openDecoder(specification(), rate);
    const frame = new Int16Array(rate / 50);
    const heard: number[] = [];
    for (const packet of encodeTone(rate)) {
      expect(decoder.durationOf(packet)).toBe(frame.length);
      expect(decoder.decode(packet, frame)).toBe(frame.length);
      heard.push(...frame);
    }
    decoder.close();
    const sound = toFloat(Int16Array.from(heard.slice(heard.length / 4)));
    expect(sinadDb(sound, rate, 440)).toBeGreaterThan(20);
    const sent = measureTone(toFloat(tonePcm(440, 1, rate)), rate, 440).levelDb;
    expect(Math.abs(measureTone(sound, rate, 440).levelDb - sent)).toBeLessThan(1.5);
  });

  test('decodes at another rate than it was encoded at, without a resampler', () => {
    const decoder = codec.openDecoder(specification(), 8000);
    const frame = new Int16Array(160);
    const heard: number[] = [];
    for (const packet of encodeTone(48000)) {
      expect(decoder.decode(packet, frame)).toBe(160);
      heard.push(...frame);
    }
    decoder.close();
    expect(sinadDb(toFloat(Int16Array.from(heard.slice(4000))), 8000, 440)).toBeGreaterThan(20);
  });

  test('recovers a lost frame from the next one if both ends use FEC and loss is expected', () => {
    const decoder = codec.openDecoder(specification(), 16000);
    const frame = new Int16Array(320);
    const protectedPackets = encodeTone(16000, { useinbandfec: '1' }, 10);
    for (const packet of protectedPackets.slice(0, 20)) decoder.decode(packet, frame);
    expect(decoder.recover(protectedPackets[21] as Uint8Array, frame, 320)).toBe(true);
    expect(measureTone(toFloat(frame), 16000, 440).levelDb).toBeGreaterThan(-20);
    const plain = encodeTone(16000, {}, 10);
    expect(decoder.recover(plain[21] as Uint8Array, frame, 320)).toBe(false);
    decoder.close();
  });

  test('keeps to a bit rate that the receiver asked for', () => {
    const octets = (packets: Uint8Array[]) => packets.reduce((sum, { length }) => sum + length, 0);
    const wish = { maxaveragebitrate: '8000', cbr: '1' };
    expect(octets(encodeTone(48000, wish))).toBeLessThanOrEqual(1050);
    expect(octets(encodeTone(48000))).toBeGreaterThan(1500);
  });
});

describe('The codec addon', () => {
  test('names its libopus', () => {
    expect(addon.opusVersion).toMatch(/^libopus 1\.\d/);
  });

  test('refuses a stale handle', () => {
    const decoder = addon.openDecoder(48000, 1);
    addon.closeDecoder(decoder);
    const decode = () => addon.decode(decoder, new Uint8Array(3), new Int16Array(960));
    expect(decode).toThrow(expect.objectContaining({ code: 'native.stale_handle' }));
  });

  test.each<[string, () => unknown]>([
    ['no arguments', () => (addon.decode as unknown as () => void)()],
    ['text for a handle', () => addon.closeDecoder('1' as never)],
    ['a fraction for a handle', () => addon.closeDecoder(1.5 as never)],
    ['other bytes', () => addon.packetSamples(new Int8Array(3) as never, 48000)],
    [
      'other samples',
      () => addon.conceal(addon.openDecoder(8000, 1), new Uint8Array(3) as never, 1),
    ],
  ])('refuses %s', (_what, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'native.bad_argument' }));
  });

  test('refuses a CTL that there is none of, and a value out of its range', () => {
    const encoder = addon.openEncoder(48000, 1, 'voip');
    const set = (name: string, value: number) => () =>
      addon.setEncoderCtl(encoder, name as never, value);
    expect(set('loudness', 1)).toThrow(expect.objectContaining({ code: 'codec.unknown_ctl' }));
    expect(set('complexity', 99)).toThrow(expect.objectContaining({ code: 'codec.bad_argument' }));
    addon.closeEncoder(encoder);
  });
});
