/** The SIP endpoint: one sans-IO machine over transactions, dialogs and registrations. */
import type { Machine } from '../core/machine.ts';
import type { Random } from '../core/random.ts';
import { type Fault, fail } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import { unreachable } from '../core/unreachable.ts';
import type { SipMessage } from '../wire/sip/message.ts';
import { parseMessage } from '../wire/sip/parse-message.ts';
import { AnsweredLegs } from './answered-legs.ts';
import { CalledLegs, sendResponse } from './called-legs.ts';
import { CallingLegs } from './calling-legs.ts';
import { DigestServer, type DigestSnapshot } from './digest-server.ts';
import type {
  Binding,
  BindingChange,
  Flow,
  RespondCommand,
  SipCommand,
  SipCounts,
  SipInput,
  SipOptions,
  SipOutput,
  SipPorts,
} from './endpoint-contract.ts';
import { SipEnvironment } from './environment.ts';
import { Exchanges } from './exchanges.ts';
import { type InboundRequest, InboundRequests } from './inbound-requests.ts';
import { Intake } from './intake.ts';
import { type Leg, type LegsSnapshot, LegTable } from './leg.ts';
import {
  type OutboundRequest,
  OutboundRequests,
  type OutboundSnapshot,
  type Outcome,
} from './outbound-requests.ts';
import { Registrar, type RegistrarSnapshot } from './registrar.ts';
import { type Registration, Registrations } from './registrations.ts';
import {
  type ServerRecord,
  TransactionLayer,
  type TransactionsSnapshot,
} from './transaction-layer.ts';

/** The whole state as one plain value. Holds no passwords; drain the outputs before taking it. */
export interface SipSnapshot {
  readonly transactions: TransactionsSnapshot;
  readonly outbound: OutboundSnapshot;
  readonly inbound: readonly InboundRequest[];
  readonly legs: LegsSnapshot;
  readonly registrar: RegistrarSnapshot;
  readonly registrations: readonly Registration[];
  readonly digest: DigestSnapshot;
}

export class SipEndpoint implements Machine<SipInput, SipOutput, SipSnapshot> {
  readonly #environment: SipEnvironment;
  readonly #transactions: TransactionLayer;
  readonly #outbound: OutboundRequests;
  readonly #inbound: InboundRequests;
  readonly #table: LegTable;
  readonly #calling: CallingLegs;
  readonly #called: CalledLegs;
  readonly #answered: AnsweredLegs;
  readonly #exchanges: Exchanges;
  readonly #registrar: Registrar;
  readonly #registrations: Registrations;
  readonly #digest: DigestServer;
  readonly #intake: Intake;

