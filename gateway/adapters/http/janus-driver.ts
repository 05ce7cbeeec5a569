/** Drives the Janus face: one timer, the connections that answers go to, and its other outputs. */
import type {
  ClientAccountCommand,
  ClientAccountEvent,
} from '../../account/client-accounts-contract.ts';
import type { IncomingLeg, LegCommand, LegEvent, LegId } from '../../call/leg-contract.ts';
import type { Clock } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { ConnectionId, JanusInput, JanusOutput } from '../../janus/contract.ts';
import type { JanusFace } from '../../janus/face.ts';
import type { JsonObject } from '../../janus/json.ts';

/** The far end of a connection. */
export interface JanusConnection {
  send(text: string): void;
  /** Answers with a bare status; only an HTTP request is ever refused so. */
  refuse(status: 403 | 404): void;
}

/** The rest of the gateway, as the face needs it. */
export interface JanusSinks {
  incomingLeg(leg: IncomingLeg): void;
  legEvent(leg: LegId, event: LegEvent): void;
  accountCommand(command: ClientAccountCommand): void;
  /** What may be told to the leg's own client of its call. */
  callFacts(leg: LegId): Promise<JsonObject>;
  trace(leg: LegId, direction: 'in' | 'out', message: JsonObject): void;
}

export class JanusDriver {
  readonly #face: JanusFace;
  readonly #clock: Clock;
  readonly #sinks: JanusSinks;
  readonly #connections = new Map<ConnectionId, JanusConnection>();
  #lastConnection = 0;
  #timer: NodeJS.Timeout | undefined;
  #draining = false;
  #closed = false;

  constructor(face: JanusFace, clock: Clock, sinks: JanusSinks) {
    this.#face = face;
    this.#clock = clock;
    this.#sinks = sinks;
  }

  connect(connection: JanusConnection): ConnectionId {
    this.#lastConnection += 1;
    const id = String(this.#lastConnection);
    this.#connections.set(id, connection);
    return id;
  }

  /** The connection is gone, or, being an HTTP request, has had its answer. */
  disconnect(id: ConnectionId, clean = false): void {
    if (this.#connections.delete(id)) this.feed({ type: 'closed', connection: id, clean });
  }

  legCommand(leg: LegId, command: LegCommand): void {
    this.feed({ type: 'leg-command', leg, command });
  }

  accountEvent(event: ClientAccountEvent): void {
    this.feed({ type: 'account-event', event });
  }

  /** May be called from within a sink; outputs are then drained by the call that is under way. */
  feed(input: JanusInput): void {
    this.#face.handle(input, this.#clock.now());
    this.#drain();
  }

  wallClockMs(): number {
    return this.#clock.wallClockMs();
  }

  counts(): { readonly connections: number } & ReturnType<JanusFace['counts']> {
    return { connections: this.#connections.size, ...this.#face.counts() };
  }

  /** Connections may still end after this, but no time passes any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let output = this.#face.poll(); output !== undefined; output = this.#face.poll()) {
        this.#perform(output);
      }
    } finally {
      this.#draining = false;
    }
    this.#schedule();
  }

  #perform(output: JanusOutput): void {
    switch (output.type) {
      case 'send':
        return this.#connections.get(output.connection)?.send(JSON.stringify(output.body));
      case 'refuse':
        return this.#connections.get(output.connection)?.refuse(output.status);
      case 'incoming-leg':
        return this.#sinks.incomingLeg(output.leg);
      case 'leg-event':
        return this.#sinks.legEvent(output.leg, output.event);
      case 'account-command':
        return this.#sinks.accountCommand(output.command);
      case 'inspect':
        return this.#inspect(output.leg, output.request);
      case 'trace':
        return this.#sinks.trace(output.leg, output.direction, output.message);
      default:
        return unreachable(output);
    }
  }

  #inspect(leg: LegId, request: number): void {
    const answer = (facts: JsonObject) => this.feed({ type: 'call-facts', request, facts });
    this.#sinks.callFacts(leg).then(answer, () => answer({}));
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const deadline = this.#face.deadline();
    if (deadline === undefined || this.#closed) return;
    this.#timer = setTimeout(
      () => {
        this.#face.handleTimeout(this.#clock.now());
        this.#drain();
      },
      Math.max(0, deadline - this.#clock.now()),
    );
  }
}
