/** A browser's signalling as the benchmark needs it: one SIP call a Janus session, by WebSocket. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

const SUB_PROTOCOL = 'janus-protocol';
const PLUGIN = 'janus.plugin.sip';
/** janus.js's own interval; sessions end after 60 s of silence. */
const KEEPALIVE_MS = 25_000;
const PATIENCE_MS = 10_000;

interface Jsep {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  readonly trickle?: boolean;
}

interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly error?: { readonly code: number; readonly reason: string };
  readonly plugindata?: { readonly data: SipEvent };
  readonly jsep?: Jsep;
}

interface SipEvent {
  readonly error?: string;
  readonly result?: { readonly event: string; readonly code?: number; readonly reason?: string };
}

export class JanusClient {
  readonly #socket: WebSocket;
  readonly #keepalive: NodeJS.Timeout;
  readonly #sessions: number[] = [];
  readonly #replies = new Map<string, (reply: JanusMessage) => void>();
  /** Who listens to a plug-in handle's events. */
  readonly #listeners = new Map<number, (event: JanusMessage) => void>();

  static async open(url: string): Promise<JanusClient> {
    const socket = new WebSocket(url, SUB_PROTOCOL);
    await once(socket, 'open');
    return new JanusClient(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
    this.#keepalive = setInterval(() => {
      for (const session of this.#sessions) this.#send({ janus: 'keepalive', session_id: session });
    }, KEEPALIVE_MS);
  }

  /** Registers as a guest, calls `uri`, and resolves with the SDP answer once it is accepted. */
  async call(uri: string, offer: string): Promise<string> {
    const session = await this.#create({ janus: 'create' });
    this.#sessions.push(session);
    const handle = await this.#create({ janus: 'attach', session_id: session, plugin: PLUGIN });
    const message = { janus: 'message', session_id: session, handle_id: handle };
    const registered = this.#untilEvent(handle, 'registered');
    const account = { username: `sip:bench${handle}@127.0.0.1`, type: 'guest' };
    this.#send({ ...message, body: { request: 'register', ...account } });
    await registered;
    const accepted = this.#untilEvent(handle, 'accepted');
    const jsep: Jsep = { type: 'offer', sdp: offer, trickle: false };
    this.#send({ ...message, body: { request: 'call', uri }, jsep });
    return await accepted;
  }

  close(): void {
    clearInterval(this.#keepalive);
    this.#socket.close();
  }

  /** Resolves with the SDP that came with the event or before it (the answer of a 183). */
  async #untilEvent(handle: number, name: string): Promise<string> {
    let answer = '';
    try {
      return await inTime(`the event "${name}"`, (resolve, reject) => {
        this.#listeners.set(handle, ({ plugindata, jsep }) => {
          answer = jsep?.sdp ?? answer;
          const { error, result } = plugindata?.data ?? {};
          if (error !== undefined) reject(new Error(error));
          if (result?.event === 'hangup') reject(new Error(`${result.code} ${result.reason}`));
          if (result?.event === name) resolve(answer);
        });
      });
    } finally {
      this.#listeners.delete(handle);
    }
  }

  /** The id of what a `create` or an `attach` made. */
  async #create(request: { readonly janus: string; readonly [key: string]: unknown }) {
    const transaction = newTransaction();
    try {
      const reply = await inTime<JanusMessage>(request.janus, (resolve) => {
        this.#replies.set(transaction, resolve);
        this.#send({ ...request, transaction });
      });
      if (reply.data === undefined) throw new Error(`${request.janus}: ${reply.error?.reason}`);
      return reply.data.id;
    } finally {
      this.#replies.delete(transaction);
    }
  }

  #receive(message: JanusMessage): void {
    if (message.janus === 'event') this.#listeners.get(message.sender ?? 0)?.(message);
    else this.#replies.get(message.transaction ?? '')?.(message);
  }

  #send(request: { readonly [key: string]: unknown }): void {
    this.#socket.send(JSON.stringify({ transaction: newTransaction(), ...request }));
  }
}

function newTransaction(): string {
  return randomBytes(6).toString('hex');
}

async function inTime<T>(
  what: string,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  let patience: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      patience = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
      start(resolve, reject);
    });
  } finally {
    clearTimeout(patience);
  }
}
