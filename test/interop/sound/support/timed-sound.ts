/** Sound that is sent on an exact clock and heard with the time at which each packet came. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CodecBinding } from '../../../../gateway/media-contract/contract.ts';
import type { Codec } from '../../../../transcoder/codec.ts';
import type { NumberedMedia } from '../../../support/attack/numbered-media.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';

/** The rate at which everything is judged; Opus runs at it too. */
export const SAMPLE_RATE = 8_000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (SAMPLE_RATE * PACKET_MS) / 1_000;
const RTP_HEADER_BYTES = 12;
const LONGEST_PAYLOAD = 1_500;

/** One end's codec, and how it is called on its leg. */
export interface EndCodec {
  readonly codec: Codec;
  readonly binding: CodecBinding;
}

/** Sound on a clock: `pcm[0]` belongs to the moment `startedAt`. */
export interface Recording {
  readonly startedAt: number;
  readonly pcm: Float32Array;
}

/** What a receiver without a gateway would have recorded. */
export interface Sent extends Recording {
  /** How late packets left, the latest three in a hundred aside: jitter of the sender's own. */
  readonly lateMs: number;
}

/** Every packet of an end's peer, with the time at which it came. */
export class Listener {
  readonly #codec: EndCodec;
  readonly #packets: {
    readonly at: number;
    readonly timestamp: number;
    readonly pcm: Int16Array;
  }[] = [];

  constructor({ media, codec }: { media: NumberedMedia; codec: EndCodec }) {
    this.#codec = codec;
    const decoder = openDecoder(codec);
    media.onPacket = (packet) => {
      const at = performance.now();
      const pcm = new Int16Array(LONGEST_PAYLOAD);
      const samples = decoder.decode(packet.subarray(RTP_HEADER_BYTES), pcm);
      const timestamp = packet.readUInt32BE(4);
      this.#packets.push({ at, timestamp, pcm: pcm.subarray(0, samples) });
    };
  }

  /**
   * What came, by its RTP timestamps. The clock is that of a receiver who plays packets as they
   * come: half of them came earlier than it says, half later.
   */
  recording(): Recording {
    const [first] = this.#packets;
    if (first === undefined) return { startedAt: 0, pcm: new Float32Array(0) };
    const factor = this.#codec.binding.clockRate / SAMPLE_RATE;
    const offsetOf = (timestamp: number) => ((timestamp - first.timestamp) | 0) / factor;
    const starts = this.#packets.map(({ at, timestamp }) => at - toMs(offsetOf(timestamp)));
    const offsets = this.#packets.map(({ timestamp }) => offsetOf(timestamp));
    const earliest = Math.min(...offsets);
    const pcm = new Float32Array(Math.max(...offsets) - earliest + LONGEST_PAYLOAD);
    this.#packets.forEach((packet, i) => {
      const from = offsets[i]! - earliest;
      for (const [k, sample] of packet.pcm.entries()) pcm[from + k] = sample / 32_768;
    });
    return { startedAt: median(starts) + toMs(earliest), pcm };
  }
}

/**
 * Sends `pcm` in packets of 20 ms, each up to `jitterMs` later than it is due.
 * Resolves, once all are sent, with what a receiver without a gateway would have recorded.
 */
export async function sendSound(
  { media, codec }: { readonly media: NumberedMedia; readonly codec: EndCodec },
  pcm: Int16Array,
  { jitterMs, random }: { readonly jitterMs: number; readonly random: SeededRandom },
): Promise<Sent> {
  const { binding } = codec;
  const encoder = codec.codec.openEncoder(binding, SAMPLE_RATE, PACKET_MS);
  const decoder = openDecoder(codec);
  const direct = new Float32Array(pcm.length);
  let at = 0;
  media.nextFrame = () => {
    const octets = Buffer.alloc(LONGEST_PAYLOAD);
    const length = encoder.encode(pcm.subarray(at, at + PACKET_SAMPLES), octets);
    const payload = octets.subarray(0, length);
    const decoded = new Int16Array(LONGEST_PAYLOAD);
    const samples = decoder.decode(payload, decoded);
    for (let i = 0; i < samples; i += 1) direct[at + i] = decoded[i]! / 32_768;
    const clockTicks = (binding.clockRate * PACKET_MS) / 1_000;
    return { payloadType: binding.payloadType, octets: payload, samples: clockTicks };
  };
  const begun = performance.now();
  const sendings: Promise<void>[] = [];
  const starts: number[] = [];
  for (let n = 0; at + PACKET_SAMPLES <= pcm.length; n += 1, at += PACKET_SAMPLES) {
    const due = begun + n * PACKET_MS;
    await until(due);
    const packet = media.nextPacket();
    const late = jitterMs === 0 ? 0 : random.below(jitterMs);
    const send = () => {
      starts.push(performance.now() - n * PACKET_MS);
      media.send(packet);
    };
    if (late === 0) send();
    else sendings.push(until(due + late).then(send));
  }
  await Promise.all(sendings);
  encoder.close();
  decoder.close();
  const late = starts.map((start) => start - begun).sort((a, b) => a - b);
  const lateMs = late[Math.floor(late.length * 0.97)] ?? 0;
  return { startedAt: median(starts), pcm: direct, lateMs };
}

async function until(moment: number): Promise<void> {
  await wait(Math.max(0, moment - performance.now()));
}

function openDecoder({ codec, binding }: EndCodec) {
  return codec.openDecoder(binding, SAMPLE_RATE);
}

function toMs(samples: number): number {
  return (samples * 1_000) / SAMPLE_RATE;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
