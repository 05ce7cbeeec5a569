/** The Janus API as a sans-IO machine: sessions, handles and verbs; transports drive it. */
import type { Machine } from '../core/machine.ts';
import { type Random, randomSafeInteger } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import { isAuthorised } from './authorisation.ts';
import type { ConnectionId, JanusInput, JanusOptions, JanusOutput } from './contract.ts';
import { type ApiErrorName, apiError, errorOfFault } from './error-codes.ts';
import { type HandleSnapshot, HandleTable, type OpenHandle } from './handles.ts';
import { jsepObject, readJsep, readTrickle } from './jsep.ts';
import { type JsonValue, readShape } from './json.ts';
import type { HandleEnding, Plugin } from './plugins/plugin.ts';
import { type ApiRequest, readRequest } from './request.ts';
import { serverInfo } from './server-info.ts';
import { JanusSession, type Sending, type SessionState } from './session.ts';

/** How often sessions and polls are looked at; their time-outs are that coarse. */
export const SWEEP_MS = 1_000;

/**
 * A page that left on purpose comes back by a reload within this or not at all, and the other side
 * of its call need not wait as long as for a network that failed.
 */
export const RELOAD_MS = 5_000;

export interface JanusSnapshot {
  readonly sessions: readonly SessionState[];
  readonly handles: readonly HandleSnapshot[];
}

type RequestInput = Extract<JanusInput, { type: 'request' }>;
type PollInput = Extract<JanusInput, { type: 'poll' }>;

export class JanusFace implements Machine<JanusInput, JanusOutput, JanusSnapshot> {
  readonly #options: JanusOptions;
  readonly #random: Random;
  readonly #plugins: ReadonlyMap<string, Plugin>;
  readonly #sessions = new Map<number, JanusSession>();
  readonly #handles: HandleTable;
  readonly #outputs: JanusOutput[] = [];
  #sweepAt: Millis | undefined;

