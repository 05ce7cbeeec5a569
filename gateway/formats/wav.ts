/** WAVE files of 16-bit PCM, read and written (Microsoft RIFF, WAVE_FORMAT_PCM). */
import { fail, type Result, succeed } from '../core/result.ts';

export interface PcmAudio {
  readonly sampleRate: number;
  readonly channels: number;
  /** Interleaved. */
  readonly samples: Int16Array;
}

const HEADER_BYTES = 44;
const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FORMAT_BYTES = 16;
const PCM_FORMAT = 1;
/** Its sub-format starts with the code of the real format. */
const EXTENSIBLE_FORMAT = 0xfffe;
const SUB_FORMAT_AT = 24;
const MOST_CHANNELS = 8;
const HIGHEST_SAMPLE_RATE = 192_000;

export function buildWav({ sampleRate, channels, samples }: PcmAudio): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + samples.length * 2);
  const view = new DataView(bytes.buffer);
  writeName(bytes, 0, 'RIFF');
  view.setUint32(4, bytes.length - CHUNK_HEADER_BYTES, true);
  writeName(bytes, 8, 'WAVE');
  writeName(bytes, 12, 'fmt ');
  view.setUint32(16, FORMAT_BYTES, true);
  view.setUint16(20, PCM_FORMAT, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  writeName(bytes, 36, 'data');
  view.setUint32(40, samples.length * 2, true);
  for (const [i, sample] of samples.entries()) view.setInt16(HEADER_BYTES + i * 2, sample, true);
  return bytes;
}

/**
 * Chunks other than format and data are passed over; data cut short, as in a file still being
 * written, is taken as far as it goes. Faults: `wav.not_wav`, `wav.format`, `wav.no_data`.
 */
export function parseWav(bytes: Uint8Array): Result<PcmAudio> {
  if (
    bytes.length < RIFF_HEADER_BYTES ||
    nameAt(bytes, 0) !== 'RIFF' ||
    nameAt(bytes, 8) !== 'WAVE'
  ) {
    return fail('wav.not_wav', `${bytes.length} octets`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let format: Omit<PcmAudio, 'samples'> | undefined;
  for (let at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length; ) {
    const name = nameAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    const valueAt = at + CHUNK_HEADER_BYTES;
    const available = Math.min(length, bytes.length - valueAt);
    if (name === 'fmt ') {
      format = readFormat(view, valueAt, available);
      if (format === undefined) return fail('wav.format', 'not PCM of 16 bits');
    }
    if (name === 'data') {
      if (format === undefined) return fail('wav.format', 'no format before the data');
      return succeed({ ...format, samples: readSamples(view, valueAt, available) });
    }
    // Chunks are padded to even lengths.
    at = valueAt + length + (length % 2);
  }
  return fail('wav.no_data', 'no data chunk');
}

function readFormat(
  view: DataView,
  at: number,
  length: number,
): Omit<PcmAudio, 'samples'> | undefined {
  if (length < FORMAT_BYTES) return undefined;
  const written = view.getUint16(at, true);
  const extended = written === EXTENSIBLE_FORMAT && length >= SUB_FORMAT_AT + 2;
  const code = extended ? view.getUint16(at + SUB_FORMAT_AT, true) : written;
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const sensible =
    channels >= 1 &&
    channels <= MOST_CHANNELS &&
    sampleRate >= 1 &&
    sampleRate <= HIGHEST_SAMPLE_RATE;
  return code === PCM_FORMAT && bits === 16 && sensible ? { sampleRate, channels } : undefined;
}

function readSamples(view: DataView, at: number, length: number): Int16Array {
  const samples = new Int16Array(Math.floor(length / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(at + i * 2, true);
  return samples;
}

function writeName(bytes: Uint8Array, at: number, name: string): void {
  for (let i = 0; i < name.length; i += 1) bytes[at + i] = name.charCodeAt(i);
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
