import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { HttpServer } from '../../../../../gateway/adapters/http/http-server.ts';
import { JanusDriver } from '../../../../../gateway/adapters/http/janus-driver.ts';
import { makeSelfSigned } from '../../../../../gateway/adapters/http/self-signed.ts';
import { StaticFiles } from '../../../../../gateway/adapters/http/static-files.ts';
import type { IncomingLeg } from '../../../../../gateway/call/leg-contract.ts';
import { silentLog } from '../../../../../gateway/core/log.ts';
import { JanusFace } from '../../../../../gateway/janus/face.ts';
import { echoTest } from '../../../../../gateway/janus/plugins/echotest.ts';
import { countingRandom, OPTIONS } from '../../janus/face-bench.ts';

let folder: string;
let server: HttpServer;
let janus: JanusDriver;
let base: string;
let legs: IncomingLeg[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-http-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<title>phone</title>');
  writeFileSync(join(folder, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'not served');
  legs = [];
  const clock = { now: () => 0, wallClockMs: () => 0 };
  janus = new JanusDriver(new JanusFace(OPTIONS, [echoTest], countingRandom()), clock, {
    incomingLeg: (leg) => {
      legs.push(leg);
      janus.legCommand(leg.leg, { type: 'answer', sdp: 'v=0', headers: [] });
    },
    legEvent: () => {},
    accountCommand: () => {},
    callFacts: async () => ({ state: 'answered' }),
    trace: () => {},
  });
  server = new HttpServer({
    origins: { allowed: ['https://app.example.com'], ownNames: [] },
    routes: [
      {
        method: 'GET',
        path: '/healthz',
        policy: 'public',
        respond: () => ({ status: 200, json: { status: 'ok' } }),
      },
      {
        method: 'GET',
        path: '/v1/calls',
        policy: 'loopback',
        respond: () => ({ status: 200, json: { calls: [] } }),
      },
    ],
    files: StaticFiles.read(folder),
    janus,
    maximumWebSockets: 1,
    log: silentLog,
  });
  base = `http://127.0.0.1:${await server.listen({ address: '127.0.0.1', port: 0 })}`;
});

