/** A page's signalling: one Janus session with one handle, by WebSocket. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { Inbox, inTime } from './waiting.ts';

export interface Jsep {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly reason?: string;
  readonly data?: { readonly id: number };
  readonly error?: { readonly code: number; readonly reason: string };
  readonly plugindata?: {
    readonly data: { readonly error?: string; readonly result?: PluginResult };
  };
  readonly jsep?: Jsep;
}

interface PluginResult {
  readonly event: string;
  readonly code?: number;
  readonly reason?: string;
  readonly reason_header?: string;
}

/** What the SIP plug-in or the core says of its own accord. */
export interface JanusEvent {
  /** `incomingcall`, `accepted`, … of the plug-in; `core hangup`, `core webrtcup`, … else. */
  readonly name: string;
  readonly code?: number;
  readonly reason?: string;
  /** Why the far party or the gateway ended it, as a Reason header says. */
  readonly cause?: string;
  readonly jsep?: Jsep;
}

export class JanusClient {
  readonly #url: string;
  #socket: WebSocket;
  readonly #replies = new Map<string, (reply: JanusMessage) => void>();
  readonly #events = new Map<string, Inbox<JanusEvent>>();
  #session = 0;
  #handle = 0;

  private constructor(url: string, socket: WebSocket) {
    this.#url = url;
    this.#socket = socket;
    this.#listen();
  }

  static async open(url: string, plugin: string): Promise<JanusClient> {
    const client = new JanusClient(url, await connect(url));
    client.#session = await client.#create({ janus: 'create' });
    client.#handle = await client.#create({ janus: 'attach', plugin, session_id: client.#session });
    return client;
  }

  /** A request to the plug-in. */
  say(body: object, jsep?: Jsep): void {
    this.#send({
      janus: 'message',
      ...this.#address,
      body,
      ...(jsep === undefined ? {} : { jsep }),
    });
  }

  /** The next event of that name. */
  hears(name: string, withinMs?: number): Promise<JanusEvent> {
    return this.#inbox(name).take(withinMs);
  }

  keepAlive(): void {
    this.#send({ janus: 'keepalive', session_id: this.#session });
  }

  /** The page says that it goes. */
  async destroy(): Promise<void> {
    await this.#ask({ janus: 'destroy', session_id: this.#session });
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  /** The connection is gone, without a word. */
  lose(): void {
    this.#socket.terminate();
  }

  /** Takes the session over with a new connection; only then does the old one end, if it lives. */
  async claim(): Promise<void> {
    const old = this.#socket;
    old.removeAllListeners('message');
    this.#socket = await connect(this.#url);
    this.#listen();
    const reply = await this.#ask({ janus: 'claim', session_id: this.#session });
    if (reply.janus !== 'success') throw new Error(`claim: ${JSON.stringify(reply)}`);
    old.terminate();
  }

  /** Resolves once the gateway has closed the connection, or has gone. */
  async closes(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    await inTime(once(this.#socket, 'close'), 'the end of the WebSocket');
  }

  get #address() {
    return { session_id: this.#session, handle_id: this.#handle };
  }

  #listen(): void {
    this.#socket.on('message', (text) => this.#receive(JSON.parse(text.toString())));
    // A gateway that dies takes its connections along.
    this.#socket.on('error', () => {});
  }

  #receive(message: JanusMessage): void {
    const reply = this.#replies.get(message.transaction ?? '');
    if (reply !== undefined && message.janus !== 'event') return reply(message);
    if (message.janus === 'ack') return;
    const { janus, plugindata, jsep, reason } = message;
    const { error, result } = plugindata?.data ?? {};
    if (janus !== 'event') return this.#inbox(`core ${janus}`).put({ name: janus, reason });
    if (error !== undefined) return this.#inbox('error').put({ name: 'error', reason: error });
    if (result === undefined) return;
    const { event: name, code, reason_header: cause } = result;
    this.#inbox(name).put({ name, code, reason: result.reason, cause, jsep });
  }

  #inbox(name: string): Inbox<JanusEvent> {
    const known = this.#events.get(name);
    if (known !== undefined) return known;
    const inbox = new Inbox<JanusEvent>(`the event ${name}`);
    this.#events.set(name, inbox);
    return inbox;
  }

  /** The id of what was made. */
  async #create(request: object): Promise<number> {
    const { data, error } = await this.#ask(request);
    if (data === undefined) throw new Error(`refused: ${error?.reason}`);
    return data.id;
  }

  async #ask(request: object): Promise<JanusMessage> {
    const transaction = randomBytes(6).toString('hex');
    const reply = new Promise<JanusMessage>((resolve) => this.#replies.set(transaction, resolve));
    this.#send({ ...request, transaction });
    try {
      return await inTime(reply, `the answer to ${JSON.stringify(request)}`);
    } finally {
      this.#replies.delete(transaction);
    }
  }

  #send(request: object): void {
    this.#socket.send(JSON.stringify({ transaction: randomBytes(6).toString('hex'), ...request }));
  }
}

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'janus-protocol');
  await once(socket, 'open');
  return socket;
}
