/** The Janus API over WebSocket, sub-protocol `janus-protocol`. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { JanusDriver } from './janus-driver.ts';
import { peerOf } from './peer.ts';
import { MAX_BODY_BYTES } from './request-body.ts';

export const JANUS_PROTOCOL = 'janus-protocol';

/** A client that does not read what it is sent is cut off here. */
export const MAX_UNREAD_BYTES = 1_000_000;
/** How often each client is pinged; one that has not answered by the next ping is gone. */
const PING_INTERVAL_MS = 20_000;
/** The connection was lost without a closing handshake (RFC 6455 §7.4.1). */
const ABNORMAL_CLOSURE = 1006;
/** How long a client may take to say goodbye when the gateway stops. */
const CLOSING_MS = 500;

export class JanusWebSockets {
  readonly #driver: JanusDriver;
  readonly #maximum: number;
  readonly #server: WebSocketServer;
  readonly #silent = new WeakSet<WebSocket>();
  readonly #pinger: NodeJS.Timeout;

  constructor(driver: JanusDriver, maximum: number) {
    this.#driver = driver;
    this.#maximum = maximum;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_BODY_BYTES,
      perMessageDeflate: false,
      handleProtocols: () => JANUS_PROTOCOL,
    });
    this.#pinger = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#pinger.unref();
  }

  get isFull(): boolean {
    return this.#server.clients.size >= this.#maximum;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const peer = peerOf(request);
    this.#server.handleUpgrade(request, socket, head, (client) => {
      const connection = this.#driver.connect({
        send: (text) => sendOrCutOff(client, text),
        refuse: () => {},
      });
      client.on('message', (data, isBinary) => {
        if (isBinary) return client.close(1003, 'Text only');
        this.#driver.feed({
          type: 'request',
          connection,
          persistent: true,
          peer,
          text: data.toString(),
          wallClockMs: this.#driver.wallClockMs(),
        });
      });
      client.on('pong', () => this.#silent.delete(client));
      client.on('close', (code) => this.#driver.disconnect(connection, code !== ABNORMAL_CLOSURE));
      // What is wrong with a frame ends its connection, and so its `close` is told.
      client.on('error', () => client.terminate());
    });
  }

  close(): void {
    clearInterval(this.#pinger);
    for (const client of this.#server.clients) {
      client.close(1001, 'Gateway stopping');
      setTimeout(() => client.terminate(), CLOSING_MS).unref();
    }
    this.#server.close();
  }

  #ping(): void {
    for (const client of this.#server.clients) {
      if (this.#silent.has(client)) {
        client.terminate();
        continue;
      }
      this.#silent.add(client);
      client.ping();
    }
  }
}

function sendOrCutOff(client: WebSocket, text: string): void {
  if (client.readyState !== client.OPEN) return;
  if (client.bufferedAmount > MAX_UNREAD_BYTES) return client.terminate();
  client.send(text);
}

/** Whether an upgrade asks for the Janus API. */
export function asksForJanus(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol']?.split(',') ?? [];
  return offered.some((protocol) => protocol.trim() === JANUS_PROTOCOL);
}
