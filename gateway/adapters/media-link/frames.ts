/** The frames of the media contract on a stream: four octets of length, then JSON. */
import { fail, type Result, succeed } from '../../core/result.ts';
import { LARGEST_FRAME_BYTES } from '../../media/limits.ts';
import type { ContractFrame } from '../../media-contract/contract.ts';

const LENGTH_BYTES = 4;
const FRAMES = new Set(['command', 'reply', 'event', 'acknowledge']);

export function encodeFrame(frame: ContractFrame): Buffer {
  const json = JSON.stringify(frame);
  const length = Buffer.byteLength(json);
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + length);
  bytes.writeUInt32BE(length);
  bytes.write(json, LENGTH_BYTES);
  return bytes;
}

/** Collects what a stream brings into whole frames. After a fault the stream is to be closed. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #buffered = 0;

  /** Faults: `contract.frame_too_large`, `contract.no_frame`. */
  push(chunk: Buffer): Result<ContractFrame[]> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const frames: ContractFrame[] = [];
    for (;;) {
      if (this.#buffered < LENGTH_BYTES) return succeed(frames);
      const bytes = this.#joined();
      const length = bytes.readUInt32BE();
      if (length > LARGEST_FRAME_BYTES) return fail('contract.frame_too_large', `${length}`);
      if (bytes.length < LENGTH_BYTES + length) return succeed(frames);
      const frame = parseFrame(bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length));
      if (frame === undefined) return fail('contract.no_frame', `${length} octets`);
      frames.push(frame);
      this.#chunks = [bytes.subarray(LENGTH_BYTES + length)];
      this.#buffered -= LENGTH_BYTES + length;
    }
  }

  /** Joined once a frame could be whole, so that a large one is not copied for each chunk. */
  #joined(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1) return first!;
    const isLengthKnown = first!.length >= LENGTH_BYTES;
    if (isLengthKnown && this.#buffered < LENGTH_BYTES + first!.readUInt32BE()) return first!;
    this.#chunks = [Buffer.concat(this.#chunks, this.#buffered)];
    return this.#chunks[0]!;
  }
}

/** Both ends are ours, and of one version: the shape is checked, not each field. */
function parseFrame(json: string): ContractFrame | undefined {
  try {
    const value = JSON.parse(json) as { frame?: unknown } | null;
    const isFrame = typeof value?.frame === 'string' && FRAMES.has(value.frame);
    return isFrame ? (value as ContractFrame) : undefined;
  } catch {
    return undefined;
  }
}
