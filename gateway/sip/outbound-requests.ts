/** Requests of ours from draft to outcome: next hop, failover, challenges (RFC 3261 §8.1). */
import { type Fault, fail } from '../core/result.ts';
import type { SipHeader, SipResponse } from '../wire/sip/message.ts';
import { answerChallenges } from './digest-client.ts';
import type {
  AccountKey,
  Destination,
  ExchangeKey,
  Hop,
  LegKey,
  RegistrationKey,
  ResolvedAddress,
} from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import { interfaceNamed } from './interfaces.ts';
import { hopsTo, hopTo, nextHop } from './next-hop.ts';
import { contactFor, type RequestDraft, viaFor, type Wire, writeRequest } from './request-draft.ts';
import type { ClientRecord, TransactionLayer } from './transaction-layer.ts';

/** Who wants to know what becomes of a request. */
export type RequestOwner =
  | { readonly type: 'invite'; readonly leg: LegKey }
  | { readonly type: 'reinvite'; readonly leg: LegKey }
  | { readonly type: 'exchange'; readonly exchange: ExchangeKey; readonly leg?: LegKey | undefined }
  | { readonly type: 'bye' }
  /** The ACK to the 2xx of another request. */
  | { readonly type: 'acknowledgement'; readonly request: string; readonly remoteTag: string }
  | { readonly type: 'registration'; readonly registration: RegistrationKey };

export interface OutboundRequest {
  readonly key: string;
  readonly owner: RequestOwner;
  readonly draft: RequestDraft;
  /** The dialog that gives the next CSeq. */
  readonly dialog?: string | undefined;
  readonly account?: AccountKey | undefined;
  readonly destination?: Destination | undefined;
  readonly interfaceName?: string | undefined;
  /** Where it may go still, should the present hop fail. */
  readonly hops: readonly Hop[];
  /** Host name being resolved. */
  readonly resolving?: string | undefined;
  readonly transaction?: string | undefined;
  /** Challenges answered so far. */
  readonly tries: number;
  /** The first response has come: no other hop may be tried any more. */
  readonly heard: boolean;
  /** Cancelled or abandoned: it is sent nowhere any more, whatever is answered. */
  readonly isUnwanted?: boolean | undefined;
  /** ACKs sent for 2xx, by remote tag, to repeat them. */
  readonly acks: readonly SentAck[];
}

export interface SentAck {
  readonly remoteTag: string;
  readonly hop: Hop;
  readonly wire: Wire;
}

export type Outcome =
  | { readonly type: 'response'; readonly response: SipResponse; readonly hop: Hop }
  | { readonly type: 'timeout' }
  | { readonly type: 'unreachable'; readonly fault: Fault };

export interface OutboundUser {
  requestAnswered(request: OutboundRequest, outcome: Outcome): void;
  /** The next CSeq of a dialog, when a challenged request goes out again in it. */
  nextCSeq(dialog: string): number | undefined;
}

/** Challenges answered for one request: two realms, each once more when its nonce is stale. */
const MAX_TRIES = 4;

export class OutboundRequests {
  readonly #environment: SipEnvironment;
  readonly #transactions: TransactionLayer;
  readonly #user: OutboundUser;
  readonly #requests = new Map<string, OutboundRequest>();
  #count: number;

  constructor(
    environment: SipEnvironment,
    transactions: TransactionLayer,
    user: OutboundUser,
    from?: OutboundSnapshot,
  ) {
    this.#environment = environment;
    this.#transactions = transactions;
    this.#user = user;
    this.#count = from?.count ?? 0;
    for (const request of from?.requests ?? []) this.#requests.set(request.key, request);
  }

  get size(): number {
    return this.#requests.size;
  }

