/** A Janus session: where its events go, those that wait, and how long it lives without a word. */
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { ConnectionId } from './contract.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Where events go now. */
export type Delivery =
  | { readonly kind: 'socket'; readonly connection: ConnectionId }
  /** Fetched by long polls; those that wait, oldest first. */
  | { readonly kind: 'polls'; readonly waiting: readonly WaitingPoll[] }
  /** The socket is gone; the session can be claimed until then. */
  | { readonly kind: 'parked'; readonly until: Millis };

export interface WaitingPoll {
  readonly connection: ConnectionId;
  readonly maximumEvents?: number;
  readonly until: Millis;
}

export interface SessionState {
  readonly id: number;
  readonly delivery: Delivery;
  readonly queue: readonly JsonObject[];
  /** When the client was last heard. */
  readonly heardAt: Millis;
}

/** What a session wants sent. */
export interface Sending {
  readonly connection: ConnectionId;
  readonly body: JsonValue;
}

/** Events that wait for a client; a session whose client fetches none of so many is given up. */
export const MAX_QUEUED_EVENTS = 512;
/** A poll never takes more events than this, whatever it asks for. */
const MAX_EVENTS_PER_POLL = 100;
/** Long polls that may wait at once; the oldest is released for one more. */
const MAX_WAITING_POLLS = 8;

const KEEPALIVE: JsonObject = { janus: 'keepalive' };

export class JanusSession {
  readonly id: number;
  #delivery: Delivery;
  #queue: JsonObject[];
  #heardAt: Millis;

  constructor(state: SessionState) {
    this.id = state.id;
    this.#delivery = state.delivery;
    this.#queue = [...state.queue];
    this.#heardAt = state.heardAt;
  }

  get delivery(): Delivery {
    return this.#delivery;
  }

  get overflowing(): boolean {
    return this.#queue.length > MAX_QUEUED_EVENTS;
  }

  heard(now: Millis): void {
    this.#heardAt = now;
  }

  /** Sends an event, or keeps it for whoever comes for it. */
  deliver(event: JsonObject): readonly Sending[] {
    this.#queue.push(event);
    return this.#drain();
  }

  poll(poll: WaitingPoll): readonly Sending[] {
    const delivery = this.#delivery;
    // A poll on a session that lost its socket, or moved here from one, fetches from now on.
    const waiting = delivery.kind === 'polls' ? delivery.waiting : [];
    const released = waiting.slice(0, Math.max(0, waiting.length + 1 - MAX_WAITING_POLLS));
    this.#delivery = { kind: 'polls', waiting: [...waiting.slice(released.length), poll] };
    return [...released.map(nothingNew), ...this.#drain()];
  }

  /** Moves the delivery of events to a socket, or to polls when there is none. */
  claim(connection: ConnectionId | undefined): readonly Sending[] {
    const released = this.#delivery.kind === 'polls' ? this.#delivery.waiting.map(nothingNew) : [];
    if (connection === undefined) {
      this.#delivery = { kind: 'polls', waiting: [] };
      return released;
    }
    this.#delivery = { kind: 'socket', connection };
    return [...released, ...this.#drain()];
  }

  /** The socket was lost: events are kept until someone claims the session. */
  park(until: Millis): void {
    this.#delivery = { kind: 'parked', until };
  }

  /** The client of a waiting poll went away. */
  forgetPoll(connection: ConnectionId): void {
    if (this.#delivery.kind !== 'polls') return;
    const waiting = this.#delivery.waiting.filter((poll) => poll.connection !== connection);
    this.#delivery = { kind: 'polls', waiting };
  }

  /** Releases the polls that have waited their time. */
  releasePolls(now: Millis): readonly Sending[] {
    if (this.#delivery.kind !== 'polls') return [];
    const { waiting } = this.#delivery;
    const late = waiting.filter((poll) => poll.until <= now);
    if (late.length === 0) return [];
    this.#delivery = { kind: 'polls', waiting: waiting.filter((poll) => poll.until > now) };
    return late.map(nothingNew);
  }

  /** Whether the session is over: silent for too long, or parked and never claimed. */
  hasExpired(now: Millis, timeoutMs: number): boolean {
    const delivery = this.#delivery;
    if (delivery.kind === 'parked' && delivery.until <= now) return true;
    const waits = delivery.kind === 'polls' && delivery.waiting.length > 0;
    return timeoutMs > 0 && !waits && this.#heardAt + timeoutMs <= now;
  }

  snapshot(): SessionState {
    return {
      id: this.id,
      delivery: this.#delivery,
      queue: [...this.#queue],
      heardAt: this.#heardAt,
    };
  }

  #drain(): readonly Sending[] {
    const delivery = this.#delivery;
    if (this.#queue.length === 0) return [];
    switch (delivery.kind) {
      case 'socket':
        return this.#queue.splice(0).map((body) => ({ connection: delivery.connection, body }));
      case 'polls':
        return this.#answerPolls(delivery.waiting);
      case 'parked':
        return [];
      default:
        return unreachable(delivery);
    }
  }

  /** One event releases every poll; those that come away empty get a keepalive. */
  #answerPolls(waiting: readonly WaitingPoll[]): readonly Sending[] {
    if (waiting.length === 0) return [];
    this.#delivery = { kind: 'polls', waiting: [] };
    return waiting.map((poll) => {
      if (this.#queue.length === 0) return nothingNew(poll);
      if (poll.maximumEvents === undefined || poll.maximumEvents <= 1) {
        return { connection: poll.connection, body: this.#queue.shift() ?? KEEPALIVE };
      }
      const count = Math.min(poll.maximumEvents, MAX_EVENTS_PER_POLL);
      return { connection: poll.connection, body: this.#queue.splice(0, count) };
    });
  }
}

function nothingNew(poll: WaitingPoll): Sending {
  const single = poll.maximumEvents === undefined || poll.maximumEvents <= 1;
  return { connection: poll.connection, body: single ? KEEPALIVE : [KEEPALIVE] };
}
