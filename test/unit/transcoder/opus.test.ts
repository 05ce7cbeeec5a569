import { describe, expect, test } from '@jest/globals';
import type { Codec } from '../../../transcoder/codec.ts';
import type {
  OpusAddon,
  OpusCtl,
  OpusDecoderHandle,
  OpusEncoderHandle,
} from '../../../transcoder/native/contract.ts';
import { opusCodec } from '../../../transcoder/opus.ts';

/** An addon that records what it is told, conceals with sevens and packs into `packetLength`. */
class RecordingAddon implements OpusAddon {
  readonly opusVersion = 'recording';
  readonly ctls = new Map<OpusCtl, number>();
  readonly concealed: number[] = [];
  readonly closed: string[] = [];
  packetLength = 40;
  redundancy = false;

  openEncoder = () => 1 as OpusEncoderHandle;
  encode = () => this.packetLength;
  encoderCtl = () => 0;
  setEncoderCtl(_encoder: OpusEncoderHandle, name: OpusCtl, value: number): void {
    this.ctls.set(name, value);
  }
  resetEncoder(): void {}
  closeEncoder(): void {
    this.closed.push('encoder');
  }
  openDecoder = () => 2 as OpusDecoderHandle;
  decode = (_decoder: OpusDecoderHandle, packet: Uint8Array) => (packet.length > 0 ? 160 : -4);
  recover = (_decoder: OpusDecoderHandle, _packet: Uint8Array, _pcm: Int16Array, samples: number) =>
    samples;
  conceal(_decoder: OpusDecoderHandle, pcm: Int16Array, samples: number): number {
    this.concealed.push(samples);
    pcm.fill(7, 0, samples);
    return samples;
  }
  decoderCtl = () => 0;
  setDecoderCtl(): void {}
  resetDecoder(): void {}
  closeDecoder(): void {
    this.closed.push('decoder');
  }
  packetSamples = () => 320;
  packetChannels = () => 1;
  packetHasRedundancy = () => this.redundancy;
}

function ctlsFor(parameters: { [name: string]: string }, sampleRate = 48000): Map<OpusCtl, number> {
  const addon = new RecordingAddon();
  const specification = { name: 'opus', clockRate: 48000, parameters };
  opusCodec(addon).openEncoder(specification, sampleRate, 20);
  return addon.ctls;
}

const PLAIN = { name: 'opus', clockRate: 48000, parameters: {} };

describe('The Opus encoder', () => {
  test('speaks for the bandwidth of its sample rate', () => {
    expect(ctlsFor({}, 8000).get('bitrate')).toBe(32_000);
    expect(ctlsFor({}, 48000).get('bitrate')).toBe(40_000);
  });

  test.each([
    ['maxaveragebitrate', '20000', 'bitrate', 20_000],
    ['maxaveragebitrate', '510000', 'bitrate', 40_000],
    ['maxaveragebitrate', '5999', 'bitrate', 40_000],
    ['maxaveragebitrate', 'lots', 'bitrate', 40_000],
    ['maxplaybackrate', '8000', 'maxBandwidth', 1101],
    ['maxplaybackrate', '16000', 'maxBandwidth', 1103],
    ['maxplaybackrate', '20000', 'maxBandwidth', 1103],
    ['maxplaybackrate', '48000', 'maxBandwidth', 1105],
    ['maxplaybackrate', '96000', 'maxBandwidth', 1105],
    ['cbr', '1', 'vbr', 0],
    ['cbr', '0', 'vbr', 1],
    ['usedtx', '1', 'dtx', 1],
    ['usedtx', '0', 'dtx', 0],
    ['useinbandfec', '1', 'inbandFec', 1],
    ['useinbandfec', '1', 'packetLossPercent', undefined],
    ['useinbandfec', '0', 'inbandFec', undefined],
  ] as const)('takes %s=%s as %s %s', (parameter, value, ctl, expected) => {
    expect(ctlsFor({ [parameter]: value }).get(ctl)).toBe(expected);
  });

  test('spends bits on redundancy once loss is expected', () => {
    const addon = new RecordingAddon();
    const encoder = opusCodec(addon).openEncoder(PLAIN, 8000, 20);
    encoder.expectLoss?.(7.4);
    expect(addon.ctls.get('packetLossPercent')).toBe(7);
  });

  test('sends nothing for a packet that only says that nothing is said', () => {
    const addon = new RecordingAddon();
    const encoder = opusCodec(addon).openEncoder(PLAIN, 8000, 20);
    expect(encoder.encode(new Int16Array(160), new Uint8Array(100))).toBe(40);
    addon.packetLength = 2;
    expect(encoder.encode(new Int16Array(160), new Uint8Array(100))).toBe(0);
  });

  test('is closed once, and then of no use', () => {
    const addon = new RecordingAddon();
    const encoder = opusCodec(addon).openEncoder(PLAIN, 8000, 20);
    encoder.close();
    encoder.close();
    expect(addon.closed).toEqual(['encoder']);
    expect(() => encoder.encode(new Int16Array(160), new Uint8Array(9))).toThrow('closed');
  });
});

describe('The Opus decoder', () => {
  const open = (addon: OpusAddon, sampleRate = 8000) =>
    opusCodec(addon).openDecoder(PLAIN, sampleRate);

  test('gives no samples for a packet that is no Opus', () => {
    const decoder = open(new RecordingAddon());
    expect(decoder.decode(new Uint8Array(0), new Int16Array(160))).toBe(0);
    expect(decoder.decode(new Uint8Array(9), new Int16Array(160))).toBe(160);
    expect(decoder.durationOf(new Uint8Array(9))).toBe(320);
  });

  test('conceals any number of samples, in steps that libopus takes', () => {
    const addon = new RecordingAddon();
    const pcm = new Int16Array(1200);
    open(addon).conceal?.(pcm, 1001);
    expect(addon.concealed).toEqual([960, 60]);
    expect(pcm.subarray(0, 1001).every((sample) => sample === 7)).toBe(true);
    expect(pcm.subarray(1001).every((sample) => sample === 0)).toBe(true);
  });

  test('recovers only from a packet with redundancy, and only whole steps', () => {
    const addon = new RecordingAddon();
    const decoder = open(addon);
    const recover = (samples: number) =>
      decoder.recover(new Uint8Array(9), new Int16Array(960), samples);
    expect(recover(160)).toBe(false);
    addon.redundancy = true;
    expect(recover(160)).toBe(true);
    expect(recover(161)).toBe(false);
    expect(recover(961)).toBe(false);
    expect(recover(0)).toBe(false);
  });

  test('is closed once, and then of no use', () => {
    const addon = new RecordingAddon();
    const decoder = open(addon);
    decoder.close();
    decoder.close();
    expect(addon.closed).toEqual(['decoder']);
    expect(() => decoder.decode(new Uint8Array(1), new Int16Array(160))).toThrow('closed');
  });
});

test('Opus runs at its own five rates only', () => {
  const codec: Codec = opusCodec(new RecordingAddon());
  expect(codec.sampleRates).toEqual([8000, 12000, 16000, 24000, 48000]);
  expect(() => codec.openDecoder(PLAIN, 44100)).toThrow(RangeError);
});
