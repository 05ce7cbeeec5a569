/** Requests of peers on their way in: match, check, admit, dispatch (RFC 3261 §8.2, §9.2). */
import { createHmac } from 'node:crypto';
import { sameAddress } from '../core/ip-address.ts';
import { headerValue, type SipHeader, type SipRequest } from '../wire/sip/message.ts';
import type { MessageFault } from '../wire/sip/parse-message.ts';
import { admit } from './admission.ts';
import type { AnsweredLegs } from './answered-legs.ts';
import type { CalledLegs } from './called-legs.ts';
import { acceptHeader, capabilityHeaders, serverHeader } from './capabilities.ts';
import { type Dialog, dialogIdOf, sequenceOf } from './dialog.ts';
import type { DigestServer } from './digest-server.ts';
import type { BindingChange, Flow, Identity } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { InboundRequests } from './inbound-requests.ts';
import type { LegTable } from './leg.ts';
import { receivedRequest } from './received.ts';
import type { Registrar } from './registrar.ts';
import {
  type ReplyTemplate,
  replyHop,
  replyTemplate,
  roughReplyTemplate,
  writeReply,
} from './reply.ts';
import {
  checkContent,
  checkExtensions,
  checkMethod,
  checkRequest,
  type Refusal,
  refuse,
} from './request-checks.ts';
import { cancelledKeyOf, mergeKeyOf, serverKeyOf } from './transaction-key.ts';
import type { TransactionLayer } from './transaction-layer.ts';

/** Where requests end up. */
export interface IntakeParts {
  readonly environment: SipEnvironment;
  readonly transactions: TransactionLayer;
  readonly table: LegTable;
  readonly inbound: InboundRequests;
  readonly called: CalledLegs;
  readonly answered: AnsweredLegs;
  readonly registrar: Registrar;
  readonly digest: DigestServer;
  bindingsChanged(changes: readonly BindingChange[]): void;
}

const DEFAULT_MAX_TRANSACTIONS = 50_000;
const DEFAULT_MAX_LEGS = 20_000;

