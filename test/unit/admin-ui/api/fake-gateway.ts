/** A gateway behind the page’s WebSocket: answers what is right, tells what it is told. */
import type {
  JanusMessage,
  JanusPluginData,
  Socket,
} from '../../../../admin-ui/api/janus-client.ts';

export interface Request {
  readonly janus: string;
  readonly transaction: string;
  readonly session_id?: number;
  readonly handle_id?: number;
  readonly plugin?: string;
  readonly body?: { readonly request?: string; readonly [name: string]: unknown };
  readonly jsep?: { readonly type: string; readonly sdp: string };
  readonly candidate?: object;
}

class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null;
  onclose: Socket['onclose'] = null;
  onmessage: Socket['onmessage'] = null;
  readonly #heard: (request: Request) => void;

  constructor(heard: (request: Request) => void) {
    this.#heard = heard;
  }

  send(text: string): void {
    this.#heard(JSON.parse(text));
  }

  close(): void {
    this.onclose?.({} as CloseEvent);
  }
}

export class FakeGateway {
  /** What the page asked, in order. */
  readonly requests: Request[] = [];
  /** Verbs that are not answered. */
  readonly silentTo = new Set<string>();
  /** Verbs that are refused, with the code. */
  readonly refusals = new Map<string, number>();
  readonly #handles = new Map<string, number>();
  #sockets = 0;
  #ids = 100;
  #socket: FakeSocket | undefined;

  /** How many connections were tried. */
  get connections(): number {
    return this.#sockets;
  }

  readonly open = (): Socket => {
    this.#sockets += 1;
    this.#socket = new FakeSocket((request) => this.#answer(request));
    return this.#socket;
  };

  /** The connection that was tried last comes to be. */
  accept(): void {
    this.#socket?.onopen?.({} as Event);
  }

  drop(): void {
    this.#socket?.close();
  }

  tell(message: JanusMessage): void {
    this.#socket?.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  }

  /** An event of the handle that was attached to a plugin last. */
  event(plugin: string, data: JanusPluginData, jsep?: RTCSessionDescriptionInit): void {
    const sender = this.handleOf(plugin);
    this.tell({ janus: 'event', sender, plugindata: { plugin, data }, jsep });
  }

  handleOf(plugin: string): number {
    return this.#handles.get(plugin) ?? 0;
  }

  asked(verb: string): readonly Request[] {
    return this.requests.filter(({ janus }) => janus === verb);
  }

  #answer(request: Request): void {
    this.requests.push(request);
    const { janus, transaction } = request;
    if (this.silentTo.has(janus)) return;
    const code = this.refusals.get(janus);
    if (code !== undefined) {
      this.tell({ janus: 'error', transaction, error: { code, reason: 'No' } });
    } else if (janus === 'create' || janus === 'attach') {
      this.#ids += 1;
      if (request.plugin !== undefined) this.#handles.set(request.plugin, this.#ids);
      this.tell({ janus: 'success', transaction, data: { id: this.#ids } });
    } else {
      this.tell({ janus: janus === 'claim' ? 'success' : 'ack', transaction });
    }
  }
}
