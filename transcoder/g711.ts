/** G.711 µ-law and A-law (ITU-T G.711 tables 1 and 2) by table. */
import type { Codec, Decoder, Encoder } from './codec.ts';

const SAMPLE_RATE = 8000;

/** Expands µ-law: 14-bit values of the recommendation, scaled to 16 bits. */
function expandMuLaw(octet: number): number {
  const inverted = ~octet & 0xff;
  const exponent = (inverted >> 4) & 7;
  const magnitude = ((((inverted & 15) << 3) + 0x84) << exponent) - 0x84;
  return (inverted & 0x80) === 0 ? magnitude : -magnitude;
}

/** Expands A-law: 13-bit values of the recommendation, scaled to 16 bits. */
function expandALaw(octet: number): number {
  const toggled = octet ^ 0x55;
  const exponent = (toggled >> 4) & 7;
  const step = ((toggled & 15) << 4) + 8;
  const magnitude = exponent === 0 ? step : (step + 0x100) << (exponent - 1);
  return (toggled & 0x80) === 0 ? -magnitude : magnitude;
}

function tableOf(expand: (octet: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, octet) => expand(octet));
}

/**
 * The octet whose value lies nearest, for every 16-bit sample. Ties go to the larger magnitude, as
 * the decision values of the recommendation do.
 */
function inverseOf(expanded: Int16Array): Uint8Array {
  const byValue = Array.from({ length: 256 }, (_, octet) => octet).sort(
    (a, b) => (expanded[a] ?? 0) - (expanded[b] ?? 0) || a - b,
  );
  const inverse = new Uint8Array(65536);
  let at = 0;
  for (let sample = -32768; sample <= 32767; sample += 1) {
    while (at < 255 && isNearer(expanded, byValue[at + 1] ?? 0, byValue[at] ?? 0, sample)) at += 1;
    inverse[sample & 0xffff] = byValue[at] ?? 0;
  }
  return inverse;
}

function isNearer(expanded: Int16Array, next: number, current: number, sample: number): boolean {
  const toNext = Math.abs((expanded[next] ?? 0) - sample);
  const toCurrent = Math.abs((expanded[current] ?? 0) - sample);
  return toNext < toCurrent || (toNext === toCurrent && sample >= 0);
}

export const MU_LAW_TO_LINEAR = tableOf(expandMuLaw);
export const A_LAW_TO_LINEAR = tableOf(expandALaw);
/** Indexed by the sample's low 16 bits. */
export const LINEAR_TO_MU_LAW = inverseOf(MU_LAW_TO_LINEAR);
/** Indexed by the sample's low 16 bits. */
export const LINEAR_TO_A_LAW = inverseOf(A_LAW_TO_LINEAR);

class G711Decoder implements Decoder {
  readonly sampleRate = SAMPLE_RATE;
  readonly #expanded: Int16Array;

  constructor(expanded: Int16Array) {
    this.#expanded = expanded;
  }

  decode(payload: Uint8Array, pcm: Int16Array): number {
    const samples = Math.min(payload.length, pcm.length);
    for (let i = 0; i < samples; i += 1) pcm[i] = this.#expanded[payload[i] as number] as number;
    return samples;
  }

  recover(): boolean {
    return false;
  }

  durationOf(payload: Uint8Array): number {
    return payload.length;
  }

  close(): void {}
}

class G711Encoder implements Encoder {
  readonly sampleRate = SAMPLE_RATE;
  readonly #compressed: Uint8Array;

  constructor(compressed: Uint8Array) {
    this.#compressed = compressed;
  }

  encode(pcm: Int16Array, payload: Uint8Array): number {
    for (let i = 0; i < pcm.length; i += 1) {
      payload[i] = this.#compressed[(pcm[i] as number) & 0xffff] as number;
    }
    return pcm.length;
  }

  close(): void {}
}

function codecOf(name: string, expanded: Int16Array, compressed: Uint8Array): Codec {
  return {
    name,
    sampleRates: [SAMPLE_RATE],
    recovers: false,
    openDecoder: () => new G711Decoder(expanded),
    openEncoder: () => new G711Encoder(compressed),
  };
}

export const PCMU: Codec = codecOf('pcmu', MU_LAW_TO_LINEAR, LINEAR_TO_MU_LAW);
export const PCMA: Codec = codecOf('pcma', A_LAW_TO_LINEAR, LINEAR_TO_A_LAW);
