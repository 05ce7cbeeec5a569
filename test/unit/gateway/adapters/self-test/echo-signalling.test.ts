import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { EchoSignalling } from '../../../../../gateway/adapters/self-test/echo-signalling.ts';
import { failEcho } from '../../../../../gateway/ops/self-test/echo-outcome.ts';

interface Asked {
  readonly janus: string;
  readonly transaction: string;
  readonly [name: string]: unknown;
}

let server: WebSocketServer;
let asked: Asked[];
let answer: (request: Asked) => readonly object[];

beforeEach(async () => {
  asked = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    socket.on('message', (text) => {
      const request: Asked = JSON.parse(text.toString());
      asked.push(request);
      const { transaction } = request;
      for (const each of answer(request)) socket.send(JSON.stringify({ transaction, ...each }));
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

function open(credentials: { readonly apiSecret?: string; readonly token?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  return EchoSignalling.open({ url: `ws://127.0.0.1:${port}`, addresses: [], ...credentials });
}

async function opened(credentials = {}): Promise<EchoSignalling> {
  const signalling = await open(credentials);
  if (!signalling.ok) throw new Error(signalling.fault.detail);
  return signalling.value;
}

function usual({ janus }: Asked): readonly object[] {
  if (janus !== 'message') return [{ janus: 'success', data: { id: janus === 'create' ? 1 : 2 } }];
  return [{ janus: 'ack' }, { janus: 'event', jsep: { sdp: 'v=0' } }];
}

describe('the signalling of the test call', () => {
  test('offers to the echo and waits past the ack for the answer', async () => {
    answer = usual;
    const signalling = await opened({ apiSecret: 'hush', token: 'coin' });
    expect(await signalling.offer('v=0\r\noffer')).toEqual({ ok: true, value: 'v=0' });
    expect(asked.map(({ janus }) => janus)).toEqual(['create', 'attach', 'message']);
    expect(asked.at(-1)).toMatchObject({
      session_id: 1,
      handle_id: 2,
      apisecret: 'hush',
      token: 'coin',
      jsep: { type: 'offer', sdp: 'v=0\r\noffer' },
    });
    await signalling.close();
  });

  test('destroys its session as it closes, in a request that names no handle', async () => {
    answer = usual;
    const signalling = await opened();
    await signalling.close();
    expect(asked.at(-1)).toMatchObject({ janus: 'destroy', session_id: 1 });
    expect(asked.at(-1)).not.toHaveProperty('handle_id');
  });

  test('fails with the reason that the gateway gives', async () => {
    answer = () => [{ janus: 'error', error: { code: 403, reason: 'Wrong secret' } }];
    expect(await open()).toEqual(failEcho('echo.refused', 'Wrong secret (403, to create)'));
  });

  test('fails with what the echo says where it gives no answer', async () => {
    const refusal = { janus: 'event', plugindata: { data: { error: 'no codec' } } };
    answer = (request) => (request.janus === 'message' ? [refusal] : usual(request));
    const signalling = await opened();
    expect(await signalling.offer('v=0')).toEqual(failEcho('echo.no-answer', 'no codec'));
    await signalling.close();
  });

  test('fails at once where the gateway closes the WebSocket', async () => {
    answer = () => {
      for (const client of server.clients) client.terminate();
      return [];
    };
    expect(await open()).toEqual(failEcho('echo.silent', 'it closed the WebSocket'));
  });

  test('is not shaken by messages that are none of its own, or none at all', async () => {
    answer = usual;
    server.on('connection', (socket) => {
      for (const text of ['', 'null', '7', '{"janus":"timeout"}']) socket.send(text);
    });
    await (await opened()).close();
  });

  test('fails with the reason where nobody listens', async () => {
    const outcome = await EchoSignalling.open({ url: 'ws://127.0.0.1:1/janus', addresses: [] });
    expect(outcome).toMatchObject({
      fault: { code: 'echo.no-websocket', detail: expect.stringContaining('ECONNREFUSED') },
    });
  });
});
