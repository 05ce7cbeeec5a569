/** All live transactions, their messages and their timers (RFC 3261 §17). */
import type { Millis } from '../core/time.ts';
import { headerValue, type SipRequest, type SipResponse } from '../wire/sip/message.ts';
import type { Hop } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import {
  type InviteClientTransaction,
  startInviteClient,
  stepInviteClient,
} from './invite-client-transaction.ts';
import {
  type InviteServerTransaction,
  startInviteServer,
  stepInviteServer,
} from './invite-server-transaction.ts';
import {
  type NonInviteClientTransaction,
  startNonInviteClient,
  stepNonInviteClient,
} from './non-invite-client-transaction.ts';
import {
  type NonInviteServerTransaction,
  startNonInviteServer,
  stepNonInviteServer,
} from './non-invite-server-transaction.ts';
import { type RequestDraft, type Wire, writeCompanion } from './request-draft.ts';
import { type Step, transactionDeadline } from './transaction.ts';
import { clientKey, clientKeyOf, type TransactionKey } from './transaction-key.ts';

export interface ClientRecord {
  readonly key: TransactionKey;
  readonly transaction: InviteClientTransaction | NonInviteClientTransaction;
  readonly hop: Hop;
  readonly draft: RequestDraft;
  readonly via: string;
  readonly wire: Wire;
  /** The outbound request that this is an attempt of; none for a CANCEL. */
  readonly outbound?: string | undefined;
}

export interface ServerRecord {
  readonly key: TransactionKey;
  readonly transaction: InviteServerTransaction | NonInviteServerTransaction;
  readonly hop: Hop;
  readonly callId: string;
  readonly method: string;
  readonly mergeKey: string;
  /** The last response sent. */
  readonly wire?: Wire | undefined;
  readonly status?: number | undefined;
}

type ClientEvent =
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' }
  | { readonly type: 'abandon' };

type ServerEvent =
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'clock' }
  | { readonly type: 'transport-error' };

/** Whoever sends requests through the layer and answers those that come. */
export interface TransactionUser {
  clientAnswered(record: ClientRecord, response: SipResponse): void;
  clientFailed(record: ClientRecord, reason: 'time-out' | 'fail'): void;
  clientEnded(record: ClientRecord): void;
  /** No ACK, no application's answer, or the response could not be sent. */
  serverFailed(record: ServerRecord, reason: 'time-out' | 'fail'): void;
  serverEnded(record: ServerRecord): void;
}

export interface TransactionsSnapshot {
  readonly clients: readonly ClientRecord[];
  readonly servers: readonly ServerRecord[];
}

export class TransactionLayer {
  readonly #environment: SipEnvironment;
  readonly #user: TransactionUser;
  readonly #clients = new Map<TransactionKey, ClientRecord>();
  readonly #servers = new Map<TransactionKey, ServerRecord>();
  readonly #merged = new Map<string, TransactionKey>();

