/** Holds the packets of one stream in order until they are due to be decoded. */
import { distance16, distance32 } from '../../core/serial.ts';

/** About a second of 20 ms packets; a stream that is further ahead than that has jumped. */
const SLOTS = 64;
/** The largest payload that is kept; no audio codec sends more in one packet. */
const PAYLOAD_MAX_BYTES = 1500;
/** Payload storage grows in steps of this, so that a stream's packets fit after the first few. */
const STORAGE_STEP_BYTES = 64;

/** A kept packet. The buffer reuses it: it is valid until the next call that inserts. */
export interface KeptPacket {
  sequence: number;
  timestamp: number;
  payload: Uint8Array;
}

/** What came of an insertion. `jumped`: too far off to belong to the stream as it was. */
export type Insertion = 'kept' | 'late' | 'duplicate' | 'jumped';

interface Slot extends KeptPacket {
  filled: boolean;
  storage: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class JitterBuffer {
  readonly #slots: Slot[] = [];
  /** Sequence number of the packet that is due next; undefined until one has come. */
  #due: number | undefined;
  #taken = false;
  #newest: Slot | undefined;
  #filled = 0;

  get size(): number {
    return this.#filled;
  }

  /** Copies a payload in. */
  insert(
    sequence: number,
    timestamp: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
  ): Insertion {
    this.#due ??= sequence;
    const ahead = distance16(this.#due, sequence);
    if (ahead <= -SLOTS || ahead >= SLOTS) return 'jumped';
    if (ahead < 0) {
      if (this.#taken) return 'late';
      this.#due = sequence;
    }
    const slot = this.#slotOf(sequence);
    if (slot.filled) return slot.sequence === sequence ? 'duplicate' : 'jumped';
    fillSlot(slot, sequence, timestamp, bytes, offset, Math.min(length, PAYLOAD_MAX_BYTES));
    this.#filled += 1;
    if (this.#newest === undefined || distance16(this.#newest.sequence, sequence) > 0) {
      this.#newest = slot;
    }
    return 'kept';
  }

  /** The earliest kept packet, if there is one. */
  earliest(): KeptPacket | undefined {
    if (this.#due === undefined || this.#filled === 0) return undefined;
    for (let ahead = 0; ahead < SLOTS; ahead += 1) {
      const slot = this.#slots[(this.#due + ahead) % SLOTS];
      if (slot?.filled) return slot;
    }
    return undefined;
  }

  /** How many packets before the earliest kept one have not come. */
  missing(): number {
    const earliest = this.earliest();
    if (earliest === undefined || this.#due === undefined) return 0;
    return distance16(this.#due, earliest.sequence);
  }

  /** Takes the earliest kept packet; those missing before it are given up. */
  take(): KeptPacket | undefined {
    const earliest = this.earliest() as Slot | undefined;
    if (earliest === undefined) return undefined;
    earliest.filled = false;
    this.#filled -= 1;
    this.#taken = true;
    this.#due = (earliest.sequence + 1) & 0xffff;
    return earliest;
  }

  /** Gives up the packet that is due, so that it would come late. */
  skip(): void {
    if (this.#due === undefined) return;
    this.#taken = true;
    this.#due = (this.#due + 1) & 0xffff;
  }

  /** Media time from the earliest to the newest kept packet, in timestamp units. */
  span(): number {
    const earliest = this.earliest();
    if (earliest === undefined || this.#newest === undefined) return 0;
    return Math.max(0, distance32(earliest.timestamp, this.#newest.timestamp));
  }

  reset(): void {
    for (const slot of this.#slots) if (slot) slot.filled = false;
    this.#due = undefined;
    this.#newest = undefined;
    this.#taken = false;
    this.#filled = 0;
  }

  #slotOf(sequence: number): Slot {
    const index = sequence % SLOTS;
    const slot = this.#slots[index];
    if (slot !== undefined) return slot;
    const made = { filled: false, sequence: 0, timestamp: 0, payload: NOTHING, storage: NOTHING };
    this.#slots[index] = made;
    return made;
  }
}

function fillSlot(
  slot: Slot,
  sequence: number,
  timestamp: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
): void {
  if (slot.storage.length < length) {
    const size = Math.ceil(length / STORAGE_STEP_BYTES) * STORAGE_STEP_BYTES;
    slot.storage = new Uint8Array(size);
    slot.payload = NOTHING;
  }
  for (let i = 0; i < length; i += 1) slot.storage[i] = bytes[offset + i] as number;
  if (slot.payload.length !== length) slot.payload = slot.storage.subarray(0, length);
  slot.sequence = sequence;
  slot.timestamp = timestamp;
  slot.filled = true;
}
