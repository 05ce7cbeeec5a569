/** The Janus API over WebSocket: who may come in, and clients that do not read or have gone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import {
  type JanusConnection,
  JanusDriver,
} from '../../../../../gateway/adapters/http/janus-driver.ts';
import {
  asksForJanus,
  JANUS_PROTOCOL,
  JanusWebSockets,
  MAX_UNREAD_BYTES,
} from '../../../../../gateway/adapters/http/janus-websocket.ts';
import { JanusFace } from '../../../../../gateway/janus/face.ts';
import { countingRandom, OPTIONS } from '../../janus/face-bench.ts';

const PING_INTERVAL_MS = 20_000;

let driver: JanusDriver;
let sockets: JanusWebSockets;
let server: Server;
/** The server's ends, in the order of their coming. */
let ends: JanusConnection[];

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  ends = [];
  const clock = { now: () => performance.now(), wallClockMs: () => 0 };
  driver = new JanusDriver(new JanusFace(OPTIONS, [], countingRandom()), clock, {
    incomingLeg() {},
    legEvent() {},
    accountCommand() {},
    callFacts: async () => ({}),
    trace() {},
  });
  const connect = driver.connect.bind(driver);
  jest.spyOn(driver, 'connect').mockImplementation((end) => {
    ends.push(end);
    return connect(end);
  });
  sockets = new JanusWebSockets(driver, 2);
  server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  await once(server, 'listening');
});

afterEach(async () => {
  sockets.close();
  jest.advanceTimersByTime(1_000);
  driver.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  jest.useRealTimers();
});

async function open(options: { readonly autoPong?: boolean } = {}): Promise<WebSocket> {
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/janus`, [JANUS_PROTOCOL], options);
  await once(socket, 'open');
  return socket;
}

async function gone(): Promise<void> {
  while (driver.counts().connections > 0) await new Promise(setImmediate);
}

describe('an upgrade', () => {
  test.each([
    ['janus-protocol', true],
    ['sip, janus-protocol', true],
    ['sip', false],
    ['janus-protocol-2', false],
    [undefined, false],
  ])('that offers %s asks for the Janus API: %s', (protocols, expected) => {
    const headers = { 'sec-websocket-protocol': protocols };
    expect(asksForJanus({ headers } as IncomingMessage)).toBe(expected);
  });

  test('is let in until the limit is reached, and again when one has left', async () => {
    const first = await open();
    expect(sockets.isFull).toBe(false);
    await open();
    expect(sockets.isFull).toBe(true);
    first.terminate();
    while (driver.counts().connections > 1) await new Promise(setImmediate);
    expect(sockets.isFull).toBe(false);
  });
});

describe('a client', () => {
  test('is answered by its own protocol, and has a session for as long as it is there', async () => {
    const client = await open();
    expect(client.protocol).toBe('janus-protocol');
    client.send('{"janus":"create","transaction":"t"}');
    const [answer] = await once(client, 'message');
    expect(JSON.parse(String(answer))).toMatchObject({ janus: 'success', transaction: 't' });
    expect(driver.counts().sessions).toBe(1);
    client.terminate();
    await gone();
    expect(driver.counts().sessions).toBe(0);
  });

  test('that answers pings stays', async () => {
    const client = await open();
    for (let ping = 0; ping < 3; ping += 1) {
      const pinged = once(client, 'ping');
      jest.advanceTimersByTime(PING_INTERVAL_MS);
      await pinged;
      // The pong is on its way; the answer to what follows it proves that it has come.
      client.send('{"janus":"ping","transaction":"t"}');
      await once(client, 'message');
    }
    expect(driver.counts().connections).toBe(1);
  });

  test('that has not answered by the next ping is gone', async () => {
    const client = await open({ autoPong: false });
    jest.advanceTimersByTime(PING_INTERVAL_MS);
    expect(driver.counts().connections).toBe(1);
    jest.advanceTimersByTime(PING_INTERVAL_MS);
    await once(client, 'close');
    await gone();
  });

  test('that does not read is cut off when too much waits for it', async () => {
    const client = await open();
    client.pause();
    const text = 'x'.repeat(MAX_UNREAD_BYTES);
    // What the kernel takes in between is not ours to choose: a few megabytes.
    for (let count = 0; count < 64; count += 1) ends[0]?.send(text);
    await gone();
    client.terminate();
  });

  test('is told nothing more once it is gone', async () => {
    const client = await open();
    client.terminate();
    await gone();
    expect(() => ends[0]?.send('{}')).not.toThrow();
  });
});

describe('closing', () => {
  test('says goodbye, and waits half a second for who does not', async () => {
    const polite = await open();
    const silent = await open();
    silent.pause();
    sockets.close();
    const [code] = await once(polite, 'close');
    expect(code).toBe(1001);
    expect(driver.counts().connections).toBeGreaterThan(0);
    jest.advanceTimersByTime(500);
    await gone();
    silent.terminate();
  });
});