  snapshot(): OutboundSnapshot {
    return { count: this.#count, requests: [...this.#requests.values()] };
  }

  get(key: string): OutboundRequest | undefined {
    return this.#requests.get(key);
  }

  /** A key for `start`, so that its owner can be told even of a failure within it. */
  reserve(): string {
    this.#count += 1;
    return `request-${this.#count}`;
  }

  start(
    key: string,
    wanted: Pick<
      OutboundRequest,
      'owner' | 'draft' | 'dialog' | 'account' | 'destination' | 'interfaceName'
    >,
  ): void {
    this.#keep({ ...wanted, key, hops: [], tries: 0, heard: false, acks: [] });
    this.#route(key);
  }

  /** An INVITE that nobody waits for: resent no more, cancelled by whoever sees a 1xx. */
  abandon(key: string): void {
    const request = this.#requests.get(key);
    if (request === undefined) return;
    if (request.transaction === undefined) {
      this.#requests.delete(key);
      return;
    }
    this.#keep({ ...request, isUnwanted: true });
    this.#transactions.abandon(request.transaction);
  }

  /** Forgets a request and its transaction, whatever comes still. */
  drop(key: string): void {
    const transaction = this.#requests.get(key)?.transaction;
    this.#requests.delete(key);
    if (transaction !== undefined) this.#transactions.dropClient(transaction);
  }

  cancel(key: string, headers: readonly SipHeader[]): void {
    const request = this.#requests.get(key);
    if (request?.transaction === undefined) return;
    this.#keep({ ...request, isUnwanted: true });
    this.#transactions.cancel(request.transaction, headers);
  }

  /** The ACK to a 2xx: no transaction, kept for when the 2xx comes again (§13.2.2.4). */
  acknowledge(
    key: string,
    remoteTag: string,
    ack: Pick<OutboundRequest, 'draft' | 'destination' | 'interfaceName'>,
  ): void {
    const owner: RequestOwner = { type: 'acknowledgement', request: key, remoteTag };
    this.start(this.reserve(), { ...ack, owner });
  }

  /** Whether an ACK had been sent to this 2xx; then it has been again. */
  acknowledgeAgain(request: OutboundRequest, remoteTag: string): boolean {
    const ack = request.acks.find((candidate) => candidate.remoteTag === remoteTag);
    if (ack !== undefined) this.#sendAck(ack, request.draft.callId);
    return ack !== undefined;
  }

  resolved(key: string, addresses: readonly ResolvedAddress[]): void {
    const request = this.#requests.get(key);
    if (request?.resolving === undefined) return;
    const { interfaces } = this.#environment.options;
    const hops = hopsTo(interfaces, addresses, request.interfaceName, request.resolving);
    this.#keep({ ...request, resolving: undefined, hops });
    this.#tryNext(key, fail('sip.unresolved', request.resolving).fault);
  }

  clientAnswered(record: ClientRecord, response: SipResponse): void {
    const request = this.#requestOf(record);
    if (request === undefined) return;
    const heard = { ...request, heard: true };
    this.#keep(heard);
    if (response.status === 401 || response.status === 407) {
      if (this.#answerChallenge(heard, record, response)) return;
    }
    const isLasting = response.status < 200 || this.#mayHearMore(record, response);
    if (!isLasting) this.#requests.delete(request.key);
    this.#user.requestAnswered(heard, { type: 'response', response, hop: record.hop });
  }

  clientFailed(record: ClientRecord, reason: 'time-out' | 'fail'): void {
    const request = this.#requestOf(record);
    if (request === undefined) return;
    if (!request.heard && !request.isUnwanted && request.hops.length > 0) {
      this.#tryNext(request.key, fail('sip.transport', 'no further address').fault);
      return;
    }
    this.#requests.delete(request.key);
    const fault = fail('sip.transport', 'could not be sent').fault;
    const outcome: Outcome =
      reason === 'time-out' ? { type: 'timeout' } : { type: 'unreachable', fault };
    this.#user.requestAnswered(request, outcome);
  }

  clientEnded(record: ClientRecord): void {
    const request = this.#requestOf(record);
    if (request !== undefined) this.#requests.delete(request.key);
  }

  /** After a 2xx to an INVITE more may come, from this fork again or from others. */
  #mayHearMore(record: ClientRecord, response: SipResponse): boolean {
    return record.draft.method === 'INVITE' && response.status < 300;
  }

  #requestOf(record: ClientRecord): OutboundRequest | undefined {
    const request = this.#requests.get(record.outbound ?? '');
    return request?.transaction === record.key ? request : undefined;
  }

