/** Stands in for the native batched UDP: the same memory, sockets of a simulated network. */
import {
  DATAGRAM_WORDS,
  FLAG_TRUNCATED,
  HEADROOM_BYTES,
  MAX_DATAGRAM_BYTES,
  type PacketCounters,
  type PacketIo,
  type PathHandle,
  type PathOptions,
  RECEIVE_SLOTS,
  SLOT_BYTES,
  type SocketCounters,
  type SocketHandle,
  type SocketOptions,
  TRANSMIT_SLOTS,
  WORD_FAMILY,
  WORD_FLAGS,
  WORD_LENGTH,
  WORD_LOCAL_ADDRESS,
  WORD_OFFSET,
  WORD_REMOTE_ADDRESS,
  WORD_REMOTE_PORT,
  WORD_SOCKET,
  WORD_TIME_MICROS,
} from '../../../../gateway/native/contract.ts';
import type { NetworkDatagram, SimulatedNetwork } from './simulated-network.ts';

const COUNTERS = [
  'received',
  'receivedBytes',
  'sent',
  'sentBytes',
  'batches',
  'flushes',
  'truncated',
  'receiveOverflows',
  'sendWouldBlock',
  'sendNoBuffers',
  'sendErrors',
  'icmpErrors',
  'queueFull',
] as const;

interface Path {
  readonly socket: SocketHandle;
  readonly remote: string;
}

export class SimulatedPacketIo implements PacketIo {
  readonly arena = new Uint8Array((RECEIVE_SLOTS + TRANSMIT_SLOTS) * SLOT_BYTES);
  readonly receiveInfo = new Int32Array(RECEIVE_SLOTS * DATAGRAM_WORDS);
  readonly #network: SimulatedNetwork;
  readonly #now: () => number;
  readonly #sockets = new Map<SocketHandle, string>();
  readonly #paths = new Map<PathHandle, Path>();
  readonly #counts = Object.fromEntries(COUNTERS.map((name) => [name, 0])) as {
    -readonly [name in keyof PacketCounters]: number;
  };
  #handles = 0;
  #transmit = 0;
  #inbox: { socket: SocketHandle; datagram: NetworkDatagram }[] = [];
  #queue: { from: string; to: string; offset: number; length: number }[] = [];
  #onBatch: (count: number) => void = () => {};

  constructor(network: SimulatedNetwork, now: () => number) {
    this.#network = network;
    this.#now = now;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  get openPaths(): number {
    return this.#paths.size;
  }

  /** The paths that lead to `host:port`. */
  pathsTo(remote: string): readonly PathHandle[] {
    return [...this.#paths].filter(([, path]) => path.remote === remote).map(([handle]) => handle);
  }

  openSocket({ address, port }: SocketOptions): { handle: SocketHandle; port: number } {
    const local = `${address}:${port}`;
    if (this.#network.isTaken(local)) throw nativeError('native.address_in_use', local);
    const handle = this.#newHandle() as SocketHandle;
    this.#sockets.set(handle, local);
    this.#network.attach(local, (datagram) => this.#inbox.push({ socket: handle, datagram }));
    return { handle, port };
  }

  closeSocket(socket: SocketHandle): void {
    this.#network.detach(this.#addressOf(socket));
    this.#sockets.delete(socket);
    for (const [handle, path] of this.#paths)
      if (path.socket === socket) this.#paths.delete(handle);
  }

  openPath({ socket, remoteAddress, remotePort }: PathOptions): PathHandle {
    this.#addressOf(socket);
    const handle = this.#newHandle() as PathHandle;
    this.#paths.set(handle, { socket, remote: `${remoteAddress}:${remotePort}` });
    return handle;
  }

  closePath(path: PathHandle): void {
    if (!this.#paths.delete(path)) throw nativeError('native.stale_handle', `path ${path}`);
  }

  send(path: PathHandle, offset: number, length: number): void {
    const found = this.#paths.get(path);
    if (found === undefined) throw nativeError('native.stale_handle', `path ${path}`);
    this.#queue.push({ from: this.#addressOf(found.socket), to: found.remote, offset, length });
  }

  flush(): number {
    const queued = this.#queue;
    this.#queue = [];
    for (const { from, to, offset, length } of queued) {
      const bytes = this.arena.subarray(offset, offset + length);
      this.#network.send(from, to, bytes, this.#now());
      this.#counts.sent += 1;
    }
    return queued.length;
  }

  allocateTransmit(): number {
    this.#transmit = (this.#transmit + 1) % TRANSMIT_SLOTS;
    if (this.#queue.length >= TRANSMIT_SLOTS - 1) this.flush();
    return (RECEIVE_SLOTS + this.#transmit) * SLOT_BYTES + HEADROOM_BYTES;
  }

  setReadInterval(_millis: number): void {}

  start(onBatch: (count: number) => void): void {
    this.#onBatch = onBatch;
  }

  /** Hands over what has arrived, as the native layer would on readiness. */
  readAll(): void {
    while (this.#inbox.length > 0) {
      const batch = this.#inbox.splice(0, RECEIVE_SLOTS);
      for (const [slot, { socket, datagram }] of batch.entries())
        this.#fill(slot, socket, datagram);
      this.#counts.received += batch.length;
      this.#onBatch(batch.length);
      this.flush();
    }
  }

  counters(): PacketCounters {
    return { ...this.#counts };
  }

  socketCounters(): SocketCounters {
    return { received: 0, sent: 0, receiveOverflows: 0 };
  }

  close(): void {
    for (const socket of [...this.#sockets.keys()]) this.closeSocket(socket);
  }

  #fill(slot: number, socket: SocketHandle, { bytes, from, to }: NetworkDatagram): void {
    const base = slot * DATAGRAM_WORDS;
    const offset = slot * SLOT_BYTES + HEADROOM_BYTES;
    const length = Math.min(bytes.length, MAX_DATAGRAM_BYTES);
    this.arena.set(bytes.subarray(0, length), offset);
    const info = this.receiveInfo;
    info.fill(0, base, base + DATAGRAM_WORDS);
    info[base + WORD_SOCKET] = socket;
    info[base + WORD_OFFSET] = offset;
    info[base + WORD_LENGTH] = length;
    info[base + WORD_FLAGS] = length < bytes.length ? FLAG_TRUNCATED : 0;
    info[base + WORD_FAMILY] = 4;
    info[base + WORD_REMOTE_PORT] = Number(from.split(':')[1]);
    info[base + WORD_REMOTE_ADDRESS] = wordOf(from);
    info[base + WORD_LOCAL_ADDRESS] = wordOf(to);
    info[base + WORD_TIME_MICROS] = Math.round(this.#now() * 1000) | 0;
  }

  #addressOf(socket: SocketHandle): string {
    const address = this.#sockets.get(socket);
    if (address === undefined) throw nativeError('native.stale_handle', `socket ${socket}`);
    return address;
  }

  #newHandle(): number {
    this.#handles += 1;
    return this.#handles;
  }
}

function wordOf(address: string): number {
  const octets = address.split(':')[0]!.split('.').map(Number);
  return octets.reduce((word, octet) => (word << 8) | octet, 0);
}

function nativeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
