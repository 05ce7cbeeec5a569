/** What TypeScript sees of the native codecs: Opus over the system's libopus. */

declare const kind: unique symbol;
type Handle<K extends string> = number & { readonly [kind]: K };
export type OpusEncoderHandle = Handle<'opus encoder'>;
export type OpusDecoderHandle = Handle<'opus decoder'>;

/** The `code` of every Error thrown here; a packet from outside never causes one. */
export type CodecErrorCode =
  | 'native.not_built'
  | 'native.bad_argument'
  | 'native.out_of_range'
  | 'native.stale_handle'
  | 'native.too_many'
  | 'native.system_failure'
  | 'codec.bad_argument'
  | 'codec.unknown_ctl'
  | 'codec.failure';

export type OpusSampleRate = 8000 | 12000 | 16000 | 24000 | 48000;
export type OpusApplication = 'voip' | 'audio' | 'lowdelay';

/** The CTLs of libopus by name, with its own values; each side refuses what it hasn't. */
export type OpusCtl =
  | 'application'
  | 'bitrate'
  | 'maxBandwidth'
  | 'vbr'
  | 'bandwidth'
  | 'complexity'
  | 'inbandFec'
  | 'packetLossPercent'
  | 'dtx'
  | 'vbrConstraint'
  | 'forceChannels'
  | 'signal'
  | 'lookahead'
  | 'sampleRate'
  | 'pitch'
  | 'gain'
  | 'lsbDepth'
  | 'lastPacketDuration'
  | 'expertFrameDuration'
  | 'predictionDisabled'
  | 'phaseInversionDisabled';

/** Samples are counted a channel throughout; PCM is interleaved. */
export interface OpusAddon {
  /** As libopus names itself. */
  readonly opusVersion: string;

  openEncoder(
    sampleRate: OpusSampleRate,
    channels: 1 | 2,
    application: OpusApplication,
  ): OpusEncoderHandle;
  /** Encodes all of `pcm`, which is one frame of 2.5 to 120 ms; gives the packet's length. */
  encode(encoder: OpusEncoderHandle, pcm: Int16Array, packet: Uint8Array): number;
  encoderCtl(encoder: OpusEncoderHandle, name: OpusCtl): number;
  setEncoderCtl(encoder: OpusEncoderHandle, name: OpusCtl, value: number): void;
  resetEncoder(encoder: OpusEncoderHandle): void;
  closeEncoder(encoder: OpusEncoderHandle): void;

  openDecoder(sampleRate: OpusSampleRate, channels: 1 | 2): OpusDecoderHandle;
  /** Gives the samples written to the start of `pcm`, or a negative error for a bad packet. */
  decode(decoder: OpusDecoderHandle, packet: Uint8Array, pcm: Int16Array): number;
  /**
   * Decodes the `samples` lost before `packet` from its redundancy; without any, libopus conceals
   * them. A multiple of 2.5 ms, as it is for `conceal`.
   */
  recover(decoder: OpusDecoderHandle, packet: Uint8Array, pcm: Int16Array, samples: number): number;
  conceal(decoder: OpusDecoderHandle, pcm: Int16Array, samples: number): number;
  decoderCtl(decoder: OpusDecoderHandle, name: OpusCtl): number;
  setDecoderCtl(decoder: OpusDecoderHandle, name: OpusCtl, value: number): void;
  resetDecoder(decoder: OpusDecoderHandle): void;
  closeDecoder(decoder: OpusDecoderHandle): void;

  /** Samples at `sampleRate`, or 0 if it is no Opus packet. */
  packetSamples(packet: Uint8Array, sampleRate: OpusSampleRate): number;
  packetChannels(packet: Uint8Array): number;
  packetHasRedundancy(packet: Uint8Array): boolean;
}