export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  request(request: SipRequest, flow: Flow): void {
    const { transactions } = this.#parts;
    const key = serverKeyOf(request);
    if (request.method === 'ACK') this.#ack(request, key);
    else if (transactions.server(key) !== undefined) transactions.receiveAgain(key, request.method);
    else if (request.method === 'CANCEL') this.#cancel(request, flow);
    else if (dialogIdOf(request) !== undefined) this.#inDialog(request, flow);
    else this.#outOfDialog(request, flow);
  }

  /** Says why, where the parser could still make out whom to tell (RFC 3261 §8.2, §21.4.1). */
  malformed(fault: MessageFault, flow: Flow): void {
    const { request, status } = fault;
    if (request === undefined || request.method === 'ACK') return;
    const { headers } = request;
    const callId = headerValue(headers, 'Call-ID') ?? '';
    // Without a Via nobody could match the answer to a request.
    if (!headers.some(({ name }) => name === 'Via')) return;
    const seed = `${callId}|${headerValue(headers, 'CSeq') ?? ''}`;
    const reason = status === 400 ? `Bad Request (${fault.code})` : undefined;
    const refusal: Refusal = { status, reason, headers: [] };
    this.#reply(roughReplyTemplate(headers), flow, seed, {
      answer: refusal,
      callId,
      hop: undefined,
    });
  }

  #ack(request: SipRequest, key: string): void {
    const { transactions, table, answered } = this.#parts;
    const state = transactions.server(key)?.transaction.state;
    if (state === 'completed' || state === 'confirmed') {
      transactions.receiveAgain(key, 'ACK');
      return;
    }
    const dialog = table.dialog(dialogIdOf(request) ?? '');
    const leg = dialog && table.answered(dialog.leg);
    if (leg !== undefined) answered.acknowledged(leg, request);
  }

  #cancel(request: SipRequest, flow: Flow): void {
    const { transactions, table, inbound, called, answered } = this.#parts;
    const invite = transactions.server(cancelledKeyOf(request));
    // Whoever is to cancel sits where the INVITE came from (§9.2, hop by hop).
    if (invite === undefined || !sameAddress(invite.hop.address, flow.remoteAddress)) {
      this.#answer(request, flow, refuse(481));
      return;
    }
    const pending = inbound.get(invite.key);
    const cancel = inbound.accept(request, flow, undefined, pending?.tag);
    inbound.respond(cancel, { status: 200 });
    const leg = table.get(pending?.leg ?? '');
    if (pending === undefined || leg === undefined) return;
    if (leg.type === 'called') called.cancelled(leg, request);
    else if (leg.type === 'answered') answered.reinviteCancelled(leg, pending);
  }

  // --- in a dialog ---

  #inDialog(request: SipRequest, flow: Flow): void {
    const { environment, table } = this.#parts;
    const dialog = table.dialog(dialogIdOf(request) ?? '');
    const isBye = request.method === 'BYE';
    if (dialog === undefined || (dialog.closing && !isBye)) {
      this.#answer(request, flow, refuse(481));
      return;
    }
    if (sequenceOf(dialog, request) === 'late') {
      this.#answer(request, flow, refuse(500));
      return;
    }
    const refusal = isBye
      ? undefined
      : (checkMethod(environment.options, request) ??
        checkExtensions(environment.options, request) ??
        checkContent(environment.options, request));
    if (refusal !== undefined) {
      this.#answer(request, flow, refusal);
      return;
    }
    const current = { ...dialog, remoteSeq: request.cseq.number };
    table.keepDialog(current);
    this.#dispatchInDialog(current, request, flow);
  }

  #dispatchInDialog(dialog: Dialog, request: SipRequest, flow: Flow): void {
    switch (request.method) {
      case 'BYE':
        this.#bye(dialog, request, flow);
        return;
      case 'INVITE':
        this.#reinvite(dialog, request, flow);
        return;
      case 'OPTIONS':
        this.#options(request, flow);
        return;
      case 'REGISTER':
        this.#answer(request, flow, refuse(481));
        return;
      default:
        this.#forApplication(request, flow, dialog.leg, undefined);
    }
  }

  #bye(dialog: Dialog, request: SipRequest, flow: Flow): void {
    const { inbound, table, answered, called } = this.#parts;
    inbound.respond(inbound.accept(request, flow), { status: 200 });
    const leg = table.get(dialog.leg);
    if (leg?.type === 'answered' && leg.dialog === dialog.id) {
      answered.byeReceived(leg, request);
    } else if (leg?.type === 'called') {
      // The caller may end an early dialog so (§15); its INVITE gets 487.
      called.refuse(leg, 487);
      table.announceEnd(leg.key, { type: 'bye', headers: request.headers });
    }
  }

  #reinvite(dialog: Dialog, request: SipRequest, flow: Flow): void {
    const { table, answered } = this.#parts;
    const leg = table.answered(dialog.leg);
    // An INVITE in a dialog that has no answer yet cannot be one (§14.2).
    if (leg === undefined) this.#answer(request, flow, refuse(491));
    else answered.reinviteReceived(leg, request, flow);
  }

  // --- out of dialogs ---

  #outOfDialog(request: SipRequest, flow: Flow): void {
    const { environment, transactions, table, called, digest } = this.#parts;
    const { options } = environment;
    const merged = transactions.mergedWith(mergeKeyOf(request)) !== undefined;
    const refusal = checkRequest(options, request) ?? (merged ? refuse(482) : undefined);
    if (refusal !== undefined) {
      this.#answer(request, flow, refusal);
      return;
    }
    const admission = admit(environment, digest, request, flow);
    if (admission.type === 'dropped') return;
    if (admission.type === 'refused') {
      this.#answer(request, flow, admission.refusal);
      return;
    }
    if (request.method === 'OPTIONS') {
      this.#pinged(request, flow);
      return;
    }
    const isFull =
      transactions.size >= (options.maxTransactions ?? DEFAULT_MAX_TRANSACTIONS) ||
      (request.method === 'INVITE' && table.size >= (options.maxLegs ?? DEFAULT_MAX_LEGS));
    if (isFull) this.#answer(request, flow, refuse(503));
    else if (request.method === 'INVITE') called.incoming(request, flow, admission.identity);
    else if (request.method === 'REGISTER') this.#register(request, flow, admission.identity);
    else this.#forApplication(request, flow, undefined, admission.identity);
  }

  /** Anybody may ask, so nobody who does is remembered: who asks again is told again (§8.2.7). */
  #pinged(request: SipRequest, flow: Flow): void {
    this.#answer(request, flow, { status: 200, headers: this.#capabilities() });
  }

  #options(request: SipRequest, flow: Flow): void {
    const { inbound } = this.#parts;
    const headers = this.#capabilities();
    inbound.respond(inbound.accept(request, flow), { status: 200, headers });
  }

  /** What OPTIONS is told (§11.2). */
  #capabilities(): SipHeader[] {
    const { options } = this.#parts.environment;
    return [...capabilityHeaders(options), acceptHeader(options)];
  }

  #register(request: SipRequest, flow: Flow, identity: Identity): void {
    const { environment, inbound, registrar, bindingsChanged } = this.#parts;
    const answer = registrar.register(request, flow, identity, environment.now);
    inbound.respond(inbound.accept(request, flow), answer);
    bindingsChanged(answer.changes);
  }

  #forApplication(
    request: SipRequest,
    flow: Flow,
    leg: string | undefined,
    identity: Identity | undefined,
  ): void {
    const { environment, inbound } = this.#parts;
    const accepted = inbound.accept(request, flow, leg);
    environment.emit({
      type: 'incoming-request',
      request: accepted.key,
      leg,
      received: receivedRequest(request, flow),
      identity,
    });
  }

  // --- without any state ---

  /** A retransmission gets the same answer again, with the same tag (§8.2.7). */
  #answer(request: SipRequest, flow: Flow, answer: Refusal): void {
    const seed = `${request.callId}|${request.cseq.number}|${request.via.branch ?? ''}`;
    const hop = replyHop(request.via, flow);
    const { callId } = request;
    this.#reply(replyTemplate(request, flow), flow, seed, { answer, callId, hop });
  }

  #reply(
    template: ReplyTemplate,
    flow: Flow,
    seed: string,
    about: {
      readonly answer: Refusal;
      readonly callId: string;
      readonly hop: ReturnType<typeof replyHop> | undefined;
    },
  ): void {
    const { environment } = this.#parts;
    const { options } = environment;
    const { status, reason } = about.answer;
    const tag = createHmac('sha256', options.nonceKey).update(seed).digest('hex').slice(0, 12);
    const headers: SipHeader[] = [...about.answer.headers, serverHeader(options)];
    const wire = writeReply(template, tag, { status, reason, headers, content: '' });
    const hop = about.hop ?? replyHop(undefined, flow);
    environment.send(hop, wire, 'stateless', { callId: about.callId, summary: String(status) });
  }
}
