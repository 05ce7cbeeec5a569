/** The codecs that this build offers, by name. */
import type { Codec, CodecLibrary } from './codec.ts';
import { PCMA, PCMU } from './g711.ts';

/** The codecs that need no native code, and those handed in that do. */
export function codecLibrary(native: readonly Codec[]): CodecLibrary {
  return new Map([PCMU, PCMA, ...native].map((codec) => [codec.name, codec]));
}
