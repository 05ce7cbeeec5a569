/** A capture of what crosses a network, and the RTP in it as sound. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './commands.ts';
import { aLawToLinear, muLawToLinear } from './g711-tables.ts';

export interface CapturedDatagram {
  readonly seconds: number;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly destinationAddress: string;
  readonly destinationPort: number;
  readonly payload: Buffer;
}

export class Capture {
  readonly #folder: string;
  readonly #program: Program;

  private constructor(folder: string, program: Program) {
    this.#folder = folder;
    this.#program = program;
  }

  /** `filter` is a capture filter, e.g. `udp portrange 30000-30999`. */
  static async start(networkInterface: string, filter: string): Promise<Capture> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-capture-'));
    const args = ['-i', networkInterface, '-f', filter, '-w', join(folder, 'capture.pcap'), '-P'];
    const program = new Program('dumpcap', [...args, '-B', '16']);
    const capture = new Capture(folder, program);
    await program.says('File:');
    return capture;
  }

  async stop(): Promise<readonly CapturedDatagram[]> {
    this.#program.kill('SIGINT');
    await this.#program.ends();
    const bytes = await readFile(join(this.#folder, 'capture.pcap'));
    await rm(this.#folder, { recursive: true, force: true });
    return [...datagramsOf(bytes)];
  }
}

const PCAP_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const UDP = 17;

function* datagramsOf(bytes: Buffer): Generator<CapturedDatagram> {
  const nanoseconds = bytes.readUInt32LE(0) === 0xa1b23c4d;
  for (let at = PCAP_HEADER; at + RECORD_HEADER <= bytes.length; ) {
    const fraction = bytes.readUInt32LE(at + 4) / (nanoseconds ? 1e9 : 1e6);
    const seconds = bytes.readUInt32LE(at) + fraction;
    const length = bytes.readUInt32LE(at + 8);
    const frame = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    at += RECORD_HEADER + length;
    const ip = frame.subarray(ETHERNET_HEADER);
    if (frame.readUInt16BE(12) !== 0x0800 || ip[9] !== UDP) continue;
    const udp = ip.subarray(((ip[0] ?? 0) & 0x0f) * 4);
    yield {
      seconds,
      sourceAddress: ip.subarray(12, 16).join('.'),
      sourcePort: udp.readUInt16BE(0),
      destinationAddress: ip.subarray(16, 20).join('.'),
      destinationPort: udp.readUInt16BE(2),
      payload: udp.subarray(8),
    };
  }
}

/** The RTP packets that went to a port, in the order of arrival. */
export function rtpTo(datagrams: readonly CapturedDatagram[], port: number): readonly Buffer[] {
  return datagrams
    .filter(({ destinationPort, payload }) => destinationPort === port && payload.length > 12)
    .map(({ payload }) => payload);
}

const SAMPLES_PER_SECOND = 8_000;

/** Plays G.711 as a phone with an endless jitter buffer would: every sample at its timestamp. */
export function playG711(packets: readonly Buffer[], payloadType: 0 | 8): Float32Array {
  const decode = payloadType === 0 ? muLawToLinear : aLawToLinear;
  const voice = packets.filter((packet) => ((packet[1] ?? 0) & 0x7f) === payloadType);
  const first = voice[0];
  if (first === undefined) return new Float32Array(0);
  const origin = first.readUInt32BE(4);
  const placed = voice.map((packet) => ({
    at: (packet.readUInt32BE(4) - origin) | 0,
    payload: packet.subarray(12 + ((packet[0] ?? 0) & 0x0f) * 4),
  }));
  const last = placed.reduce((end, { at, payload }) => Math.max(end, at + payload.length), 0);
  const samples = new Float32Array(Math.min(last, 600 * SAMPLES_PER_SECOND));
  for (const { at, payload } of placed) {
    for (const [index, byte] of payload.entries()) {
      if (at + index >= 0) samples[at + index] = decode(byte) / 32_768;
    }
  }
  return samples;
}
