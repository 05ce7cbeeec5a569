/** A ring of byte records under keys, in memory taken once: the oldest give way to new ones. */

/** Length of the whole frame, then length of the key. */
const HEADER_BYTES = 6;

export interface RingRecord {
  readonly key: string;
  readonly payload: Uint8Array;
}

export class RecordRing {
  readonly #bytes: Buffer;
  /** Counted from the first record ever; the place in memory is the rest by its size. */
  #head = 0;
  #tail = 0;
  readonly #evicted: (record: RingRecord) => void;

  /** `evicted` sees each record that gives way; its payload is only valid during the call. */
  constructor(bytes: number, evicted: (record: RingRecord) => void = () => {}) {
    this.#bytes = Buffer.alloc(bytes);
    this.#evicted = evicted;
  }

  get sizeBytes(): number {
    return this.#head - this.#tail;
  }

  /** False when the record is larger than the ring. */
  append(key: string, payload: Uint8Array): boolean {
    const keyBytes = Buffer.from(key, 'utf8');
    const frame = Buffer.alloc(HEADER_BYTES + keyBytes.length + payload.length);
    if (frame.length > this.#bytes.length || keyBytes.length > 0xffff) return false;
    frame.writeUInt32LE(frame.length, 0);
    frame.writeUInt16LE(keyBytes.length, 4);
    keyBytes.copy(frame, HEADER_BYTES);
    frame.set(payload, HEADER_BYTES + keyBytes.length);
    while (this.#head + frame.length - this.#tail > this.#bytes.length) this.#evict();
    this.#write(this.#head, frame);
    this.#head += frame.length;
    return true;
  }

  /** Every record that is left, oldest first. */
  *records(): Generator<RingRecord> {
    for (let at = this.#tail; at < this.#head; ) {
      const frame = this.#frameAt(at);
      yield recordOf(frame);
      at += frame.length;
    }
  }

  #evict(): void {
    const frame = this.#frameAt(this.#tail);
    this.#tail += frame.length;
    this.#evicted(recordOf(frame));
  }

  #frameAt(at: number): Buffer {
    const length = this.#read(at, 4).readUInt32LE(0);
    return this.#read(at, length);
  }

  #read(at: number, length: number): Buffer {
    const start = at % this.#bytes.length;
    const end = start + length;
    if (end <= this.#bytes.length) return this.#bytes.subarray(start, end);
    const wrapped = end - this.#bytes.length;
    return Buffer.concat([this.#bytes.subarray(start), this.#bytes.subarray(0, wrapped)]);
  }

  #write(at: number, frame: Buffer): void {
    const start = at % this.#bytes.length;
    const copied = frame.copy(this.#bytes, start);
    if (copied < frame.length) frame.copy(this.#bytes, 0, copied);
  }
}

function recordOf(frame: Buffer): RingRecord {
  const keyEnd = HEADER_BYTES + frame.readUInt16LE(4);
  return {
    key: frame.toString('utf8', HEADER_BYTES, keyEnd),
    payload: frame.subarray(keyEnd),
  };
}