  constructor(options: SipOptions, ports: SipPorts, random: Random, from?: SipSnapshot) {
    const environment = new SipEnvironment(options, ports, random);
    this.#environment = environment;
    this.#table = new LegTable(environment, from?.legs);
    environment.legOfCall = (callId) => this.#table.legOfCall(callId);
    this.#transactions = new TransactionLayer(
      environment,
      {
        clientAnswered: (record, response) => this.#outbound.clientAnswered(record, response),
        clientFailed: (record, reason) => this.#outbound.clientFailed(record, reason),
        clientEnded: (record) => this.#outbound.clientEnded(record),
        serverFailed: (record, reason) => this.#serverFailed(record, reason),
        serverEnded: (record) => this.#inbound.serverEnded(record),
      },
      from?.transactions,
    );
    this.#outbound = new OutboundRequests(
      environment,
      this.#transactions,
      {
        requestAnswered: (request, outcome) => this.#requestAnswered(request, outcome),
        nextCSeq: (dialog) => this.#nextCSeq(dialog),
      },
      from?.outbound,
    );
    this.#inbound = new InboundRequests(environment, this.#transactions, from?.inbound);
    this.#calling = new CallingLegs(environment, this.#table, this.#outbound);
    this.#called = new CalledLegs(environment, this.#table, this.#inbound);
    this.#answered = new AnsweredLegs(
      environment,
      this.#table,
      this.#transactions,
      this.#inbound,
      this.#outbound,
    );
    this.#exchanges = new Exchanges(environment, this.#table, this.#outbound, this.#answered);
    this.#registrar = new Registrar(options.registrar, from?.registrar);
    for (const record of this.#registrar.records()) this.#watchBindings(record);
    this.#registrations = new Registrations(environment, this.#outbound, from?.registrations);
    this.#digest = new DigestServer(options.nonceKey, random, from?.digest);
    this.#intake = new Intake({
      environment,
      transactions: this.#transactions,
      table: this.#table,
      inbound: this.#inbound,
      called: this.#called,
      answered: this.#answered,
      registrar: this.#registrar,
      digest: this.#digest,
      bindingsChanged: (changes) => this.#bindingsChanged(changes),
    });
  }

  handle(input: SipInput, now: Millis): void {
    this.#environment.now = now;
    switch (input.type) {
      case 'command':
        this.#command(input.command);
        return;
      case 'received':
        this.#received(input.bytes, input.flow);
        return;
      case 'flow-closed':
        this.#bindingsChanged(this.#registrar.flowClosed(input.flow));
        return;
      case 'send-failed':
        this.#transactions.transportFailed(input.transaction);
        return;
      case 'resolved':
        this.#outbound.resolved(input.query, input.addresses);
        return;
      default:
        unreachable(input);
    }
  }

  handleTimeout(now: Millis): void {
    this.#environment.now = now;
    for (;;) {
      const key = this.#environment.deadlines.takeDue(now);
      if (key === undefined) return;
      this.#timeout(key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1));
    }
  }

  poll(): SipOutput | undefined {
    return this.#environment.poll();
  }

  deadline(): Millis | undefined {
    return this.#environment.deadlines.earliest;
  }

  snapshot(): SipSnapshot {
    return structuredClone({
      transactions: this.#transactions.snapshot(),
      outbound: this.#outbound.snapshot(),
      inbound: this.#inbound.snapshot(),
      legs: this.#table.snapshot(),
      registrar: this.#registrar.snapshot(),
      registrations: this.#registrations.snapshot(),
      digest: this.#digest.snapshot(),
    });
  }

  counts(): SipCounts {
    return {
      transactions: this.#transactions.size,
      dialogs: this.#table.dialogCount,
      timers: this.#environment.deadlines.size,
      legs: this.#table.size,
      requests: this.#inbound.size + this.#outbound.size,
      registrations: this.#registrations.size,
      bindings: this.#registrar.size,
    };
  }

  /** The contacts under which a local user can be reached now, the most preferred first. */
  bindings(addressOfRecord: string): readonly Binding[] {
    return this.#registrar.bindings(addressOfRecord);
  }

  /** What `adopt` needs of an answered leg, for keeping where this process cannot take it along. */
  legState(leg: string): LegsSnapshot | undefined {
    return structuredClone(this.#table.stateOf(leg));
  }

  /** Goes on with answered legs of an endpoint that is no more. */
  adopt(state: LegsSnapshot): void {
    this.#table.adopt(state);
  }

  // --- inputs ---

  #received(bytes: Uint8Array, flow: Flow): void {
    const framing = flow.transport === 'tcp' || flow.transport === 'tls' ? 'stream' : 'datagram';
    const parsed = parseMessage(bytes, framing);
    this.#trace(parsed.ok ? parsed.value : undefined, bytes, flow);
    if (!parsed.ok) this.#intake.malformed(parsed.fault, flow);
    else if (parsed.value.type === 'request') this.#intake.request(parsed.value, flow);
    else this.#transactions.receiveResponse(parsed.value);
  }

  #trace(message: SipMessage | undefined, bytes: Uint8Array, flow: Flow): void {
    const callId = message?.callId ?? '';
    this.#environment.output({
      type: 'trace',
      record: {
        direction: 'in',
        callId,
        leg: this.#table.legOfCall(callId),
        transport: flow.transport,
        remoteAddress: flow.remoteAddress,
        remotePort: flow.remotePort,
        summary: summaryOf(message),
        bytes,
      },
    });
  }

  #command(command: SipCommand): void {
    const fault = this.#carryOut(command);
    if (fault !== undefined) {
      this.#environment.emit({ type: 'refused', command: command.type, fault });
    }
  }

  #carryOut(command: SipCommand): Fault | undefined {
    switch (command.type) {
      case 'invite':
        if (this.#table.get(command.leg) !== undefined) {
          return fail('sip.leg-exists', command.leg).fault;
        }
        this.#calling.invite(command);
        return undefined;
      case 'cancel':
        return this.#withLeg(command.leg, (leg) => this.#endLeg(leg, command));
      case 'bye':
        return this.#withLeg(command.leg, (leg) => this.#endLeg(leg, command));
      case 'respond':
        return this.#respond(command);
      case 'acknowledge':
        return this.#withLeg(command.leg, (leg) =>
          leg.type === 'answered' ? this.#answered.acknowledge(leg, command) : notAnswered(leg),
        );
      case 'reinvite':
        return this.#withLeg(command.leg, (leg) =>
          leg.type === 'answered' ? this.#answered.reinvite(leg, command) : notAnswered(leg),
        );
      case 'request':
        return this.#exchanges.request(command);
      case 'send':
        return this.#exchanges.send(command);
      case 'register':
        this.#registrations.register(command);
        return undefined;
      case 'unregister':
        return this.#registrations.unregister(command)
          ? undefined
          : fail('sip.unknown-registration', command.registration).fault;
      default:
        return unreachable(command);
    }
  }

  #withLeg(key: string, act: (leg: Leg) => Fault | undefined): Fault | undefined {
    const leg = this.#table.get(key);
    return leg === undefined ? fail('sip.unknown-leg', key).fault : act(leg);
  }

  /** `cancel` and `bye` both end a leg, in the way that its state asks for. */
  #endLeg(leg: Leg, command: SipCommand & { type: 'cancel' | 'bye' }): Fault | undefined {
    switch (leg.type) {
      case 'calling':
        return this.#calling.cancel(leg, command);
      case 'called':
        this.#called.refuse(leg, 480);
        this.#table.announceEnd(leg.key, { type: 'local' });
        return undefined;
      case 'answered':
        return this.#answered.bye(leg, command.headers);
      default:
        return unreachable(leg);
    }
  }

  #respond(command: RespondCommand): Fault | undefined {
    const request = this.#inbound.get(command.request);
    if (request === undefined) return fail('sip.unknown-request', command.request).fault;
    const leg = this.#table.get(request.leg ?? '');
    if (request.method !== 'INVITE' || leg === undefined) {
      return sendResponse(this.#inbound, request, command);
    }
    if (leg.type === 'called') return this.#called.respond(leg, request, command);
    if (leg.type === 'answered') return this.#answered.respond(leg, request, command);
    return fail('sip.unknown-request', command.request).fault;
  }

  // --- from the layers ---

  #requestAnswered(request: OutboundRequest, outcome: Outcome): void {
    const { owner } = request;
    switch (owner.type) {
      case 'invite':
        this.#calling.answered(request, owner.leg, outcome);
        return;
      case 'reinvite':
        this.#answered.reinviteAnswered(request, owner.leg, outcome);
        return;
      case 'exchange':
        this.#exchanges.answered(request, owner, outcome);
        return;
      case 'bye':
        this.#byeAnswered(request, outcome);
        return;
      case 'registration':
        this.#registrations.answered(request, owner.registration, outcome);
        return;
      case 'acknowledgement':
        // An ACK that found no way; the peer will give the call up (§13.3.1.4).
        return;
      default:
        unreachable(owner);
    }
  }

  /** Whatever the answer, the dialog is over (§15.1.1). */
  #byeAnswered(request: OutboundRequest, outcome: Outcome): void {
    if (outcome.type === 'response' && outcome.response.status < 200) return;
    if (request.dialog !== undefined) this.#table.forgetDialog(request.dialog);
  }

  #nextCSeq(id: string): number | undefined {
    const dialog = this.#table.dialog(id);
    if (dialog === undefined) return undefined;
    const localSeq = dialog.localSeq + 1;
    this.#table.keepDialog({ ...dialog, localSeq });
    return localSeq;
  }

  #serverFailed(record: ServerRecord, reason: 'time-out' | 'fail'): void {
    const pending = this.#inbound.get(record.key);
    if (pending === undefined || reason === 'fail') return;
    // The application never answered a request whose client has given it up by now.
    this.#environment.emit({
      type: 'refused',
      command: 'respond',
      fault: fail('sip.unanswered', record.method).fault,
    });
  }

  #bindingsChanged(changes: readonly BindingChange[]): void {
    for (const change of changes) {
      this.#watchBindings(change.binding.addressOfRecord);
      this.#environment.emit({ type: 'binding', change });
    }
  }

  #watchBindings(record: string): void {
    this.#environment.deadlines.set(`bindings/${record}`, this.#registrar.deadlineOf(record));
  }

  #timeout(kind: string, key: string): void {
    if (kind === 'transaction') {
      this.#transactions.timeout(key);
    } else if (kind === 'registration') {
      this.#registrations.timeout(key);
    } else if (kind === 'bindings') {
      this.#bindingsChanged(this.#registrar.expire(key, this.#environment.now));
    } else {
      const leg = this.#table.get(key);
      if (leg?.type === 'calling') this.#calling.timeout(leg);
      else if (leg?.type === 'answered') this.#answered.timeout(leg);
    }
  }
}

function notAnswered(leg: Leg): Fault {
  return fail('sip.not-answered', leg.key).fault;
}

function summaryOf(message: SipMessage | undefined): string {
  if (message === undefined) return 'malformed';
  return message.type === 'request' ? message.method : `${message.status} ${message.cseq.method}`;
}
