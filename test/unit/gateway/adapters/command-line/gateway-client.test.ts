/** The command line's questions to a running gateway. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import {
  addressOf,
  GatewayClient,
  localAddressOf,
} from '../../../../../gateway/adapters/command-line/gateway-client.ts';

async function answering(status: number, body: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { asked, server, client: new GatewayClient(addressOf('127.0.0.1', port)) };
}

describe('gateway client', () => {
  test('gives the text of a good answer', async () => {
    const { asked, server, client } = await answering(200, '{"calls":[]}');
    expect(await client.get('/v1/calls')).toEqual({ ok: true, value: '{"calls":[]}' });
    expect(asked).toEqual(['GET /v1/calls']);
    server.close();
  });

  test('a refusal is a fault with status and words', async () => {
    const { server, client } = await answering(503, 'media');
    expect(await client.get('/readyz')).toMatchObject({
      fault: { code: 'gateway.refused', detail: '503 media' },
    });
    server.close();
  });

  test('nobody there is a fault with its reason', async () => {
    const { server, client } = await answering(200, '');
    server.close();
    await once(server, 'close');
    expect(await client.get('/readyz')).toMatchObject({
      fault: { code: 'gateway.silent', detail: expect.stringContaining('does not answer') },
    });
  });

  test.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://[::1]:80'],
    ['2001:db8::1', 'http://[2001:db8::1]:80'],
  ])('a gateway bound to %s is asked at %s', (bind, address) => {
    expect(addressOf(bind, 80)).toBe(address);
  });

  test('another scheme is said', () => {
    expect(addressOf('127.0.0.1', 443, 'wss')).toBe('wss://127.0.0.1:443');
  });

  test('an address that is bound is reached by itself, every address by that of loopback', () => {
    expect(['192.0.2.1', '0.0.0.0', '::'].map(localAddressOf)).toEqual([
      '192.0.2.1',
      '127.0.0.1',
      '::1',
    ]);
  });
});
