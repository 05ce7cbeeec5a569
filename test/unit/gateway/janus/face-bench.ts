/** A Janus face on a bench: requests go in as objects, and what comes out is sorted by its kind. */
import type { IncomingLeg, LegCommand, LegEvent } from '../../../../gateway/call/leg-contract.ts';
import type { Random } from '../../../../gateway/core/random.ts';
import type { JanusInput, JanusOptions, JanusOutput } from '../../../../gateway/janus/contract.ts';
import { JanusFace } from '../../../../gateway/janus/face.ts';
import { echoTest } from '../../../../gateway/janus/plugins/echotest.ts';
import { sipPlugin } from '../../../../gateway/janus/plugins/sip/sip-handle.ts';

export const OPTIONS: JanusOptions = {
  tokens: [],
  sessionTimeoutMs: 60_000,
  reclaimTimeoutMs: 0,
  longPollMs: 30_000,
  candidatesTimeoutMs: 45_000,
  maximumSessions: 10,
  maximumHandlesPerSession: 4,
  mediaInterface: 'loopback',
  serverName: 'bench',
  version: '0.0.0',
};

/** Counts up, so that ids are different and the same in each run. */
export function countingRandom(): Random {
  let count = 0;
  return {
    bytes: (length) => {
      count += 1;
      const bytes = new Uint8Array(length);
      new DataView(bytes.buffer).setUint8(length - 1, count);
      return bytes;
    },
  };
}

export interface Message {
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as a client reads them
  readonly [name: string]: any;
}

export class FaceBench {
  face: JanusFace;
  now = 0;
  readonly options: JanusOptions;
  readonly sent: { readonly connection: string; readonly body: Message }[] = [];
  readonly refused: { readonly connection: string; readonly status: number }[] = [];
  readonly legs: IncomingLeg[] = [];
  readonly legEvents: { readonly leg: string; readonly event: LegEvent }[] = [];
  readonly others: JanusOutput[] = [];
  #transactions = 0;

  constructor(options: Partial<JanusOptions> = {}) {
    this.options = { ...OPTIONS, ...options };
    this.face = new JanusFace(this.options, [echoTest, sipPlugin], countingRandom());
  }

  input(input: JanusInput): void {
    this.face.handle(input, this.now);
    this.drain();
  }

  /** Moves time on in steps no longer than a second. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    while (this.now < end) {
      this.now = Math.min(end, this.now + 1_000);
      this.face.handleTimeout(this.now);
      this.drain();
    }
  }

  /** Sends a request on a WebSocket and gives its answer. */
  ask(request: Message, connection = 'socket'): Message {
    this.#transactions += 1;
    const text = JSON.stringify({ transaction: `t${this.#transactions}`, ...request });
    return this.raw(text, connection);
  }

  raw(text: string, connection = 'socket', path?: { session?: number; handle?: number }): Message {
    const before = this.sent.length;
    this.input({
      type: 'request',
      connection,
      persistent: connection.startsWith('socket'),
      peer: { address: '127.0.0.1', loopback: true, secure: false },
      text,
      path,
      wallClockMs: 1_700_000_000_000,
    });
    const answer = this.sent
      .slice(before)
      .find((sent) => sent.connection === connection && sent.body.janus !== 'event');
    if (answer === undefined) throw new Error(`no answer to ${text}`);
    return answer.body;
  }

  poll(session: number, connection: string, maximumEvents?: number): void {
    this.input({ type: 'poll', connection, session, maximumEvents, wallClockMs: 0 });
  }

  session(connection = 'socket'): number {
    return this.ask({ janus: 'create' }, connection).data.id;
  }

  attach(session: number, plugin: string, connection = 'socket'): number {
    return this.ask({ janus: 'attach', session_id: session, plugin }, connection).data.id;
  }

  command(leg: string, command: LegCommand): void {
    this.input({ type: 'leg-command', leg, command });
  }

  /** The plugin events sent so far, of the SIP plugin by their result. */
  events(): readonly Message[] {
    return this.sent.map((sent) => sent.body).filter((body) => body.janus === 'event');
  }

  lastEvent(): Message {
    const event = this.events().at(-1);
    if (event === undefined) throw new Error('no event was sent');
    return event;
  }

  /** The sentences of the conversation, as `janus` verbs or SIP events. */
  story(): readonly string[] {
    return this.sent.map(({ body }) => body.plugindata?.data.result?.event ?? body.janus);
  }

  drain(): void {
    for (let output = this.face.poll(); output !== undefined; output = this.face.poll()) {
      // As a client sees it: through JSON.
      if (output.type === 'send') {
        const { connection } = output;
        this.sent.push({ connection, body: JSON.parse(JSON.stringify(output.body)) });
      } else if (output.type === 'refuse') this.refused.push(output);
      else if (output.type === 'incoming-leg') this.legs.push(output.leg);
      else if (output.type === 'leg-event') this.legEvents.push(output);
      else this.others.push(output);
    }
  }
}