afterEach(async () => {
  janus.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Requests as they are written, which `fetch` would tidy up. */
function get(path: string, headers: { [name: string]: string } = {}, method = 'GET', body = '') {
  return new Promise<{ status: number; headers: { [name: string]: unknown }; text: string }>(
    (resolve, reject) => {
      const { port } = new URL(base);
      const asked = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

/** Resolves once the server has noticed that its clients are gone. */
async function emptied(): Promise<void> {
  while (janus.counts().connections > 0) await new Promise((resolve) => setImmediate(resolve));
}

const post = (path: string, body: object, headers = {}) =>
  get(path, headers, 'POST', JSON.stringify(body));

function open(protocols: string[], headers: { [name: string]: string } = {}, path = '/janus') {
  return new Promise<WebSocket>((resolve, reject) => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}${path}`, protocols, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}

describe('the page', () => {
  test('is served with a policy that lets nothing in from elsewhere', async () => {
    const page = await get('/');
    expect(page.text).toBe('<title>phone</title>');
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringMatching(
        /default-src 'none'.*frame-ancestors 'none'/,
      ),
    });
  });

  test('is not sent again to who has it', async () => {
    const { etag } = (await get('/')).headers;
    expect((await get('/', { 'If-None-Match': String(etag) })).status).toBe(304);
  });

  test('keeps its hashed files for ever', async () => {
    const script = await get('/assets/main.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('text/javascript');
  });

  test.each([
    '/secret.txt',
    '/../secret.txt',
    '/assets/../secret.txt',
    '/%2e%2e/etc/passwd',
    '//x',
  ])('%s is not served', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('a listener', () => {
  test('is not had where its port is taken', async () => {
    const port = Number(new URL(base).port);
    await expect(server.listen({ address: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
  });

  test('serves on after clients that it could not accept', async () => {
    const listen = jest.spyOn(Server.prototype, 'listen');
    const port = await server.listen({ address: '127.0.0.1', port: 0 });
    const [listener] = listen.mock.contexts as Server[];
    listen.mockRestore();
    listener?.emit('error', new Error('accept ENFILE'));
    listener?.emit('error', new Error('accept ENFILE'));
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });
});

describe('routes', () => {
  test('answer in JSON that nobody caches', async () => {
    const health = await get('/healthz');
    expect(JSON.parse(health.text)).toEqual({ status: 'ok' });
    expect(health.headers['cache-control']).toBe('no-store');
  });

  test('refuse a method that they have not', async () => {
    const refused = await get('/healthz', {}, 'POST');
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET']);
  });

  test('for this machine alone are closed to what a proxy passes on', async () => {
    expect((await get('/v1/calls')).status).toBe(200);
    expect((await get('/v1/calls', { 'X-Forwarded-For': '192.0.2.1' })).status).toBe(403);
  });

  test('for this machine alone are closed to pages under a rebound name', async () => {
    expect((await get('/v1/calls', { Host: 'rebound.example:8080' })).status).toBe(403);
    expect((await get('/v1/calls', { Host: 'localhost:8080' })).status).toBe(200);
  });

  test('are closed to the pages of strangers', async () => {
    expect((await get('/healthz', { Origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('the Janus API over REST', () => {
  async function attached() {
    const created = await post('/janus', { janus: 'create', transaction: 'a' });
    const session = JSON.parse(created.text).data.id;
    const request = { janus: 'attach', transaction: 'b', plugin: 'janus.plugin.echotest' };
    const handle = JSON.parse((await post(`/janus/${session}`, request)).text).data.id;
    return { session, handle };
  }

  test('takes requests by their path and gives events to a poll', async () => {
    const { session, handle } = await attached();
    const poll = get(`/janus/${session}?maxev=10&rid=1`);
    const message = {
      janus: 'message',
      transaction: 'c',
      body: {},
      jsep: { type: 'offer', sdp: 'v=0' },
    };
    const ack = await post(`/janus/${session}/${handle}`, message);
    expect(JSON.parse(ack.text)).toMatchObject({ janus: 'ack', transaction: 'c' });
    expect(JSON.parse((await poll).text)).toMatchObject([
      { janus: 'event', jsep: { type: 'answer' } },
    ]);
    expect(legs[0]?.local).toBe(true);
  });

  test('answers errors with 200 and their code', async () => {
    const answer = await post('/janus/5', { janus: 'keepalive', transaction: 'x' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.text).error.code).toBe(458);
    const wrong = await get('/janus', {}, 'PUT');
    expect(JSON.parse(wrong.text).error.code).toBe(450);
  });

  test.each([
    ['GET', '/janus', 404],
    ['GET', '/janus/77', 404],
    ['GET', '/janus/x', 404],
    ['GET', '/janus/1/2/3', 404],
    ['POST', '/janus/info', 400],
    ['POST', '/janus/nonsense', 404],
  ])('%s %s is a bare %i', async (method, path, status) => {
    const answer = await get(path, {}, method);
    expect([answer.status, answer.text]).toEqual([status, '']);
  });

  test('answers info and ping by GET, and sends polls of a handle to its session', async () => {
    expect(JSON.parse((await get('/janus/ping')).text).janus).toBe('pong');
    expect(JSON.parse((await get('/janus/info')).text).janus).toBe('server_info');
    const sent = await get('/janus/1/2?maxev=1');
    expect([sent.status, sent.headers.location]).toEqual([302, '/janus/1?maxev=1']);
  });

  test('refuses a body beyond the limit', async () => {
    const answer = await get('/janus', {}, 'POST', ' '.repeat(200_000));
    expect(answer.status).toBe(413);
  });

  test('lets configured origins in, and says so to their browsers', async () => {
    const headers = { Origin: 'https://app.example.com', 'Access-Control-Request-Headers': 'x-a' };
    const answer = await get('/janus', headers, 'OPTIONS');
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'x-a',
        'access-control-max-age': '86400',
      },
    });
  });

  test('leaves no connection behind', async () => {
    await attached();
    expect(janus.counts()).toEqual({ connections: 0, sessions: 1, handles: 1, legs: 0 });
  });
});

describe('the Janus API over WebSocket', () => {
  const say = (socket: WebSocket, message: object) =>
    new Promise<{ [name: string]: unknown }>((resolve) => {
      socket.once('message', (data) => resolve(JSON.parse(data.toString())));
      socket.send(JSON.stringify(message));
    });

  test('speaks janus-protocol and answers', async () => {
    const socket = await open(['janus-protocol']);
    expect(socket.protocol).toBe('janus-protocol');
    const pong = await say(socket, { janus: 'ping', transaction: 'a' });
    expect(pong).toEqual({ janus: 'pong', transaction: 'a' });
    socket.terminate();
    await emptied();
  });

  test.each([
    ['another sub-protocol', ['sip'], {}, '/janus', 400],
    ['a strange page', ['janus-protocol'], { Origin: 'https://evil.example' }, '/janus', 403],
    ['another path', ['janus-protocol'], {}, '/else', 404],
  ])('refuses %s', async (_, protocols, headers, path, status) => {
    await expect(open(protocols, headers as { [name: string]: string }, path)).rejects.toThrow(
      String(status),
    );
  });

  test('takes no more sockets than the limit', async () => {
    const socket = await open(['janus-protocol']);
    await expect(open(['janus-protocol'])).rejects.toThrow('503');
    socket.terminate();
  });

  test('ends the sessions of a socket that is gone', async () => {
    const socket = await open(['janus-protocol']);
    await say(socket, { janus: 'create', transaction: 'a' });
    expect(janus.counts().sessions).toBe(1);
    socket.close();
    await server.close();
    await emptied();
    expect(janus.counts()).toEqual({ connections: 0, sessions: 0, handles: 0, legs: 0 });
  });

  test('cuts off a client that sends what is no text, or too much', async () => {
    const binary = await open(['janus-protocol']);
    const code = new Promise((resolve) => binary.on('close', resolve));
    binary.send(Buffer.from([1]), { binary: true });
    expect(await code).toBe(1003);
    await emptied();
    const big = await open(['janus-protocol']);
    const bigCode = new Promise((resolve) => big.on('close', resolve));
    big.send(' '.repeat(200_000));
    expect(await bigCode).toBe(1009);
  });
});

describe('over TLS', () => {
  const negotiated = (port: number, options: ConnectionOptions) =>
    new Promise<string>((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
      socket.on('secureConnect', () => {
        resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
        socket.destroy();
      });
      socket.on('error', () => resolve('refused'));
    });

  test('only forward secrecy with authenticated encryption is spoken', async () => {
    const identity = await makeSelfSigned(['127.0.0.1'], Date.UTC(2026, 0));
    const port = await server.listen({ address: '127.0.0.1', port: 0, identity });
    const old = { maxVersion: 'TLSv1.2' } as const;
    expect(await negotiated(port, {})).toMatch(/^TLSv1\.3 TLS_/);
    expect(await negotiated(port, old)).toMatch(/^TLSv1\.2 ECDHE-ECDSA-.*(GCM|POLY1305)/);
    const cbc = { ...old, ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA' };
    expect(await negotiated(port, cbc)).toBe('refused');
  });
});
