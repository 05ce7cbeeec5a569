import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { EchoSignalling } from '../../../../../gateway/adapters/self-test/echo-signalling.ts';

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

function url(): string {
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function usual({ janus }: Asked): readonly object[] {
  if (janus !== 'message') return [{ janus: 'success', data: { id: janus === 'create' ? 1 : 2 } }];
  return [{ janus: 'ack' }, { janus: 'event', jsep: { sdp: 'v=0' } }];
}

describe('the signalling of the test call', () => {
  test('offers to the echo and waits past the ack for the answer', async () => {
    answer = usual;
    const signalling = await EchoSignalling.open({ url: url(), apiSecret: 'hush' });
    expect(await signalling.offer('v=0\r\noffer')).toBe('v=0');
    expect(asked.at(-1)).toMatchObject({
      session_id: 1,
      handle_id: 2,
      apisecret: 'hush',
      jsep: { type: 'offer', sdp: 'v=0\r\noffer' },
    });
    signalling.close();
  });

  test('fails with the reason that the gateway gives', async () => {
    answer = () => [{ janus: 'error', error: { code: 403, reason: 'Wrong or missing secret' } }];
    await expect(EchoSignalling.open({ url: url() })).rejects.toThrow('Wrong or missing secret');
  });

  test('fails with what the echo says where it gives no answer', async () => {
    const refusal = { janus: 'event', plugindata: { data: { error: 'no codec' } } };
    answer = (request) => (request.janus === 'message' ? [refusal] : usual(request));
    const signalling = await EchoSignalling.open({ url: url() });
    await expect(signalling.offer('v=0')).rejects.toThrow('no codec');
    signalling.close();
  });
});
