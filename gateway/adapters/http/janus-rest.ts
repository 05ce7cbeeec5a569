/** The Janus API over HTTP: requests by POST, events by long polls. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { apiError } from '../../janus/error-codes.ts';
import type { JsonObject } from '../../janus/json.ts';
import type { JanusConnection, JanusDriver } from './janus-driver.ts';
import { peerOf } from './peer.ts';
import { readBody } from './request-body.ts';
import { API_HEADERS } from './response-headers.ts';

/** Ids are decimal and small enough for a JavaScript client. */
const ID = /^[1-9]\d{0,15}$/;

export const JANUS_BASE = '/janus';

export function isJanusPath(path: string): boolean {
  return path === JANUS_BASE || path.startsWith(`${JANUS_BASE}/`);
}

/** Answers a request under the base path. `cors` are the headers that its origin may see. */
export async function serveJanus(
  driver: JanusDriver,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  cors: OutgoingHttpHeaders,
): Promise<void> {
  const headers = { ...API_HEADERS, ...cors };
  const segments = url.pathname.slice(JANUS_BASE.length).split('/').filter(Boolean);
  const exchange = new Exchange(driver, request, response, headers);
  if (request.method === 'OPTIONS') return preflight(request, response, headers);
  if (segments.length > 2) return exchange.refuse(404);
  if (request.method === 'GET') return get(exchange, segments, url);
  if (request.method === 'POST') return post(exchange, segments);
  exchange.answer(apiError('transport', {}));
}

/** One request and its one answer. */
class Exchange {
  readonly #driver: JanusDriver;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #headers: OutgoingHttpHeaders;

  constructor(
    driver: JanusDriver,
    request: IncomingMessage,
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
  ) {
    this.#driver = driver;
    this.#request = request;
    this.#response = response;
    this.#headers = headers;
  }

  refuse(status: number, headers: OutgoingHttpHeaders = {}): void {
    this.#response.writeHead(status, { ...this.#headers, ...headers }).end();
  }

  answer(body: JsonObject): void {
    const headers = { ...this.#headers, 'Content-Type': 'application/json' };
    this.#response.writeHead(200, headers).end(JSON.stringify(body));
  }

  readBody(): Promise<string | undefined> {
    return readBody(this.#request);
  }

  request(text: string, path: { readonly session?: number; readonly handle?: number }): void {
    this.#driver.feed({
      type: 'request',
      connection: this.#connect(),
      persistent: false,
      peer: peerOf(this.#request),
      text,
      path,
      wallClockMs: this.#driver.wallClockMs(),
    });
  }

  poll(session: number, query: URLSearchParams): void {
    const maximum = Number(query.get('maxev') ?? Number.NaN);
    this.#driver.feed({
      type: 'poll',
      connection: this.#connect(),
      session,
      maximumEvents: Number.isInteger(maximum) && maximum > 0 ? maximum : undefined,
      apiSecret: query.get('apisecret') ?? undefined,
      token: query.get('token') ?? undefined,
      wallClockMs: this.#driver.wallClockMs(),
    });
  }

  #connect(): string {
    const response = this.#response;
    const headers = this.#headers;
    const finish = (status: number, text?: string) => {
      const type = text === undefined ? {} : { 'Content-Type': 'application/json' };
      response.writeHead(status, { ...headers, ...type }).end(text);
    };
    const connection: JanusConnection = {
      send: (text) => finish(200, text),
      refuse: (status) => finish(status),
    };
    const id = this.#driver.connect(connection);
    // Comes after the answer was sent, and also when the client did not wait for it.
    response.on('close', () => this.#driver.disconnect(id));
    return id;
  }
}

function get(exchange: Exchange, segments: readonly string[], url: URL): void {
  const [first, second] = segments;
  if (first === undefined) return exchange.refuse(404);
  if (second === undefined && (first === 'info' || first === 'ping')) {
    return exchange.request(JSON.stringify({ janus: first, transaction: 'GET' }), {});
  }
  if (!ID.test(first)) return exchange.refuse(404);
  if (second !== undefined) {
    return exchange.refuse(302, { Location: `${JANUS_BASE}/${first}${url.search}` });
  }
  exchange.poll(Number(first), url.searchParams);
}

async function post(exchange: Exchange, segments: readonly string[]): Promise<void> {
  const [session, handle] = segments;
  if (session === 'info' || session === 'ping') return exchange.refuse(400);
  if (segments.some((segment) => !ID.test(segment))) return exchange.refuse(404);
  const text = await exchange.readBody();
  if (text === undefined) return exchange.refuse(413, { Connection: 'close' });
  exchange.request(text, {
    session: session === undefined ? undefined : Number(session),
    handle: handle === undefined ? undefined : Number(handle),
  });
}

function preflight(
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(200, {
    ...headers,
    'Access-Control-Max-Age': '86400',
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
  });
  response.end();
}
