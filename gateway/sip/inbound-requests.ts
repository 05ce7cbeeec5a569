/** Requests of peers that wait for an answer, and the answers (RFC 3261 §8.2). */
import { headerFields, type SipHeader, type SipRequest } from '../wire/sip/message.ts';
import { NO_PARAMETERS } from '../wire/sip/parameters.ts';
import { capabilityHeaders, serverHeader, withDefaults } from './capabilities.ts';
import type { Flow, Hop, LegKey, RequestKey } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import { interfaceNamed } from './interfaces.ts';
import { type Reply, type ReplyTemplate, replyHop, replyTemplate, writeReply } from './reply.ts';
import { contactFor } from './request-draft.ts';
import { mergeKeyOf, serverKeyOf } from './transaction-key.ts';
import type { ServerRecord, TransactionLayer } from './transaction-layer.ts';

export interface InboundRequest {
  readonly key: RequestKey;
  readonly method: string;
  readonly cseq: number;
  readonly template: ReplyTemplate;
  /** Our tag, where the request had none. */
  readonly tag: string | undefined;
  readonly recordRoutes: readonly SipHeader[];
  readonly contactUser: string | undefined;
  readonly hop: Hop;
  readonly leg?: LegKey | undefined;
  readonly callId: string;
}

export class InboundRequests {
  readonly #environment: SipEnvironment;
  readonly #transactions: TransactionLayer;
  readonly #waiting = new Map<RequestKey, InboundRequest>();

  constructor(
    environment: SipEnvironment,
    transactions: TransactionLayer,
    from?: readonly InboundRequest[],
  ) {
    this.#environment = environment;
    this.#transactions = transactions;
    for (const request of from ?? []) this.#waiting.set(request.key, request);
  }

  get size(): number {
    return this.#waiting.size;
  }

  snapshot(): readonly InboundRequest[] {
    return [...this.#waiting.values()];
  }

  get(key: RequestKey): InboundRequest | undefined {
    return this.#waiting.get(key);
  }

  /** Starts the server transaction; from here on the request has a state. */
  accept(request: SipRequest, flow: Flow, leg?: LegKey, tag?: string): InboundRequest {
    const key = serverKeyOf(request);
    const hop = replyHop(request.via, flow);
    this.#transactions.startServer(request, key, hop, mergeKeyOf(request));
    const template = replyTemplate(request, flow);
    const inbound: InboundRequest = {
      key,
      method: request.method,
      cseq: request.cseq.number,
      template,
      tag: template.hasTag ? undefined : (tag ?? this.#environment.newTag()),
      recordRoutes: headerFields(request.headers, 'Record-Route').map((value) => ({
        name: 'Record-Route',
        value,
      })),
      contactUser: request.requestUri.user,
      hop,
      leg,
      callId: request.callId,
    };
    this.#waiting.set(key, inbound);
    return inbound;
  }

  respond(request: InboundRequest, reply: Partial<Reply> & { readonly status: number }): void {
    const { status } = reply;
    const isTrying = status === 100;
    const headers = withDefaults(reply.headers ?? [], [
      ...(isTrying ? [] : this.#dialogHeaders(request, status)),
      ...(isTrying ? [] : [serverHeader(this.#environment.options)]),
    ]);
    const wire = writeReply(request.template, isTrying ? undefined : request.tag, {
      content: '',
      ...reply,
      headers,
    });
    if (status >= 200) this.#waiting.delete(request.key);
    this.#transactions.respond(request.key, status, wire);
  }

  serverEnded(record: ServerRecord): void {
    this.#waiting.delete(record.key);
  }

  /** Record-Route, Contact and capabilities of responses that make or refresh a dialog. */
  #dialogHeaders(request: InboundRequest, status: number): readonly SipHeader[] {
    if (!MAKES_DIALOG.has(request.method) || status >= 300) return [];
    const { options } = this.#environment;
    const { interfaceName, transport } = request.hop;
    const choice = interfaceNamed(options.interfaces, interfaceName, transport);
    const draft = { user: request.contactUser, parameters: NO_PARAMETERS };
    const contact =
      choice === undefined
        ? []
        : [{ name: 'Contact', value: contactFor(choice, request.hop, draft) }];
    const capabilities = status >= 200 ? capabilityHeaders(options) : [];
    return [...request.recordRoutes, ...contact, ...capabilities];
  }
}

const MAKES_DIALOG = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'REFER']);
