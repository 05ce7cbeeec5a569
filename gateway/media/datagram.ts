/** One received datagram as the packet loop passes it on: a movable view of the shared memory. */
import {
  DATAGRAM_WORDS,
  FLAG_TRUNCATED,
  type PacketIo,
  WORD_FAMILY,
  WORD_FLAGS,
  WORD_LENGTH,
  WORD_LOCAL_ADDRESS,
  WORD_OFFSET,
  WORD_REMOTE_ADDRESS,
  WORD_REMOTE_PORT,
  WORD_SOCKET,
  WORD_TIME_MICROS,
} from '../native/contract.ts';
import type { UdpAddress } from './udp-address.ts';

/**
 * There is one of these a packet loop. Whoever is handed it reads it before returning and keeps
 * nothing of it; `offset` and `length` shrink as layers are taken off.
 */
export class Datagram {
  /** The memory that the octets lie in, at `offset`. */
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  #base = 0;
  offset = 0;
  length = 0;
  /** When it was read, in microseconds that wrap at 32 bits. */
  arrivalMicros = 0;

  constructor(packetIo: Pick<PacketIo, 'arena' | 'receiveInfo'>) {
    this.bytes = packetIo.arena;
    this.#words = packetIo.receiveInfo;
  }

  /** Moves on to datagram `index` of the batch. */
  point(index: number): void {
    const base = index * DATAGRAM_WORDS;
    this.#base = base;
    this.offset = this.#words[base + WORD_OFFSET]!;
    this.length = this.#words[base + WORD_LENGTH]!;
    this.arrivalMicros = this.#words[base + WORD_TIME_MICROS]!;
  }

  /** The socket of another datagram of the batch. */
  socketOf(index: number): number {
    return this.#words[index * DATAGRAM_WORDS + WORD_SOCKET]!;
  }

  get socket(): number {
    return this.#words[this.#base + WORD_SOCKET]!;
  }

  get isTruncated(): boolean {
    return (this.#words[this.#base + WORD_FLAGS]! & FLAG_TRUNCATED) !== 0;
  }

  get remotePort(): number {
    return this.#words[this.#base + WORD_REMOTE_PORT]!;
  }

  /** Word `index`, 0 to 3, of the address it came from. */
  remoteWord(index: number): number {
    return this.#words[this.#base + WORD_REMOTE_ADDRESS + index]!;
  }

  isFrom(address: UdpAddress): boolean {
    return this.remotePort === address.port && this.isFromHost(address);
  }

  isFromHost(address: UdpAddress): boolean {
    const words = this.#words;
    const at = this.#base + WORD_REMOTE_ADDRESS;
    return (
      words[at] === address.word0 &&
      words[this.#base + WORD_FAMILY] === address.family &&
      words[at + 1] === address.word1 &&
      words[at + 2] === address.word2 &&
      words[at + 3] === address.word3
    );
  }

  /** Makes an object: for the rare datagram whose source is to be remembered. */
  remote(): UdpAddress {
    return this.#address(WORD_REMOTE_ADDRESS, this.remotePort);
  }

  /** The address it was sent to, from which to answer; its port is not known here. */
  local(): UdpAddress {
    return this.#address(WORD_LOCAL_ADDRESS, 0);
  }

  #address(word: number, port: number): UdpAddress {
    const words = this.#words;
    const at = this.#base + word;
    return {
      family: words[this.#base + WORD_FAMILY] === 6 ? 6 : 4,
      word0: words[at]!,
      word1: words[at + 1]!,
      word2: words[at + 2]!,
      word3: words[at + 3]!,
      port,
    };
  }
}
