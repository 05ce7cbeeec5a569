/** A small client of the Janus API over WebSocket that takes its session up again when it drops. */

/** A message as it comes; what is in it is read with care where it is used. */
export interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly session_id?: number;
  readonly sender?: number;
  readonly data?: { readonly id: number };
  readonly error?: { readonly code: number; readonly reason: string };
  readonly plugindata?: { readonly plugin: string; readonly data: JanusPluginData };
  readonly jsep?: RTCSessionDescriptionInit;
  readonly reason?: string;
}

export interface JanusPluginData {
  readonly result?: unknown;
  readonly error?: string;
  readonly error_code?: number;
  readonly [name: string]: unknown;
}

/** `new-session`: the old one could not be taken up, and every handle and call of it is gone. */
export type ConnectionNews = 'connected' | 'lost' | 'resumed' | 'new-session';

/** What of a WebSocket is used, so that a test can stand in for it. */
export interface Socket {
  onopen: ((event: Event) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  send(text: string): void;
  close(): void;
}

export interface Handle {
  readonly id: number;
  /** Sends a plugin request and resolves once it is acknowledged. */
  message(body: object, jsep?: RTCSessionDescriptionInit): Promise<void>;
  trickle(candidate: RTCIceCandidateInit | null): void;
  hangup(): Promise<void>;
  onMessage: (message: JanusMessage) => void;
}

export class JanusError extends Error {
  readonly code: number;
  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'JanusError';
    this.code = code;
  }
}

const KEEPALIVE_MS = 25_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;
const NO_SUCH_SESSION = 458;

interface Waiting {
  readonly resolve: (message: JanusMessage) => void;
  readonly reject: (error: JanusError) => void;
}

export class JanusClient {
  onNews: (news: ConnectionNews) => void = () => {};
  readonly #open: () => Socket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #handles = new Map<number, Handle>();
  #socket: Socket | undefined;
  #session: number | undefined;
  #transactions = 0;
  #retryMs = FIRST_RETRY_MS;
  #keepalive: ReturnType<typeof setInterval> | undefined;

  constructor(open: () => Socket) {
    this.#open = open;
  }

  /** Connects, and goes on trying until it succeeds, now and whenever the connection drops. */
  connect(): void {
    const socket = this.#open();
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data) as JanusMessage);
    socket.onopen = () => this.#begin();
    socket.onclose = () => this.#dropped();
  }

  /** The page is being left: the gateway need not wait for it to come back. */
  leave(): void {
    this.#request({ janus: 'destroy' }).catch(() => {});
  }

  async attach(plugin: string): Promise<Handle> {
    const { data } = await this.#request({ janus: 'attach', plugin });
    const id = data?.id ?? 0;
    const handle: Handle = {
      id,
      message: async (body, jsep) => {
        await this.#request({ janus: 'message', handle_id: id, body, jsep });
      },
      trickle: (candidate) => {
        const ended = candidate === null || candidate.candidate === '';
        const what = ended ? { completed: true } : candidate;
        this.#request({ janus: 'trickle', handle_id: id, candidate: what }).catch(() => {});
      },
      hangup: async () => {
        await this.#request({ janus: 'hangup', handle_id: id });
      },
      onMessage: () => {},
    };
    this.#handles.set(id, handle);
    return handle;
  }

  async #begin(): Promise<void> {
    try {
      if (this.#session === undefined) await this.#create('connected');
      else await this.#claim();
      this.#retryMs = FIRST_RETRY_MS;
      clearInterval(this.#keepalive);
      this.#keepalive = setInterval(() => this.#keepAlive(), KEEPALIVE_MS);
    } catch {
      this.#socket?.close();
    }
  }

  async #create(news: ConnectionNews): Promise<void> {
    this.#session = undefined;
    const { data } = await this.#request({ janus: 'create' });
    this.#session = data?.id;
    this.onNews(news);
  }

  async #claim(): Promise<void> {
    try {
      await this.#request({ janus: 'claim' });
      this.onNews('resumed');
    } catch (error) {
      if (!(error instanceof JanusError) || error.code !== NO_SUCH_SESSION) throw error;
      this.#handles.clear();
      await this.#create('new-session');
    }
  }

  #keepAlive(): void {
    this.#request({ janus: 'keepalive' }).catch(() => {});
  }

  #dropped(): void {
    clearInterval(this.#keepalive);
    this.#socket = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(LOST);
    this.#waiting.clear();
    this.onNews('lost');
    setTimeout(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #request(request: object): Promise<JanusMessage> {
    const socket = this.#socket;
    if (socket === undefined) return Promise.reject(LOST);
    this.#transactions += 1;
    const transaction = String(this.#transactions);
    const answered = new Promise<JanusMessage>((resolve, reject) => {
      this.#waiting.set(transaction, { resolve, reject });
    });
    socket.send(JSON.stringify({ ...request, session_id: this.#session, transaction }));
    return answered;
  }

  #receive(message: JanusMessage): void {
    const { janus, transaction, sender } = message;
    if (janus === 'success' || janus === 'ack' || janus === 'error') {
      const waiting = this.#waiting.get(transaction ?? '');
      this.#waiting.delete(transaction ?? '');
      if (message.error === undefined) waiting?.resolve(message);
      else waiting?.reject(new JanusError(message.error.code, message.error.reason));
    } else if (janus === 'timeout') {
      this.#socket?.close();
    } else if (sender !== undefined) {
      this.#handles.get(sender)?.onMessage(message);
    }
  }
}

const LOST = new JanusError(0, 'The connection to the gateway is lost');
