/** WAV files of 16-bit PCM, as the phones under test play and record them. */
import { writeFile } from 'node:fs/promises';

const HEADER_BYTES = 44;

export async function writeWav(file: string, pcm: Int16Array, sampleRate: number): Promise<void> {
  const bytes = Buffer.alloc(HEADER_BYTES + pcm.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(pcm.length * 2, 40);
  for (const [index, sample] of pcm.entries()) {
    bytes.writeInt16LE(sample, HEADER_BYTES + index * 2);
  }
  await writeFile(file, bytes);
}

/** Reads the first channel. A recorder that was stopped may leave its lengths unset. */
export function readWav(bytes: Buffer): {
  readonly samples: Float32Array;
  readonly sampleRate: number;
} {
  const channels = bytes.readUInt16LE(22);
  const sampleRate = bytes.readUInt32LE(24);
  const start = bytes.indexOf('data') + 8;
  const frames = Math.floor((bytes.length - start) / 2 / channels);
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame += 1) {
    samples[frame] = bytes.readInt16LE(start + frame * channels * 2) / 32_768;
  }
  return { samples, sampleRate };
}