  constructor(environment: SipEnvironment, user: TransactionUser, from?: TransactionsSnapshot) {
    this.#environment = environment;
    this.#user = user;
    for (const record of from?.clients ?? []) this.#keepClient(record);
    for (const record of from?.servers ?? []) this.#keepServer(record);
  }

  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  snapshot(): TransactionsSnapshot {
    return { clients: [...this.#clients.values()], servers: [...this.#servers.values()] };
  }

  client(key: TransactionKey): ClientRecord | undefined {
    return this.#clients.get(key);
  }

  server(key: TransactionKey): ServerRecord | undefined {
    return this.#servers.get(key);
  }

  /** The other live transaction of a request that reached us on two ways. */
  mergedWith(mergeKey: string): TransactionKey | undefined {
    return this.#merged.get(mergeKey);
  }

  startClient(request: Omit<ClientRecord, 'key' | 'transaction'>, branch: string): TransactionKey {
    const { method } = request.draft;
    const key = clientKey(branch, method);
    const reliable = request.hop.transport !== 'udp';
    const start = method === 'INVITE' ? startInviteClient : startNonInviteClient;
    const step = start(reliable, this.#environment.now);
    this.#applyToClient({ ...request, key, transaction: step.next }, step);
    return key;
  }

  /** Whether the response belonged to a transaction of ours. */
  receiveResponse(response: SipResponse): boolean {
    const key = clientKeyOf(response);
    const record = key === undefined ? undefined : this.#clients.get(key);
    if (record === undefined) return false;
    this.#stepClient(record, { type: 'response', status: response.status }, response);
    return true;
  }

  abandon(key: TransactionKey): void {
    const record = this.#clients.get(key);
    if (record !== undefined) this.#stepClient(record, { type: 'abandon' });
  }

  dropClient(key: TransactionKey): void {
    const record = this.#clients.get(key);
    if (record !== undefined) this.#forgetClient(record);
  }

  /** Sends the CANCEL of an INVITE of ours; its own transaction answers to nobody. */
  cancel(key: TransactionKey, headers: RequestDraft['headers']): void {
    const invite = this.#clients.get(key);
    if (invite === undefined) return;
    const wire = writeCompanion(invite.draft, invite.via, 'CANCEL', invite.draft.to, headers);
    const draft = { ...invite.draft, method: 'CANCEL' };
    // A CANCEL has the branch of what it cancels (RFC 3261 §9.1).
    const branch = key.slice(key.lastIndexOf('|') + 1);
    this.startClient({ hop: invite.hop, draft, via: invite.via, wire }, branch);
  }

  startServer(request: SipRequest, key: TransactionKey, hop: Hop, mergeKey: string): ServerRecord {
    const reliable = hop.transport !== 'udp';
    const record: ServerRecord = {
      key,
      transaction:
        request.method === 'INVITE'
          ? startInviteServer(reliable)
          : startNonInviteServer(reliable, this.#environment.now),
      hop,
      callId: request.callId,
      method: request.method,
      mergeKey,
    };
    this.#keepServer(record);
    return record;
  }

  /** A retransmission, or the ACK to a non-2xx. */
  receiveAgain(key: TransactionKey, method: string): void {
    const record = this.#servers.get(key);
    if (record === undefined) return;
    this.#stepServer(record, { type: method === 'ACK' ? 'ack' : 'request' });
  }

  respond(key: TransactionKey, status: number, wire: Wire): boolean {
    const record = this.#servers.get(key);
    if (record === undefined) return false;
    const answered = { ...record, wire, status };
    this.#stepServer(answered, { type: 'response', status });
    return true;
  }

  /** Sends the last response again: the 2xx that its dialog retransmits. */
  retransmit(key: TransactionKey): void {
    const record = this.#servers.get(key);
    if (record !== undefined) this.#transmitResponse(record);
  }

  transportFailed(key: TransactionKey): void {
    const client = this.#clients.get(key);
    if (client !== undefined) this.#stepClient(client, { type: 'transport-error' });
    const server = this.#servers.get(key);
    if (server !== undefined) this.#stepServer(server, { type: 'transport-error' });
  }

  /** The deadline of `key` has come. */
  timeout(key: TransactionKey): void {
    const client = this.#clients.get(key);
    if (client !== undefined) this.#stepClient(client, { type: 'clock' });
    const server = this.#servers.get(key);
    if (server !== undefined) this.#stepServer(server, { type: 'clock' });
  }

  #stepClient(record: ClientRecord, event: ClientEvent, response?: SipResponse): void {
    const { now } = this.#environment;
    const { transaction } = record;
    const step: Step<ClientRecord['transaction']> =
      transaction.type === 'invite-client'
        ? stepInviteClient(transaction, event, now)
        : event.type === 'abandon'
          ? { next: transaction, actions: [] }
          : stepNonInviteClient(transaction, event, now);
    this.#applyToClient({ ...record, transaction: step.next }, step, response);
  }

  #applyToClient(
    record: ClientRecord,
    step: Step<ClientRecord['transaction']>,
    response?: SipResponse,
  ): void {
    const ended = record.transaction.state === 'terminated';
    if (ended) this.#forgetClient(record);
    else this.#keepClient(record);
    for (const action of step.actions) {
      if (action === 'transmit') this.#transmitRequest(record);
      else if (action === 'acknowledge' && response) this.#acknowledge(record, response);
      else if (action === 'deliver' && response) this.#user.clientAnswered(record, response);
      else if (action === 'time-out' || action === 'fail') this.#user.clientFailed(record, action);
    }
    if (ended) this.#user.clientEnded(record);
  }

  #transmitRequest(record: ClientRecord): void {
    const { callId, method } = record.draft;
    this.#environment.send(record.hop, record.wire, record.key, { callId, summary: method });
  }

  #acknowledge(record: ClientRecord, response: SipResponse): void {
    const to = headerValue(response.headers, 'To') ?? record.draft.to;
    const credentials = record.draft.headers.filter((header) =>
      /authorization$/i.test(header.name),
    );
    const wire = writeCompanion(record.draft, record.via, 'ACK', to, credentials);
    const { callId } = record.draft;
    this.#environment.send(record.hop, wire, record.key, { callId, summary: 'ACK' });
  }

  #stepServer(record: ServerRecord, event: ServerEvent): void {
    const { now } = this.#environment;
    const { transaction } = record;
    const step: Step<ServerRecord['transaction']> =
      transaction.type === 'invite-server'
        ? stepInviteServer(transaction, event, now)
        : event.type === 'ack'
          ? { next: transaction, actions: [] }
          : stepNonInviteServer(transaction, event, now);
    const moved: ServerRecord = { ...record, transaction: step.next };
    const ended = moved.transaction.state === 'terminated';
    if (ended) this.#forgetServer(moved);
    else this.#keepServer(moved);
    for (const action of step.actions) {
      if (action === 'transmit') this.#transmitResponse(moved);
      else if (action === 'time-out' || action === 'fail') this.#user.serverFailed(moved, action);
    }
    if (ended) this.#user.serverEnded(moved);
  }

  #transmitResponse(record: ServerRecord): void {
    if (record.wire === undefined) return;
    const { callId, status, method } = record;
    const summary = `${status} ${method}`;
    this.#environment.send(record.hop, record.wire, record.key, { callId, summary });
  }

  #keepClient(record: ClientRecord): void {
    this.#clients.set(record.key, record);
    this.#setDeadline(record.key, transactionDeadline(record.transaction));
  }

  #forgetClient(record: ClientRecord): void {
    this.#clients.delete(record.key);
    this.#setDeadline(record.key, undefined);
  }

  #keepServer(record: ServerRecord): void {
    this.#servers.set(record.key, record);
    this.#merged.set(record.mergeKey, record.key);
    this.#setDeadline(record.key, transactionDeadline(record.transaction));
  }

  #forgetServer(record: ServerRecord): void {
    this.#servers.delete(record.key);
    if (this.#merged.get(record.mergeKey) === record.key) this.#merged.delete(record.mergeKey);
    this.#setDeadline(record.key, undefined);
  }

  #setDeadline(key: TransactionKey, at: Millis | undefined): void {
    this.#environment.deadlines.set(`transaction/${key}`, at);
  }
}
