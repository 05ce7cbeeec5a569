import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { createConnection, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ContractServer } from '../../../../../gateway/adapters/media-link/contract-server.ts';
import { encodeFrame, FrameDecoder } from '../../../../../gateway/adapters/media-link/frames.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import { MOST_CONTRACT_CONNECTIONS } from '../../../../../gateway/media/limits.ts';
import type {
  ContractFrame,
  MediaCommand,
} from '../../../../../gateway/media-contract/contract.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(onOrphaned = () => {}, orphanMs = 60_000) {
  const socketPath = join(tmpdir(), `causeway-${randomBytes(6).toString('hex')}.sock`);
  writeFileSync(socketPath, 'left behind by a process that was killed');
  let executed = 0;
  const server = new ContractServer({
    socketPath,
    execute: (command: MediaCommand) => {
      executed += 1;
      return command.op === 'hello'
        ? { op: 'hello', version: 1, process: 'm0', epoch: 'e' }
        : { op: 'done' };
    },
    log: silentLog,
    orphanMs,
    onOrphaned,
  });
  await server.listen();
  closers.push(() => server.close());
  return { server, socketPath, executed: () => executed };
}

async function dial(socketPath: string) {
  const socket = createConnection(socketPath);
  closers.push(() => socket.destroy());
  const decoder = new FrameDecoder();
  const frames: ContractFrame[] = [];
  socket.on('data', (chunk: Buffer) => {
    const decoded = decoder.push(chunk);
    if (decoded.ok) frames.push(...decoded.value);
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const ask = async (id: string, command: MediaCommand) => {
    socket.write(encodeFrame({ frame: 'command', id, command }));
    const isThere = () => frames.some((frame) => frame.frame === 'reply' && frame.id === id);
    while (!isThere()) await once(socket, 'data');
  };
  return { socket, frames, ask };
}

const HELLO = { op: 'hello', version: 1, signallingEpoch: 's' } as const;

describe('the server of the media contract', () => {
  test('takes the place of a socket left behind, for its owner alone', async () => {
    const { socketPath } = await serve();
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  });

  test('does a repeated command once', async () => {
    const { socketPath, executed } = await serve();
    const { ask, frames, socket } = await dial(socketPath);
    await ask('1', { op: 'heartbeat' });
    socket.write(encodeFrame({ frame: 'command', id: '1', command: { op: 'heartbeat' } }));
    await ask('2', { op: 'heartbeat' });
    expect(frames).toHaveLength(3);
    expect(executed()).toBe(2);
  });

  test('gives events to whoever said hello last, and none to who only asks', async () => {
    const { server, socketPath } = await serve();
    const asker = await dial(socketPath);
    await asker.ask('a', { op: 'heartbeat' });
    const signalling = await dial(socketPath);
    await signalling.ask('h', HELLO);
    server.publish({ type: 'leg-connected', leg: 'x' });
    await signalling.ask('b', { op: 'heartbeat' });
    await asker.ask('c', { op: 'heartbeat' });
    expect(signalling.frames.filter(({ frame }) => frame === 'event')).toHaveLength(1);
    expect(asker.frames.filter(({ frame }) => frame === 'event')).toHaveLength(0);
  });

  test('hangs up on what speaks no frames, and serves the others', async () => {
    const { socketPath } = await serve();
    const bad = await dial(socketPath);
    bad.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await once(bad.socket, 'close');
    const good = await dial(socketPath);
    await good.ask('1', { op: 'heartbeat' });
    expect(good.frames).toHaveLength(1);
  });

  test('serves on after somebody whom it could not accept', async () => {
    const listen = jest.spyOn(Server.prototype, 'listen');
    const { socketPath } = await serve();
    const [listener] = listen.mock.contexts as Server[];
    listen.mockRestore();
    listener?.emit('error', new Error('accept ENFILE'));
    listener?.emit('error', new Error('accept ENFILE'));
    const { ask, frames } = await dial(socketPath);
    await ask('1', { op: 'heartbeat' });
    expect(frames).toHaveLength(1);
  });

  test('does nothing more for one that it hangs up on', async () => {
    const { socketPath, executed } = await serve();
    const { socket } = await dial(socketPath);
    const event = { type: 'leg-connected', leg: 'x' } as const;
    const wrong = encodeFrame({ frame: 'event', sequence: 1, event });
    const more = encodeFrame({ frame: 'command', id: '1', command: { op: 'heartbeat' } });
    socket.write(Buffer.concat([wrong, more]));
    await once(socket, 'close');
    expect(executed()).toBe(0);
  });

  test('takes a limited number of connections', async () => {
    const { socketPath } = await serve();
    for (let i = 0; i < MOST_CONTRACT_CONNECTIONS; i += 1) await dial(socketPath);
    const one = await dial(socketPath);
    await once(one.socket, 'close');
    expect(one.socket.destroyed).toBe(true);
  });

  test('is an orphan when nobody speaks for signalling', async () => {
    let orphaned = () => {};
    const called = new Promise<void>((resolve) => {
      orphaned = resolve;
    });
    await serve(() => orphaned(), 10);
    await called;
  });

  test('waits for nobody any more once it is closed', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { server, socketPath } = await serve();
    const { ask, socket } = await dial(socketPath);
    await ask('h', HELLO);
    await Promise.all([server.close(), once(socket, 'close')]);
    // Two turns of the loop: sockets tell of their end after the first one's immediates.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});
