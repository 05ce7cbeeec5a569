import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  DATAGRAM_WORDS,
  HEADROOM_BYTES,
  type PacketIo,
  type PathHandle,
  RECEIVE_SLOTS,
  SLOT_BYTES,
  type SocketHandle,
  TRANSMIT_SLOTS,
  WORD_LENGTH,
  WORD_LOCAL_ADDRESS,
  WORD_OFFSET,
  WORD_REMOTE_PORT,
  WORD_SOCKET,
} from '../../../gateway/native/contract.ts';
import { loadNative } from '../../../gateway/native/load.ts';

const native = loadNative();
const opened: PacketIo[] = [];

function openPacketIo(): PacketIo {
  const io = native.openPacketIo();
  opened.push(io);
  return io;
}

afterEach(() => {
  for (const io of opened.splice(0)) io.close();
});

function send(io: PacketIo, path: PathHandle, text: string): void {
  const offset = io.allocateTransmit();
  io.arena.set(Buffer.from(text), offset);
  io.send(path, offset, text.length);
}

interface Heard {
  readonly socket: number;
  readonly text: string;
  readonly local: number;
  readonly remotePort: number;
}

/** Starts `io` and resolves with the first `count` datagrams, a list for each batch. */
function hear(io: PacketIo, count: number): Promise<Heard[][]> {
  const batches: Heard[][] = [];
  let total = 0;
  return new Promise((resolve) => {
    io.start((size) => {
      batches.push(Array.from({ length: size }, (_, i) => describeDatagram(io, i)));
      total += size;
      if (total >= count) resolve(batches);
    });
  });
}

function describeDatagram(io: PacketIo, index: number): Heard {
  const word = (name: number) => io.receiveInfo[index * DATAGRAM_WORDS + name] as number;
  const start = word(WORD_OFFSET);
  return {
    socket: word(WORD_SOCKET),
    text: Buffer.from(io.arena.subarray(start, start + word(WORD_LENGTH))).toString(),
    local: word(WORD_LOCAL_ADDRESS) >>> 0,
    remotePort: word(WORD_REMOTE_PORT),
  };
}

const LOOPBACK = { address: '127.0.0.1', port: 0 };
const withCode = (code: string) => expect.objectContaining({ code });

