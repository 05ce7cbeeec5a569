/** The open handles of all sessions: their plugins' machines, their legs, and what those say. */
import type { ClientAccountCommand } from '../account/client-accounts-contract.ts';
import type { LegCommand, LegEvent, LegId, LegMediaNews } from '../call/leg-contract.ts';
import { type Random, randomHex, randomSafeInteger } from '../core/random.ts';
import { WEBRTC } from '../media-contract/transport.ts';
import type { JanusOutput } from './contract.ts';
import { jsepObject } from './jsep.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { mediaEvent } from './media-events.ts';
import type { HandleEnding, NewLeg, Plugin, PluginHandle, PluginOutlet } from './plugins/plugin.ts';

export interface OpenHandle {
  readonly id: number;
  readonly session: number;
  readonly plugin: Plugin;
  readonly machine: PluginHandle;
}

export interface HandleSnapshot {
  readonly id: number;
  readonly session: number;
  readonly plugin: string;
  readonly state: JsonValue;
  /** The handle whose account this one helps. */
  readonly helps?: number;
}

export interface HandleTableOptions {
  readonly mediaInterface: string;
  readonly random: Random;
  readonly output: (output: JanusOutput) => void;
  /** Sends an event to the client of a session. */
  readonly deliver: (session: number, event: JsonObject) => void;
}

/** Events after which a leg's signalling has nothing more to say or to hear. */
const LAST_EVENTS: ReadonlySet<LegEvent['type']> = new Set(['rejected', 'cancelled', 'ended']);

export class HandleTable {
  readonly #options: HandleTableOptions;
  readonly #handles = new Map<number, OpenHandle>();
  /** Which handle each live leg belongs to. */
  readonly #legs = new Map<LegId, number>();
  /** Helpers, and the handles whose accounts they help. */
  readonly #helpers = new Map<number, number>();
  /** Questions about calls that wait for their facts. */
  readonly #questions = new Map<
    number,
    { readonly handle: number; readonly transaction: string }
  >();
  #lastQuestion = 0;

  constructor(options: HandleTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#handles.size;
  }

  get legs(): number {
    return this.#legs.size;
  }

  get(id: number): OpenHandle | undefined {
    return this.#handles.get(id);
  }

  ofSession(session: number): readonly OpenHandle[] {
    return [...this.#handles.values()].filter((handle) => handle.session === session);
  }

  open(session: number, plugin: Plugin): OpenHandle {
    let id = randomSafeInteger(this.#options.random);
    while (this.#handles.has(id)) id = randomSafeInteger(this.#options.random);
    return this.#add(id, session, plugin);
  }

  /** Ends what the handle does and forgets it. */
  close(handle: OpenHandle, ending: HandleEnding): void {
    const { leg } = handle.machine;
    handle.machine.end(ending);
    if (leg !== undefined) this.#legs.delete(leg);
    this.#handles.delete(handle.id);
    this.#helpers.delete(handle.id);
    for (const [question, asked] of this.#questions) {
      if (asked.handle === handle.id) this.#questions.delete(question);
    }
  }

  command(leg: LegId, command: LegCommand): void {
    const handle = command.type === 'invite' ? this.#called(leg, command) : this.#handleOf(leg);
    if (handle === undefined) return;
    if (command.type === 'media') return this.#media(handle, command.event);
    handle.machine.command(leg, command);
    if (handle.machine.leg !== leg) this.#legs.delete(leg);
  }

  candidates(handle: OpenHandle, candidates: readonly string[]): void {
    const { leg } = handle.machine;
    // Candidates that come before the description can wait nowhere, nor need they: to an ICE-lite
    // agent they only tell which addresses the browser will send its checks from.
    if (leg === undefined || candidates.length === 0) return;
    this.#output({ type: 'leg-event', leg, event: { type: 'candidates', candidates } });
  }

  /** Tells the calls of a session's handles what became of its connection. */
  tellLegs(session: number, event: LegEvent): void {
    for (const { machine } of this.ofSession(session)) {
      if (machine.leg !== undefined) this.#output({ type: 'leg-event', leg: machine.leg, event });
    }
  }

  callFacts(question: number, facts: JsonObject): void {
    const asked = this.#questions.get(question);
    this.#questions.delete(question);
    if (asked === undefined) return;
    this.#handles.get(asked.handle)?.machine.callFacts(asked.transaction, facts);
  }

  trace(handle: OpenHandle, direction: 'in' | 'out', message: JsonObject): void {
    const { leg } = handle.machine;
    if (leg !== undefined) this.#output({ type: 'trace', leg, direction, message });
  }

  snapshot(): readonly HandleSnapshot[] {
    return [...this.#handles.values()].map(({ id, session, plugin, machine }) => ({
      id,
      session,
      plugin: plugin.name,
      state: machine.snapshot(),
      helps: this.#helpers.get(id),
    }));
  }

  restore({ id, session, state, helps }: HandleSnapshot, plugin: Plugin): void {
    const { machine } = this.#add(id, session, plugin, state);
    if (machine.leg !== undefined) this.#legs.set(machine.leg, id);
    if (helps !== undefined) this.#helpers.set(id, helps);
  }

  #add(id: number, session: number, plugin: Plugin, state?: JsonValue): OpenHandle {
    const machine = plugin.open(this.#outlet(id, session, plugin), state);
    const handle = { id, session, plugin, machine };
    this.#handles.set(id, handle);
    return handle;
  }

  /** The handle that an incoming call is for, or a helper of it that has no call. */
  #called(leg: LegId, invite: Extract<LegCommand, { type: 'invite' }>): OpenHandle | undefined {
    const { route } = invite;
    const master = route.kind === 'janus' ? this.#handles.get(Number(route.handle)) : undefined;
    if (master === undefined) {
      const cause = { name: 'unavailable' } as const;
      this.#output({ type: 'leg-event', leg, event: { type: 'rejected', cause, headers: [] } });
      return undefined;
    }
    const isBusy = master.machine.leg !== undefined;
    const handle = isBusy ? (this.#idleHelperOf(master) ?? master) : master;
    this.#legs.set(leg, handle.id);
    return handle;
  }

  #idleHelperOf(master: OpenHandle): OpenHandle | undefined {
    for (const [helper, helped] of this.#helpers) {
      const handle = helped === master.id ? this.#handles.get(helper) : undefined;
      if (handle !== undefined && handle.machine.leg === undefined) return handle;
    }
    return undefined;
  }

