/** Opus as one of the codecs (RFC 6716), set up by its SDP parameters (RFC 7587 §6.1). */
import type { Codec, CodecSpecification, Decoder, Encoder } from './codec.ts';
import type {
  OpusAddon,
  OpusDecoderHandle,
  OpusEncoderHandle,
  OpusSampleRate,
} from './native/contract.ts';

const SAMPLE_RATES: readonly OpusSampleRate[] = [8000, 12000, 16000, 24000, 48000];

/**
 * Mono speech. RFC 7587 §3.1.1 recommends less for the narrow bands, but what comes from G.711
 * keeps a signal-to-noise ratio of 30 dB, tones included, only from here on.
 */
const BITRATES: { readonly [rate in OpusSampleRate]: number } = {
  8000: 32_000,
  12000: 32_000,
  16000: 32_000,
  24000: 32_000,
  48000: 40_000,
};
/** RFC 7587 §6.1 bounds `maxaveragebitrate` so. */
const LEAST_BITRATE = 6000;
const MOST_BITRATE = 510_000;

/** Half the cost of libopus's own 9 or 10, and no listener could tell speech apart. */
const COMPLEXITY = 5;
/** Values of opus_defines.h. */
const BANDWIDTHS: readonly { readonly rate: number; readonly value: number }[] = [
  { rate: 8000, value: 1101 },
  { rate: 12000, value: 1102 },
  { rate: 16000, value: 1103 },
  { rate: 24000, value: 1104 },
  { rate: 48000, value: 1105 },
];

/** A packet of one or two octets only says that there is nothing to say (DTX). */
const LONGEST_SILENT_PACKET = 2;
/** libopus conceals in steps of 2.5 ms and at most 120 ms at once. */
const STEPS_PER_SECOND = 400;
const MOST_CONCEALED_MS = 120;

/** The codec over a loaded addon. PCM is mono: libopus mixes a stereo sender down as it decodes. */
export function opusCodec(addon: OpusAddon): Codec {
  return {
    name: 'opus',
    sampleRates: SAMPLE_RATES,
    recovers: true,
    openDecoder: (_specification, sampleRate) => new OpusDecoder(addon, toOpusRate(sampleRate)),
    openEncoder: (specification, sampleRate) =>
      new OpusEncoder(addon, specification, toOpusRate(sampleRate)),
  };
}

function toOpusRate(sampleRate: number): OpusSampleRate {
  const rate = SAMPLE_RATES.find((known) => known === sampleRate);
  if (rate === undefined) throw new RangeError(`Opus does not run at ${sampleRate} Hz`);
  return rate;
}

class OpusDecoder implements Decoder {
  readonly sampleRate: OpusSampleRate;
  readonly #addon: OpusAddon;
  readonly #scratch: Int16Array;
  #handle: OpusDecoderHandle | undefined;

  constructor(addon: OpusAddon, sampleRate: OpusSampleRate) {
    this.sampleRate = sampleRate;
    this.#addon = addon;
    this.#handle = addon.openDecoder(sampleRate, 1);
    this.#scratch = new Int16Array((sampleRate / 1000) * MOST_CONCEALED_MS);
  }

  decode(payload: Uint8Array, pcm: Int16Array): number {
    return Math.max(0, this.#addon.decode(this.#open(), payload, pcm));
  }

  recover(payload: Uint8Array, pcm: Int16Array, samples: number): boolean {
    if (!this.#isWhole(samples) || !this.#addon.packetHasRedundancy(payload)) return false;
    return this.#addon.recover(this.#open(), payload, pcm, samples) === samples;
  }

  conceal(pcm: Int16Array, samples: number): void {
    for (let done = 0; done < samples; ) {
      const count = Math.min(samples - done, this.#scratch.length);
      const step = this.sampleRate / STEPS_PER_SECOND;
      this.#addon.conceal(this.#open(), this.#scratch, Math.ceil(count / step) * step);
      for (let i = 0; i < count; i += 1) pcm[done + i] = this.#scratch[i] as number;
      done += count;
    }
  }

  durationOf(payload: Uint8Array): number {
    return this.#addon.packetSamples(payload, this.sampleRate);
  }

  close(): void {
    if (this.#handle !== undefined) this.#addon.closeDecoder(this.#handle);
    this.#handle = undefined;
  }

  #isWhole(samples: number): boolean {
    const step = this.sampleRate / STEPS_PER_SECOND;
    return samples > 0 && samples <= this.#scratch.length && samples % step === 0;
  }

  #open(): OpusDecoderHandle {
    if (this.#handle === undefined) throw new Error('the Opus decoder is closed');
    return this.#handle;
  }
}

class OpusEncoder implements Encoder {
  readonly sampleRate: OpusSampleRate;
  readonly #addon: OpusAddon;
  #handle: OpusEncoderHandle | undefined;

  constructor(addon: OpusAddon, specification: CodecSpecification, sampleRate: OpusSampleRate) {
    this.sampleRate = sampleRate;
    this.#addon = addon;
    // libopus then uses CELT while there is no loss, at a third of SILK's cost, and SILK with its
    // redundancy as soon as loss is expected.
    this.#handle = addon.openEncoder(sampleRate, 1, 'audio');
    setUp(addon, this.#handle, specification.parameters, sampleRate);
  }

  encode(pcm: Int16Array, payload: Uint8Array): number {
    if (this.#handle === undefined) throw new Error('the Opus encoder is closed');
    const length = this.#addon.encode(this.#handle, pcm, payload);
    return length <= LONGEST_SILENT_PACKET ? 0 : length;
  }

  expectLoss(percent: number): void {
    if (this.#handle === undefined) return;
    this.#addon.setEncoderCtl(this.#handle, 'packetLossPercent', Math.round(percent));
  }

  close(): void {
    if (this.#handle !== undefined) this.#addon.closeEncoder(this.#handle);
    this.#handle = undefined;
  }
}

/** What the receiver asked for in its `a=fmtp`; a value that makes no sense is passed over. */
function setUp(
  addon: OpusAddon,
  encoder: OpusEncoderHandle,
  parameters: CodecSpecification['parameters'],
  sampleRate: OpusSampleRate,
): void {
  const most = integerIn(parameters.maxaveragebitrate, LEAST_BITRATE, MOST_BITRATE);
  addon.setEncoderCtl(encoder, 'bitrate', Math.min(BITRATES[sampleRate], most ?? MOST_BITRATE));
  addon.setEncoderCtl(encoder, 'complexity', COMPLEXITY);
  const playbackRate = integerIn(parameters.maxplaybackrate, 8000, 48000) ?? 48000;
  const bandwidth = BANDWIDTHS.findLast(({ rate }) => rate <= playbackRate);
  if (bandwidth !== undefined) addon.setEncoderCtl(encoder, 'maxBandwidth', bandwidth.value);
  addon.setEncoderCtl(encoder, 'vbr', parameters.cbr === '1' ? 0 : 1);
  addon.setEncoderCtl(encoder, 'dtx', parameters.usedtx === '1' ? 1 : 0);
  if (parameters.useinbandfec === '1') addon.setEncoderCtl(encoder, 'inbandFec', 1);
}

function integerIn(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
