/** The gateway's HTTP and HTTPS listeners: the page, the APIs, and WebSocket upgrades. */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { matchRoute, type Route, type RouteResponse } from '../../admin/route.ts';
import type { Log } from '../../core/log.ts';
import type { JanusDriver } from './janus-driver.ts';
import { isJanusPath, serveJanus } from './janus-rest.ts';
import { asksForJanus, JanusWebSockets } from './janus-websocket.ts';
import { isOwnHost, judgeOrigin, type OriginPolicy } from './origin-policy.ts';
import { peerOf } from './peer.ts';
import { API_HEADERS } from './response-headers.ts';
import type { StaticFiles } from './static-files.ts';

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** PEM; with it the listener speaks TLS. */
  readonly identity?: { readonly certificate: string; readonly key: string };
}

export interface HttpServerOptions {
  readonly origins: OriginPolicy;
  readonly routes: readonly Route[];
  readonly files: StaticFiles;
  readonly janus: JanusDriver;
  readonly maximumWebSockets: number;
  readonly log: Log;
}

/** Deadlines for a request to arrive; answers may take as long as a long poll does. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
const IDLE_TIMEOUT_MS = 75_000;
const MAX_HEADER_BYTES = 16 * 1_024;
const MAX_CONNECTIONS = 10_000;
/** Forward secrecy and authenticated encryption: all of TLS 1.3, these of 1.2 (RFC 9325 §4.2). */
const TLS_CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE+AESGCM',
  'ECDHE+CHACHA20',
].join(':');

export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #servers: Server[] = [];
  readonly #webSockets: JanusWebSockets;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#webSockets = new JanusWebSockets(options.janus, options.maximumWebSockets);
  }

  /** Resolves to the port that was bound; rejects when it is taken. */
  async listen({ address, port, identity }: Listener): Promise<number> {
    const limits = { maxHeaderSize: MAX_HEADER_BYTES };
    const server =
      identity === undefined
        ? createServer(limits)
        : createSecureServer({
            ...limits,
            cert: identity.certificate,
            key: identity.key,
            minVersion: 'TLSv1.2',
            ciphers: TLS_CIPHERS,
          });
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = IDLE_TIMEOUT_MS;
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => this.#serve(request, response));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port }, resolve);
    });
    // From now on it only tells that a client could not be accepted, for want of descriptors say.
    server.on('error', ({ message }) => this.#options.log.warn('http.cannot_accept', { message }));
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#webSockets.close();
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#answer(request, response).catch((error: unknown) => {
      this.#options.log.warn('http.request_failed', { reason: String(error) });
      if (response.headersSent) response.destroy();
      else response.writeHead(500, API_HEADERS).end();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    if (url === undefined) return refuse(response, 400);
    const { origin, host } = request.headers;
    const verdict = judgeOrigin(this.#options.origins, origin, host);
    if (verdict === 'refused') return refuse(response, 403);
    if (isJanusPath(url.pathname)) {
      const cors = verdict === 'allowed' ? this.#corsHeaders(origin ?? '*') : {};
      return serveJanus(this.#options.janus, request, response, url, cors);
    }
    await this.#serveRoute(request, response, url.pathname);
  }

  async #serveRoute(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { routes, files } = this.#options;
    const method = request.method ?? 'GET';
    const match = matchRoute(routes, method, path);
    if ('route' in match) {
      const { route, parameters } = match;
      if (route.policy === 'loopback' && !this.#isFromHere(request)) return refuse(response, 403);
      return send(response, await route.respond({ parameters }));
    }
    if (match.allowed.length > 0) {
      return refuse(response, 405, { Allow: match.allowed.join(', ') });
    }
    const reads = method === 'GET' || method === 'HEAD';
    if (reads && files.serve(request, path, response)) return;
    if (reads && path === '/' && files.isEmpty) return send(response, PAGE_IS_MISSING);
    refuse(response, 404);
  }

  #isFromHere(request: IncomingMessage): boolean {
    return peerOf(request).loopback && isOwnHost(this.#options.origins, request.headers.host);
  }

  #corsHeaders(origin: string): OutgoingHttpHeaders {
    const { allowed } = this.#options.origins;
    const shared = { 'Cross-Origin-Resource-Policy': 'cross-origin', Vary: 'Origin' };
    if (!allowed.includes(origin)) return { ...shared, 'Access-Control-Allow-Origin': '*' };
    return {
      ...shared,
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
    };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const { origin, host } = request.headers;
    const path = urlOf(request)?.pathname ?? '';
    if (judgeOrigin(this.#options.origins, origin, host) === 'refused') {
      return refuseUpgrade(socket, '403 Forbidden');
    }
    // Stock clients are pointed at the bare address as often as at the base path.
    if (!(isJanusPath(path) || path === '/')) return refuseUpgrade(socket, '404 Not Found');
    if (!asksForJanus(request)) return refuseUpgrade(socket, '400 Bad Request');
    if (this.#webSockets.isFull) return refuseUpgrade(socket, '503 Service Unavailable');
    this.#webSockets.upgrade(request, socket, head);
  }
}

const PAGE_IS_MISSING: RouteResponse = {
  status: 503,
  text: 'The web page has not been built. `npm start` builds it.\n',
};

function send(response: ServerResponse, answer: RouteResponse): void {
  const isText = 'text' in answer;
  response.writeHead(answer.status, {
    ...API_HEADERS,
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json',
  });
  response.end(isText ? answer.text : JSON.stringify(answer.json));
}

function refuse(response: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { ...API_HEADERS, ...headers }).end();
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The path and query; the host is not trusted for anything, so it is left out. */
function urlOf(request: IncomingMessage): URL | undefined {
  const target = `http://gateway${request.url ?? '/'}`;
  return target.startsWith('http://gateway/') && URL.canParse(target) ? new URL(target) : undefined;
}