  #route(key: string): void {
    const request = this.#requests.get(key)!;
    const { interfaces } = this.#environment.options;
    const { draft, destination, interfaceName } = request;
    const next =
      destination === undefined
        ? nextHop(interfaces, draft.requestUri, draft.routes, interfaceName)
        : hopTo(interfaces, destination, interfaceName);
    if (!next.ok) {
      this.#giveUp(request, next.fault);
    } else if (next.value.type === 'hops') {
      this.#keep({ ...request, hops: next.value.hops });
      this.#tryNext(key, fail('sip.no-route', draft.method).fault);
    } else {
      const { host, port, transport, secure } = next.value;
      this.#keep({ ...request, resolving: host });
      this.#environment.output({ type: 'resolve', query: key, host, port, transport, secure });
    }
  }

  #tryNext(key: string, otherwise: Fault): void {
    const request = this.#requests.get(key)!;
    const [hop, ...hops] = request.hops;
    if (hop === undefined) this.#giveUp(request, otherwise);
    else this.#attempt({ ...request, hops }, hop);
  }

  #attempt(request: OutboundRequest, hop: Hop): void {
    const choice = this.#interfaceOf(hop);
    if (choice === undefined) {
      this.#giveUp(request, fail('sip.no-interface', hop.interfaceName).fault);
      return;
    }
    const { draft } = request;
    const branch = this.#environment.newBranch();
    const via = viaFor(choice, hop, branch);
    const contact = draft.contact && contactFor(choice, hop, draft.contact);
    const wire = writeRequest(draft, via, contact);
    if (request.owner.type === 'acknowledgement') {
      this.#finishAck(request, request.owner, { hop, wire });
      return;
    }
    const transaction = `client|${draft.method}|${branch}`;
    this.#keep({ ...request, transaction });
    this.#transactions.startClient({ hop, draft, via, wire, outbound: request.key }, branch);
  }

  /** Sends the request again with credentials; false leaves the 401 to the owner. */
  #answerChallenge(request: OutboundRequest, record: ClientRecord, response: SipResponse): boolean {
    const { account, draft, isUnwanted } = request;
    if (isUnwanted || account === undefined || request.tries >= MAX_TRIES) return false;
    const headers = answerChallenges({
      response,
      draft,
      cnonce: this.#environment.newTag(),
      credentials: (realm) =>
        this.#environment.ports.accountCredentials({ account, realm, destination: record.hop }),
    });
    if (headers === undefined) return false;
    const next = request.dialog === undefined ? undefined : this.#user.nextCSeq(request.dialog);
    const cseq = next ?? draft.cseq + 1;
    const again = { ...request, draft: { ...draft, cseq, headers }, tries: request.tries + 1 };
    this.#attempt(again, record.hop);
    return true;
  }

  #giveUp(request: OutboundRequest, fault: Fault): void {
    this.#requests.delete(request.key);
    this.#user.requestAnswered(request, { type: 'unreachable', fault });
  }

  #finishAck(
    request: OutboundRequest,
    owner: RequestOwner & { type: 'acknowledgement' },
    sent: Omit<SentAck, 'remoteTag'>,
  ): void {
    this.#requests.delete(request.key);
    const ack: SentAck = { remoteTag: owner.remoteTag, ...sent };
    const invite = this.#requests.get(owner.request);
    if (invite !== undefined) this.#keep({ ...invite, acks: [...invite.acks, ack] });
    this.#sendAck(ack, request.draft.callId);
  }

  #sendAck(ack: SentAck, callId: string): void {
    this.#environment.send(ack.hop, ack.wire, 'ack', { callId, summary: 'ACK' });
  }

  #interfaceOf(hop: Hop) {
    const { interfaces } = this.#environment.options;
    return interfaceNamed(interfaces, hop.interfaceName, hop.transport);
  }

  #keep(request: OutboundRequest): void {
    this.#requests.set(request.key, request);
  }
}

export interface OutboundSnapshot {
  readonly count: number;
  readonly requests: readonly OutboundRequest[];
}
