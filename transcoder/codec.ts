/** What a codec is to its users: a decoder and an encoder between payloads and 16-bit mono PCM. */

/** Turns the payloads of one stream into PCM. Samples are counted at `sampleRate`. */
export interface Decoder {
  readonly sampleRate: number;
  /** Decodes `payload` into the start of `pcm`; gives the samples written, 0 if undecodable. */
  decode(payload: Uint8Array, pcm: Int16Array): number;
  /**
   * Decodes the `samples` lost just before `payload` from its forward error correction into the
   * start of `pcm`; false if it carries none, with `pcm` untouched.
   */
  recover(payload: Uint8Array, pcm: Int16Array, samples: number): boolean;
  /**
   * Invents `samples` lost samples at the start of `pcm`. Codecs without a concealment of their own
   * leave it out; then the waveform is continued.
   */
  conceal?(pcm: Int16Array, samples: number): void;
  /** The samples that `payload` will decode to, 0 if it can't be told. */
  durationOf(payload: Uint8Array): number;
  close(): void;
}

/** Turns PCM into the payloads of one stream. */
export interface Encoder {
  readonly sampleRate: number;
  /** Encodes all of `pcm` into `payload`; gives its length, 0 if nothing need be sent (DTX). */
  encode(pcm: Int16Array, payload: Uint8Array): number;
  /** The peer loses that much of what is sent: redundancy is worth its price from now on. */
  expectLoss?(percent: number): void;
  close(): void;
}

/** A codec as negotiated: lower-case name and `a=fmtp` parameters. */
export interface CodecSpecification {
  readonly name: string;
  readonly clockRate: number;
  readonly parameters: { readonly [name: string]: string };
}

/** One codec: what it can do, and how its two halves are opened. */
export interface Codec {
  readonly name: string;
  /** Rates that the decoder and the encoder can run at, best sound last. */
  readonly sampleRates: readonly number[];
  /** Whether its payloads may carry forward error correction, worth waiting a packet for. */
  readonly recovers: boolean;
  openDecoder(specification: CodecSpecification, sampleRate: number): Decoder;
  openEncoder(specification: CodecSpecification, sampleRate: number, ptimeMs: number): Encoder;
}

/** The codecs at hand, by lower-case name. */
export type CodecLibrary = ReadonlyMap<string, Codec>;

/**
 * The rate at which two codecs meet without a resampler between them: the highest that both run at,
 * so that Opus and G.711 meet at 8 kHz (Opus decodes and encodes at any of its rates for less than
 * resampling costs). Undefined if they have none in common.
 */
export function meetingRate(a: Codec, b: Codec): number | undefined {
  const common = a.sampleRates.filter((rate) => b.sampleRates.includes(rate));
  return common.length === 0 ? undefined : Math.max(...common);
}
