/** The Janus API over HTTP: which paths it has, what a poll may say, and clients that go away. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JanusDriver } from '../../../../../gateway/adapters/http/janus-driver.ts';
import { isJanusPath, serveJanus } from '../../../../../gateway/adapters/http/janus-rest.ts';
import { Secret } from '../../../../../gateway/core/log.ts';
import { JanusFace } from '../../../../../gateway/janus/face.ts';
import { echoTest } from '../../../../../gateway/janus/plugins/echotest.ts';
import { countingRandom, type Message, OPTIONS } from '../../janus/face-bench.ts';

let driver: JanusDriver;
let server: Server;
let base: string;

beforeEach(async () => {
  const clock = { now: () => 0, wallClockMs: () => 0 };
  const options = { ...OPTIONS, apiSecret: new Secret('s3') };
  driver = new JanusDriver(new JanusFace(options, [echoTest], countingRandom()), clock, {
    incomingLeg() {},
    legEvent() {},
    accountCommand() {},
    callFacts: async () => ({}),
    trace() {},
  });
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    void serveJanus(driver, request, response, url, { 'X-Origin': 'known' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  driver.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function post(path: string, body: object): Promise<Message> {
  const text = JSON.stringify({ transaction: 't', apisecret: 's3', ...body });
  const response = await fetch(`${base}${path}`, { method: 'POST', body: text });
  return response.json() as Promise<Message>;
}

/** A session with a handle and `count` events that wait in it. */
async function sessionWithEvents(count: number): Promise<number> {
  const session = (await post('/janus', { janus: 'create' })).data.id;
  const attach = { janus: 'attach', plugin: 'janus.plugin.echotest' };
  const handle = (await post(`/janus/${session}`, attach)).data.id;
  for (let event = 0; event < count; event += 1) {
    await post(`/janus/${session}/${handle}`, { janus: 'message', body: {} });
  }
  return session;
}

function poll(session: number, query: string): Promise<Response> {
  return fetch(`${base}/janus/${session}?${query}`);
}

describe('the base path', () => {
  test.each([
    ['/janus', true],
    ['/janus/', true],
    ['/janus/12/34', true],
    ['/janus2', false],
    ['/', false],
    ['/v1/janus', false],
  ])('%s is under it: %s', (path, expected) => {
    expect(isJanusPath(path)).toBe(expected);
  });
});

describe('a poll', () => {
  test.each([
    ['', 'one event', { janus: 'event' }],
    ['&maxev=0', 'one event', { janus: 'event' }],
    ['&maxev=many', 'one event', { janus: 'event' }],
    ['&maxev=2', 'an array', [{ janus: 'event' }, { janus: 'event' }]],
  ])('with %j is answered with %s', async (query, _, expected) => {
    const session = await sessionWithEvents(3);
    const answer = await poll(session, `apisecret=s3${query}`);
    expect(await answer.json()).toMatchObject(expected);
  });

  test('carries its secret in the query', async () => {
    const session = await sessionWithEvents(1);
    expect((await poll(session, 'apisecret=wrong')).status).toBe(403);
    expect((await poll(session, 'token=s3')).status).toBe(403);
    expect((await poll(session, 'apisecret=s3')).status).toBe(200);
  });

  test('whose client went away leaves its events to the next', async () => {
    const session = await sessionWithEvents(0);
    const waiting = httpRequest(`${base}/janus/${session}?apisecret=s3`).on('error', () => {});
    waiting.end();
    while (driver.counts().connections === 0) await new Promise(setImmediate);
    waiting.destroy();
    while (driver.counts().connections > 0) await new Promise(setImmediate);
    const attach = { janus: 'attach', plugin: 'janus.plugin.echotest' };
    const handle = (await post(`/janus/${session}`, attach)).data.id;
    await post(`/janus/${session}/${handle}`, { janus: 'message', body: {} });
    const next = await poll(session, 'apisecret=s3');
    expect(await next.json()).toMatchObject({ janus: 'event' });
  });
});

describe('an answer', () => {
  test('carries the headers of its origin, also where it is a bare status', async () => {
    for (const path of ['/janus/info', '/janus/nowhere']) {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('x-origin')).toBe('known');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test.each(['/janus/0', '/janus/01', '/janus/12345678901234567', '/janus/-1', '/janus/1/x'])(
    'to POST %s, where no id is, is a bare 404',
    async (path) => {
      const answer = await fetch(`${base}${path}`, { method: 'POST', body: '{}' });
      expect([answer.status, await answer.text()]).toEqual([404, '']);
    },
  );

  test('to a body too long closes the connection, whose rest nobody will read', async () => {
    const body = 'a'.repeat(200_000);
    const answer = await fetch(`${base}/janus`, { method: 'POST', body });
    expect([answer.status, answer.headers.get('connection')]).toEqual([413, 'close']);
  });
});
