/** The signalling of the test call: the echo test of the Janus API, over WebSocket. */
import { WebSocket } from 'ws';
import { type Result, succeed } from '../../core/result.ts';
import { type EchoFault, failEcho } from '../../ops/self-test/echo-outcome.ts';
import type { EchoRequest } from './echo-request.ts';
import type { Signalling } from './test-call.ts';

const OPEN_MS = 3_000;
const ANSWER_MS = 3_000;

/** What is read of a message; whatever else it holds is not looked at. */
interface JanusMessage {
  readonly janus?: string;
  readonly transaction?: string;
  readonly data?: { readonly id?: number };
  readonly error?: { readonly code?: number; readonly reason?: string };
  readonly plugindata?: { readonly data?: { readonly error?: string } };
  readonly jsep?: { readonly sdp?: string };
}

type Asked = Result<JanusMessage, EchoFault>;
type FinalKind = 'success' | 'event';

export class EchoSignalling implements Signalling {
  readonly #socket: WebSocket;
  readonly #credentials: object;
  readonly #waiting = new Map<string, (message: JanusMessage | undefined) => void>();
  #asked = 0;
  #session: number | undefined;
  #handle: number | undefined;

  private constructor(socket: WebSocket, { apiSecret, token }: EchoRequest) {
    this.#socket = socket;
    this.#credentials = { apisecret: apiSecret, token };
    socket.on('message', (text) => this.#receive(text.toString()));
    socket.on('close', () => {
      for (const hear of this.#waiting.values()) hear(undefined);
    });
  }

  /** A session at the gateway, attached to its echo. */
  static async open(request: EchoRequest): Promise<Result<EchoSignalling, EchoFault>> {
    const socket = await openSocket(request.url);
    if (!socket.ok) return socket;
    const signalling = new EchoSignalling(socket.value, request);
    const attached = await signalling.#attach();
    if (attached.ok) return succeed(signalling);
    await signalling.close();
    return attached;
  }

  async offer(sdp: string): Promise<Result<string, EchoFault>> {
    const body = { audio: true, video: false };
    const asked = await this.#ask('message', { body, jsep: { type: 'offer', sdp } }, 'event');
    if (!asked.ok) return asked;
    const { jsep, plugindata } = asked.value;
    if (jsep?.sdp !== undefined) return succeed(jsep.sdp);
    return failEcho('echo.no-answer', plugindata?.data?.error ?? 'its event has no description');
  }

  /** The session ends at once, instead of when the gateway has waited for us to come back. */
  async close(): Promise<void> {
    // A request with a handle is the handle's, and it knows no such request.
    this.#handle = undefined;
    if (this.#session !== undefined) await this.#ask('destroy', {});
    this.#session = undefined;
    this.#socket.terminate();
  }

  async #attach(): Promise<Asked> {
    const created = await this.#ask('create', {});
    if (!created.ok) return created;
    this.#session = created.value.data?.id;
    const attached = await this.#ask('attach', { plugin: 'janus.plugin.echotest' });
    if (attached.ok) this.#handle = attached.value.data?.id;
    return attached;
  }

  /** Resolves to the reply, or to the event that follows its acknowledgement. */
  #ask(janus: string, request: object, final: FinalKind = 'success'): Promise<Asked> {
    this.#asked += 1;
    const transaction = String(this.#asked);
    return new Promise((resolve) => {
      const end = (asked: Asked) => {
        clearTimeout(timer);
        this.#waiting.delete(transaction);
        resolve(asked);
      };
      const timer = setTimeout(
        () => end(failEcho('echo.silent', `${janus} was sent ${ANSWER_MS / 1_000} s ago`)),
        ANSWER_MS,
      );
      this.#waiting.set(transaction, (message) => {
        if (message === undefined) end(failEcho('echo.silent', 'it closed the WebSocket'));
        else if (message.error !== undefined) end(refusalOf(janus, message.error));
        else if (message.janus === final) end(succeed(message));
      });
      const place = { session_id: this.#session, handle_id: this.#handle };
      const envelope = { janus, transaction, ...place, ...this.#credentials, ...request };
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(envelope));
      else end(failEcho('echo.silent', 'it closed the WebSocket'));
    });
  }

  #receive(text: string): void {
    const message = messageIn(text);
    this.#waiting.get(message.transaction ?? '')?.(message);
  }
}

function openSocket(url: string): Promise<Result<WebSocket, EchoFault>> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, ['janus-protocol'], {
      handshakeTimeout: OPEN_MS,
      // The gateway may have made its certificate itself, and we come by an address, not a name.
      rejectUnauthorized: false,
    });
    socket.once('open', () => resolve(succeed(socket)));
    // Stays for what comes later: what was asked then fails as the socket closes.
    socket.on('error', ({ message }) =>
      resolve(failEcho('echo.no-websocket', `${url}: ${message}`)),
    );
  });
}

function refusalOf(janus: string, { code, reason }: NonNullable<JanusMessage['error']>) {
  return failEcho('echo.refused', `${reason ?? 'no reason given'} (${code}, to ${janus})`);
}

function messageIn(text: string): JanusMessage {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}