  #handleOf(leg: LegId): OpenHandle | undefined {
    const id = this.#legs.get(leg);
    return id === undefined ? undefined : this.#handles.get(id);
  }

  #media({ id, session }: OpenHandle, news: LegMediaNews): void {
    this.#event(session, mediaEvent(session, id, news));
  }

  #outlet(id: number, session: number, plugin: Plugin): PluginOutlet {
    const from = { session_id: session, sender: id };
    return {
      handle: id,
      mediaInterface: this.#options.mediaInterface,
      event: (data, { transaction, jsep } = {}) =>
        this.#event(session, {
          janus: 'event',
          ...from,
          transaction,
          plugindata: { plugin: plugin.name, data },
          jsep: jsepObject(jsep),
        }),
      hangup: (reason) => this.#event(session, { janus: 'hangup', ...from, reason }),
      openLeg: (leg) => this.#openLeg(id, leg),
      legEvent: (leg, event) => {
        this.#output({ type: 'leg-event', leg, event });
        if (LAST_EVENTS.has(event.type)) this.#legs.delete(leg);
      },
      account: (command) => this.#account(id, command),
      inspect: (leg, transaction) => this.#inspect(id, leg, transaction),
      randomCallId: () => randomHex(this.#options.random, 16),
    };
  }

  #openLeg(handle: number, { peer, ...wanted }: NewLeg): LegId {
    const leg = `janus-${randomHex(this.#options.random, 12)}`;
    this.#legs.set(leg, handle);
    this.#output({
      type: 'incoming-leg',
      leg: {
        ...wanted,
        leg,
        signalling: 'janus',
        transport: WEBRTC,
        interface: this.#options.mediaInterface,
        local: peer.loopback,
        secure: peer.secure,
        signallingAddress: peer.address,
      },
    });
    return leg;
  }

  #account(handle: number, command: ClientAccountCommand): void {
    if (command.type === 'join') this.#helpers.set(handle, Number(command.master));
    this.#output({ type: 'account-command', command });
  }

  #inspect(handle: number, leg: LegId, transaction: string): void {
    this.#lastQuestion += 1;
    this.#questions.set(this.#lastQuestion, { handle, transaction });
    this.#output({ type: 'inspect', leg, request: this.#lastQuestion });
  }

  #event(session: number, event: JsonObject): void {
    const sender = this.#handles.get(event.sender as number);
    if (sender !== undefined) this.trace(sender, 'out', event);
    this.#options.deliver(session, event);
  }

  #output(output: JanusOutput): void {
    this.#options.output(output);
  }
}
