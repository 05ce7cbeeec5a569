/** The signalling of the test call: the echo test of the Janus API, over WebSocket. */
import { WebSocket } from 'ws';
import type { EchoRequest } from './echo-request.ts';

const ANSWER_MS = 5_000;

interface JanusMessage {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly error?: { readonly reason: string };
  readonly plugindata?: { readonly data: { readonly error?: string } };
  readonly jsep?: { readonly sdp: string };
}

export class EchoSignalling {
  readonly #socket: WebSocket;
  readonly #apiSecret: string | undefined;
  readonly #waiting = new Map<string, (message: JanusMessage) => void>();
  #session: number | undefined;
  #handle: number | undefined;

  private constructor(socket: WebSocket, apiSecret: string | undefined) {
    this.#socket = socket;
    this.#apiSecret = apiSecret;
    socket.on('message', (data) => this.#receive(JSON.parse(data.toString())));
  }

  static async open({ url, apiSecret }: EchoRequest): Promise<EchoSignalling> {
    // The certificate may be one that the gateway made itself.
    const socket = new WebSocket(url, ['janus-protocol'], { rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const signalling = new EchoSignalling(socket, apiSecret);
    signalling.#session = (await signalling.#ask({ janus: 'create' })).data?.id;
    const plugin = 'janus.plugin.echotest';
    signalling.#handle = (await signalling.#ask({ janus: 'attach', plugin })).data?.id;
    return signalling;
  }

  /** Gives the answer to an offer. */
  async offer(sdp: string): Promise<string> {
    const request = { janus: 'message', body: { audio: true }, jsep: { type: 'offer', sdp } };
    const { jsep, plugindata } = await this.#ask(request, 'event');
    if (jsep === undefined) throw new Error(plugindata?.data.error ?? 'the echo gave no answer');
    return jsep.sdp;
  }

  close(): void {
    this.#socket.close();
  }

  /** Resolves to the answer, or to the event that follows it. */
  #ask(request: object, kind: 'success' | 'event' = 'success'): Promise<JanusMessage> {
    const transaction = String(this.#waiting.size + 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the API does not answer')), ANSWER_MS);
      this.#waiting.set(transaction, (message) => {
        if (message.janus !== kind && message.janus !== 'error') return;
        clearTimeout(timer);
        if (message.error === undefined) resolve(message);
        else reject(new Error(message.error.reason));
      });
      this.#socket.send(
        JSON.stringify({
          ...request,
          transaction,
          session_id: this.#session,
          handle_id: this.#handle,
          apisecret: this.#apiSecret,
        }),
      );
    });
  }

  #receive(message: JanusMessage): void {
    this.#waiting.get(message.transaction ?? '')?.(message);
  }
}