describe('PacketIo', () => {
  test('shares an arena of receive slots and transmit slots', () => {
    const io = openPacketIo();
    expect(io.arena.length).toBe((RECEIVE_SLOTS + TRANSMIT_SLOTS) * SLOT_BYTES);
    expect(io.receiveInfo.length).toBe(RECEIVE_SLOTS * DATAGRAM_WORDS);
    expect(io.allocateTransmit()).toBe(RECEIVE_SLOTS * SLOT_BYTES + HEADROOM_BYTES);
  });

  test.each([0, 2])('brings a burst in batches, in order, read every %i ms', async (interval) => {
    const io = openPacketIo();
    const from = io.openSocket(LOOPBACK);
    const to = io.openSocket({ ...LOOPBACK, receiveBufferBytes: 1 << 20 });
    const path = io.openPath({
      socket: from.handle,
      remoteAddress: '127.0.0.1',
      remotePort: to.port,
    });
    io.setReadInterval(interval);
    const heard = hear(io, 150);
    for (let i = 0; i < 150; i += 1) send(io, path, `${i}`);
    expect(io.flush()).toBe(150);
    const batches = await heard;
    expect(batches.map(({ length }) => length)).toEqual([64, 64, 22]);
    expect(batches.flat().map(({ text }) => Number(text))).toEqual(
      Array.from({ length: 150 }, (_, i) => i),
    );
    expect(batches[0]?.[0]).toMatchObject({ socket: to.handle, remotePort: from.port });
    expect(io.counters()).toMatchObject({ received: 150, sent: 150, batches: 3, flushes: 1 });
    expect(io.socketCounters(to.handle)).toEqual({ received: 150, sent: 0, receiveOverflows: 0 });
  });

  test('goes on when the interval changes while it reads', async () => {
    const io = openPacketIo();
    const from = io.openSocket(LOOPBACK);
    const to = io.openSocket(LOOPBACK);
    const path = io.openPath({
      socket: from.handle,
      remoteAddress: '127.0.0.1',
      remotePort: to.port,
    });
    const intervals = [2, 0, 1, 0];
    await new Promise<void>((resolve) => {
      io.start(() => {
        const next = intervals.shift();
        if (next === undefined) return resolve();
        io.setReadInterval(next);
        send(io, path, 'next');
      });
      send(io, path, 'first');
      io.flush();
    });
    expect(io.counters().received).toBe(5);
  });

  test('flushes by itself what is queued inside a batch, from a pinned source', async () => {
    const io = openPacketIo();
    const wildcard = io.openSocket({ address: '0.0.0.0', port: 0 });
    const peer = io.openSocket(LOOPBACK);
    const question = io.openPath({
      socket: peer.handle,
      remoteAddress: '127.0.0.5',
      remotePort: wildcard.port,
    });
    const answer = io.openPath({
      socket: wildcard.handle,
      localAddress: '127.0.0.5',
      remoteAddress: '127.0.0.1',
      remotePort: peer.port,
    });
    const heard: Heard[] = [];
    await new Promise<void>((resolve) => {
      io.start(() => {
        heard.push(describeDatagram(io, 0));
        if (heard.length === 2) return resolve();
        const { [WORD_OFFSET]: offset = 0, [WORD_LENGTH]: length = 0 } = io.receiveInfo;
        io.send(answer, offset, length);
      });
      send(io, question, 'echo');
      io.flush();
    });
    expect(heard).toEqual([
      { socket: wildcard.handle, text: 'echo', local: 0x7f000005, remotePort: peer.port },
      { socket: peer.handle, text: 'echo', local: 0x7f000001, remotePort: wildcard.port },
    ]);
  });

  test('speaks IPv6', async () => {
    const io = openPacketIo();
    const from = io.openSocket({ address: '::1', port: 0 });
    const to = io.openSocket({ address: '::', port: 0, trafficClass: 184 });
    const heard = hear(io, 1);
    const path = io.openPath({ socket: from.handle, remoteAddress: '::1', remotePort: to.port });
    send(io, path, 'six');
    io.flush();
    expect((await heard)[0]?.[0]).toMatchObject({ text: 'six', remotePort: from.port });
  });

  test('may be closed inside its own callback, and twice', async () => {
    const io = openPacketIo();
    const socket = io.openSocket(LOOPBACK);
    const path = io.openPath({
      socket: socket.handle,
      remoteAddress: '127.0.0.1',
      remotePort: socket.port,
    });
    await new Promise<void>((resolve) => {
      io.start(() => {
        io.close();
        io.close();
        resolve();
      });
      send(io, path, 'self');
      io.flush();
    });
    expect(() => io.flush()).toThrow(withCode('native.closed'));
    expect(() => io.openSocket(LOOPBACK)).toThrow(withCode('native.closed'));
    expect(io.counters().received).toBe(1);
  });

  test('names what a stale handle, a taken port and a wrong address are', () => {
    const io = openPacketIo();
    const { handle, port } = io.openSocket(LOOPBACK);
    const path = io.openPath({ socket: handle, remoteAddress: '127.0.0.1', remotePort: 9 });
    expect(() => io.openSocket({ ...LOOPBACK, port })).toThrow(withCode('native.address_in_use'));
    expect(() => io.openSocket({ address: '192.0.2.1', port: 0 })).toThrow(
      withCode('native.address_not_available'),
    );
    expect(() => io.openSocket({ address: 'localhost', port: 0 })).toThrow(
      withCode('native.bad_address'),
    );
    io.closeSocket(handle);
    expect(() => io.send(path, 0, 1)).toThrow(withCode('native.stale_handle'));
    expect(() => io.closePath(path)).toThrow(withCode('native.stale_handle'));
    expect(() => io.closeSocket(handle)).toThrow(withCode('native.stale_handle'));
  });

  test.each<[string, string, (io: PacketIo, socket: SocketHandle) => unknown]>([
    ['native.bad_argument', 'no options', (io) => io.openSocket(undefined as never)],
    ['native.bad_argument', 'no port', (io) => io.openSocket({ address: '::1' } as never)],
    ['native.out_of_range', 'port 65536', (io) => io.openSocket({ ...LOOPBACK, port: 65536 })],
    ['native.bad_argument', 'half a port', (io) => io.openSocket({ ...LOOPBACK, port: 0.5 })],
    ['native.bad_argument', 'a number address', (io) => io.openSocket({ address: 1 } as never)],
    ['native.bad_argument', 'NaN', (io) => io.send(Number.NaN as never, 0, 1)],
    ['native.bad_argument', 'beyond 32 bits', (io) => io.send((2 ** 32 + 1) as never, 0, 1)],
    ['native.bad_argument', 'too few arguments', (io) => (io.send as unknown as () => void)()],
    ['native.out_of_range', 'interval 6', (io) => io.setReadInterval(6)],
    ['native.out_of_range', 'interval −1', (io) => io.setReadInterval(-1)],
    ['native.bad_argument', 'no callback', (io) => io.start(undefined as never)],
    [
      'native.out_of_range',
      'outside the arena',
      (io, socket) => {
        const path = io.openPath({ socket, remoteAddress: '127.0.0.1', remotePort: 9 });
        io.send(path, io.arena.length - 1, 2);
      },
    ],
  ])('throws %s for %s', (code, _what, call) => {
    const io = openPacketIo();
    const { handle } = io.openSocket(LOOPBACK);
    expect(() => call(io, handle)).toThrow(withCode(code));
  });

  test('keeps its memory when JavaScript has let go of the arena', () => {
    const io = openPacketIo();
    const socket = io.openSocket(LOOPBACK);
    const path = io.openPath({
      socket: socket.handle,
      remoteAddress: '127.0.0.1',
      remotePort: socket.port,
    });
    const offset = io.allocateTransmit();
    (io.arena.buffer as ArrayBuffer).transfer(0);
    expect(io.arena.length).toBe(0);
    io.send(path, offset, 10);
    expect(io.flush()).toBe(1);
  });
});

const FIXTURES = join(import.meta.dirname, 'fixtures');

describe('An environment with a PacketIo', () => {
  test('ends loudly when the packet loop throws', async () => {
    const child = promisify(execFile)(process.execPath, [join(FIXTURES, 'throwing-loop.ts')]);
    const failure = await child.then(
      () => undefined,
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    expect(failure?.code).not.toBe(0);
    expect(failure?.stderr).toContain('the packet loop broke');
    expect(failure?.stdout).toBe('batch\n');
  });

  test('may end as a worker while it reads, leaving the others alone', async () => {
    const io = openPacketIo();
    const worker = new Worker(join(FIXTURES, 'echoing-worker.ts'));
    const [port] = (await once(worker, 'message')) as [number];
    const { handle } = io.openSocket(LOOPBACK);
    const path = io.openPath({ socket: handle, remoteAddress: '127.0.0.1', remotePort: port });
    const heard = hear(io, 1);
    send(io, path, 'across');
    io.flush();
    expect((await heard)[0]?.[0]?.text).toBe('across');
    await worker.terminate();
    expect(io.counters().received).toBe(1);
  });
});
