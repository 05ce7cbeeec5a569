/** Finds the peer of a shared WebRTC port by 5-tuple, without making a key for each packet. */
import type { Datagram } from './datagram.ts';
import { isSameAddress, type UdpAddress } from './udp-address.ts';

interface Entry<T> {
  readonly socket: number;
  readonly remote: UdpAddress;
  readonly value: T;
  next: Entry<T> | undefined;
}

const FIRST_BUCKETS = 64;

/** A chained hash table over numbers. Every datagram's words are its key as they stand. */
export class AddressTable<T> {
  #buckets: (Entry<T> | undefined)[] = new Array(FIRST_BUCKETS).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(datagram: Datagram): T | undefined {
    const { socket } = datagram;
    const hash = hashOf(
      socket,
      datagram.remotePort,
      datagram.remoteWord(0),
      datagram.remoteWord(1),
      datagram.remoteWord(2),
      datagram.remoteWord(3),
    );
    let entry = this.#buckets[hash & (this.#buckets.length - 1)];
    while (entry !== undefined) {
      if (entry.socket === socket && datagram.isFrom(entry.remote)) return entry.value;
      entry = entry.next;
    }
    return undefined;
  }

  /** The newest value for an address wins. */
  set(socket: number, remote: UdpAddress, value: T): void {
    this.delete(socket, remote);
    if (this.#size >= this.#buckets.length) this.#grow();
    this.#insert({ socket, remote, value, next: undefined });
    this.#size += 1;
  }

  peek(socket: number, remote: UdpAddress): T | undefined {
    let entry = this.#buckets[this.#bucketOf(socket, remote)];
    while (entry !== undefined) {
      if (entry.socket === socket && isSameAddress(entry.remote, remote)) return entry.value;
      entry = entry.next;
    }
    return undefined;
  }

  delete(socket: number, remote: UdpAddress): void {
    const bucket = this.#bucketOf(socket, remote);
    let previous: Entry<T> | undefined;
    for (let entry = this.#buckets[bucket]; entry !== undefined; entry = entry.next) {
      if (entry.socket === socket && isSameAddress(entry.remote, remote)) {
        if (previous === undefined) this.#buckets[bucket] = entry.next;
        else previous.next = entry.next;
        this.#size -= 1;
        return;
      }
      previous = entry;
    }
  }

  #insert(entry: Entry<T>): void {
    const bucket = this.#bucketOf(entry.socket, entry.remote);
    entry.next = this.#buckets[bucket];
    this.#buckets[bucket] = entry;
  }

  #grow(): void {
    const old = this.#buckets;
    this.#buckets = new Array(old.length * 2).fill(undefined);
    for (const head of old) {
      for (let entry = head; entry !== undefined; ) {
        const { next } = entry;
        this.#insert(entry);
        entry = next;
      }
    }
  }

  #bucketOf(socket: number, remote: UdpAddress): number {
    const { port, word0, word1, word2, word3 } = remote;
    return hashOf(socket, port, word0, word1, word2, word3) & (this.#buckets.length - 1);
  }
}

/** Only addresses that authenticated themselves get in, so a plain mixer is enough. */
function hashOf(socket: number, port: number, a: number, b: number, c: number, d: number): number {
  let hash = Math.imul(a ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16) ^ d ^ socket, 0x165667b1);
  return hash ^ (hash >>> 15);
}