  constructor(
    options: JanusOptions,
    plugins: readonly Plugin[],
    random: Random,
    snapshot?: JanusSnapshot,
  ) {
    this.#options = options;
    this.#random = random;
    this.#plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]));
    this.#handles = new HandleTable({
      mediaInterface: options.mediaInterface,
      random,
      output: (output) => this.#outputs.push(output),
      deliver: (session, event) => this.#sendAll(this.#sessions.get(session)?.deliver(event) ?? []),
    });
    if (snapshot !== undefined) this.#restore(snapshot);
  }

  handle(input: JanusInput, now: Millis): void {
    switch (input.type) {
      case 'request':
        this.#request(input, now);
        break;
      case 'poll':
        this.#poll(input, now);
        break;
      case 'closed':
        this.#closed(input.connection, input.clean, now);
        break;
      case 'leg-command':
        this.#handles.command(input.leg, input.command);
        break;
      case 'account-event':
        this.#handles.get(Number(input.event.client))?.machine.accountEvent(input.event);
        break;
      case 'call-facts':
        this.#handles.callFacts(input.request, input.facts);
        break;
      default:
        unreachable(input);
    }
    this.#endOverflowing();
    if (this.#sessions.size > 0) this.#sweepAt ??= now + SWEEP_MS;
  }

  handleTimeout(now: Millis): void {
    if (this.#sweepAt === undefined || this.#sweepAt > now) return;
    for (const session of this.#sessions.values()) {
      this.#sendAll(session.releasePolls(now));
      if (session.hasExpired(now, this.#options.sessionTimeoutMs)) this.#expire(session);
    }
    this.#sweepAt = this.#sessions.size > 0 ? now + SWEEP_MS : undefined;
  }

  poll(): JanusOutput | undefined {
    return this.#outputs.shift();
  }

  deadline(): Millis | undefined {
    return this.#sweepAt;
  }

  snapshot(): JanusSnapshot {
    return {
      sessions: [...this.#sessions.values()].map((session) => session.snapshot()),
      handles: this.#handles.snapshot(),
    };
  }

  /** What lives here; all zero once every client has gone. */
  counts(): { readonly sessions: number; readonly handles: number; readonly legs: number } {
    return {
      sessions: this.#sessions.size,
      handles: this.#handles.size,
      legs: this.#handles.legs,
    };
  }

  #request(input: RequestInput, now: Millis): void {
    const read = readRequest(input.text, input.path);
    if (!read.ok) return this.#send(input.connection, read.answer);
    const { request } = read;
    const refuse = (name: ApiErrorName) => this.#refuse(input.connection, request, name);
    if (request.session === undefined) {
      if (request.handle !== undefined) return refuse('invalidPath');
      return this.#rootRequest(input, request, now);
    }
    if (!isAuthorised(this.#options, request, input.wallClockMs)) return refuse('unauthorized');
    const session = this.#sessions.get(request.session);
    if (session === undefined) return refuse('noSuchSession');
    session.heard(now);
    if (request.handle === undefined) return this.#sessionRequest(input, request, session);
    const handle = this.#handles.get(request.handle);
    if (handle?.session !== session.id) return refuse('noSuchHandle');
    this.#handleRequest(input, request, handle);
  }

  #rootRequest(input: RequestInput, request: ApiRequest, now: Millis): void {
    const { connection } = input;
    const { transaction } = request;
    switch (request.verb) {
      case 'ping':
        return this.#send(connection, { janus: 'pong', transaction });
      case 'info': {
        const info = serverInfo(this.#options, [...this.#plugins.values()], this.#accepts);
        return this.#send(connection, { janus: 'server_info', transaction, ...info });
      }
      case 'create':
        return this.#create(input, request, now);
      default:
        return this.#refuse(connection, request, 'invalidPath');
    }
  }

  #create(input: RequestInput, request: ApiRequest, now: Millis): void {
    const { connection, persistent } = input;
    const { transaction } = request;
    const refuse = (name: ApiErrorName) => this.#refuse(connection, request, name);
    if (!isAuthorised(this.#options, request, input.wallClockMs)) return refuse('unauthorized');
    const read = readShape(request.body, { id: 'integer' });
    if (!read.ok || read.value.id === 0) return refuse('invalidElement');
    const wanted = read.value.id;
    if (wanted !== undefined && this.#sessions.has(wanted)) return refuse('sessionInUse');
    if (!this.#accepts) return refuse('notAccepting');
    const id = wanted ?? this.#newSessionId();
    const delivery = persistent
      ? ({ kind: 'socket', connection } as const)
      : ({ kind: 'polls', waiting: [] } as const);
    this.#sessions.set(id, new JanusSession({ id, delivery, queue: [], heardAt: now }));
    this.#send(connection, { janus: 'success', transaction, data: { id } });
  }

  get #accepts(): boolean {
    return this.#sessions.size < this.#options.maximumSessions;
  }

  #sessionRequest(input: RequestInput, request: ApiRequest, session: JanusSession): void {
    const { connection } = input;
    const base = { session_id: session.id, transaction: request.transaction };
    switch (request.verb) {
      case 'keepalive':
        return this.#send(connection, { janus: 'ack', ...base });
      case 'attach':
        return this.#attach(connection, request, session);
      case 'claim':
        return this.#claim(input, request, session);
      case 'destroy':
        this.#endSession(session, 'session-destroyed');
        return this.#send(connection, { janus: 'success', ...base });
      default:
        return this.#refuse(connection, request, misplaced(request, HANDLE_VERBS));
    }
  }

  #attach(connection: ConnectionId, request: ApiRequest, session: JanusSession): void {
    const refuse = (name: ApiErrorName) => this.#refuse(connection, request, name);
    const read = readShape(request.body, { plugin: 'string!', opaque_id: 'string' });
    if (!read.ok) return refuse(errorOfFault(read.fault));
    const plugin = this.#plugins.get(read.value.plugin);
    if (plugin === undefined) return refuse('noSuchPlugin');
    const open = this.#handles.ofSession(session.id).length;
    if (open >= this.#options.maximumHandlesPerSession) return refuse('attachFailed');
    const { id } = this.#handles.open(session.id, plugin);
    const { transaction } = request;
    this.#send(connection, {
      janus: 'success',
      session_id: session.id,
      transaction,
      data: { id },
    });
  }

  #claim(input: RequestInput, request: ApiRequest, session: JanusSession): void {
    const { transaction } = request;
    const wasParked = session.delivery.kind === 'parked';
    this.#send(input.connection, { janus: 'success', session_id: session.id, transaction });
    this.#sendAll(session.claim(input.persistent ? input.connection : undefined));
    if (wasParked) this.#handles.tellLegs(session.id, { type: 'signalling-back' });
  }

  #handleRequest(input: RequestInput, request: ApiRequest, handle: OpenHandle): void {
    const { connection } = input;
    const { transaction } = request;
    const done = { janus: 'success', session_id: handle.session, transaction };
    switch (request.verb) {
      case 'message':
        return this.#message(input, request, handle);
      case 'trickle':
        return this.#trickle(connection, request, handle);
      case 'hangup':
        this.#send(connection, done);
        return handle.machine.end('hangup');
      case 'detach':
        this.#send(connection, done);
        return this.#detach(handle);
      default:
        return this.#refuse(connection, request, misplaced(request, SESSION_VERBS));
    }
  }

  #message(input: RequestInput, request: ApiRequest, handle: OpenHandle): void {
    const { connection, peer } = input;
    const { transaction } = request;
    const read = readShape(request.body, { body: 'object!', jsep: 'object' });
    if (!read.ok) return this.#refuse(connection, request, errorOfFault(read.fault));
    const { body } = read.value;
    const jsep = read.value.jsep === undefined ? undefined : readJsep(read.value.jsep);
    if (jsep?.ok === false) return this.#refuse(connection, request, errorOfFault(jsep.fault));
    this.#send(connection, { janus: 'ack', session_id: handle.session, transaction });
    handle.machine.message({ transaction, body, jsep: jsep?.value, peer });
    this.#handles.trace(handle, 'in', { janus: 'message', body, jsep: jsepObject(jsep?.value) });
  }

  #trickle(connection: ConnectionId, request: ApiRequest, handle: OpenHandle): void {
    const trickle = readTrickle(request.body);
    if (!trickle.ok) return this.#refuse(connection, request, errorOfFault(trickle.fault));
    const { transaction } = request;
    this.#send(connection, { janus: 'ack', session_id: handle.session, transaction });
    this.#handles.candidates(handle, trickle.value.candidates);
  }

  #poll(input: PollInput, now: Millis): void {
    const { connection, maximumEvents } = input;
    const refuse = (status: 403 | 404) =>
      this.#outputs.push({ type: 'refuse', connection, status });
    if (!isAuthorised(this.#options, input, input.wallClockMs)) return void refuse(403);
    const session = this.#sessions.get(input.session);
    if (session === undefined) return void refuse(404);
    session.heard(now);
    const until = now + this.#options.longPollMs;
    this.#sendAll(session.poll({ connection, maximumEvents, until }));
  }

  #closed(connection: ConnectionId, clean: boolean, now: Millis): void {
    const { reclaimTimeoutMs } = this.#options;
    const parkedMs = clean ? Math.min(reclaimTimeoutMs, RELOAD_MS) : reclaimTimeoutMs;
    for (const session of this.#sessions.values()) {
      const { delivery } = session;
      if (delivery.kind === 'polls') session.forgetPoll(connection);
      if (delivery.kind !== 'socket' || delivery.connection !== connection) continue;
      if (parkedMs === 0) {
        this.#endSession(session, 'session-lost');
        continue;
      }
      session.park(now + parkedMs);
      this.#handles.tellLegs(session.id, { type: 'signalling-lost' });
    }
  }

  #detach(handle: OpenHandle): void {
    const { id: sender, session: session_id } = handle;
    this.#handles.close(handle, 'detached');
    const detached = { janus: 'detached', session_id, sender };
    this.#sendAll(this.#sessions.get(session_id)?.deliver(detached) ?? []);
  }

  #expire(session: JanusSession): void {
    this.#sendAll(session.deliver({ janus: 'timeout', session_id: session.id }));
    this.#endSession(session, 'session-lost');
  }

  #endSession(session: JanusSession, ending: HandleEnding): void {
    for (const handle of this.#handles.ofSession(session.id)) this.#handles.close(handle, ending);
    // Whoever still polls learns that there is nothing more to come.
    this.#sendAll(session.claim(undefined));
    this.#sessions.delete(session.id);
  }

  /** A client that fetches nothing cannot keep a session, however much happens in it. */
  #endOverflowing(): void {
    for (const session of this.#sessions.values()) {
      if (session.overflowing) this.#endSession(session, 'session-lost');
    }
  }

  #refuse(connection: ConnectionId, request: ApiRequest, name: ApiErrorName): void {
    const { transaction, session } = request;
    this.#send(connection, apiError(name, { transaction, session }));
  }

  #send(connection: ConnectionId, body: JsonValue): void {
    this.#outputs.push({ type: 'send', connection, body });
  }

  #sendAll(sendings: readonly Sending[]): void {
    for (const { connection, body } of sendings) this.#send(connection, body);
  }

  #newSessionId(): number {
    let id = randomSafeInteger(this.#random);
    while (this.#sessions.has(id)) id = randomSafeInteger(this.#random);
    return id;
  }

  #restore(snapshot: JanusSnapshot): void {
    for (const state of snapshot.sessions) this.#sessions.set(state.id, new JanusSession(state));
    for (const handle of snapshot.handles) {
      const plugin = this.#plugins.get(handle.plugin);
      if (plugin !== undefined) this.#handles.restore(handle, plugin);
    }
  }
}

const SESSION_VERBS = new Set(['keepalive', 'attach', 'claim', 'destroy', 'create']);
const HANDLE_VERBS = new Set(['message', 'trickle', 'hangup', 'detach']);

/** What is wrong with a verb that is unknown here: its place, or the verb itself. */
function misplaced(request: ApiRequest, elsewhere: ReadonlySet<string>): ApiErrorName {
  return elsewhere.has(request.verb) ? 'invalidPath' : 'unknownRequest';
}
