/** INVITEs of peers from arrival to our final answer (RFC 3261 §13.3, §9.2). */
import { randomHex } from '../core/random.ts';
import { type Fault, fail } from '../core/result.ts';
import type { SipRequest } from '../wire/sip/message.ts';
import { checkBody, checkHeaders } from './command-checks.ts';
import { dialogFromRequest } from './dialog.ts';
import type { Flow, Identity, RespondCommand } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { InboundRequest, InboundRequests } from './inbound-requests.ts';
import type { CalledLeg, LegTable, UnacknowledgedAnswer } from './leg.ts';
import { receivedRequest } from './received.ts';
import { draftBody } from './request-draft.ts';
import { T1, TRANSACTION_TIMEOUT } from './timer-values.ts';
import { retransmission } from './transaction.ts';

export class CalledLegs {
  readonly #environment: SipEnvironment;
  readonly #table: LegTable;
  readonly #inbound: InboundRequests;

  constructor(environment: SipEnvironment, table: LegTable, inbound: InboundRequests) {
    this.#environment = environment;
    this.#table = table;
    this.#inbound = inbound;
  }

  incoming(request: SipRequest, flow: Flow, identity: Identity): void {
    const key = `leg-${randomHex(this.#environment.random, 8)}`;
    const tag = this.#environment.newTag();
    const inbound = this.#inbound.accept(request, flow, key, tag);
    this.#inbound.respond(inbound, { status: 100 });
    const dialog = dialogFromRequest(request, flow, tag, key);
    this.#table.keepDialog(dialog);
    this.#table.keep({ type: 'called', key, request: inbound.key, dialog: dialog.id });
    this.#environment.emit({
      type: 'incoming-invite',
      leg: key,
      request: inbound.key,
      received: receivedRequest(request, flow),
      identity,
    });
  }

  respond(leg: CalledLeg, request: InboundRequest, command: RespondCommand): Fault | undefined {
    const fault = this.#send(request, command);
    if (fault !== undefined) return fault;
    if (command.status >= 300) {
      this.#end(leg);
      this.#table.announceEnd(leg.key, { type: 'local' });
    } else if (command.status >= 200) {
      const answer = unacknowledged(request, this.#environment.now);
      this.#table.keep({ type: 'answered', key: leg.key, dialog: leg.dialog, answer });
    }
    return undefined;
  }

  /** Also for `bye` before the answer. */
  refuse(leg: CalledLeg, status: number): void {
    const request = this.#inbound.get(leg.request);
    if (request !== undefined) this.#inbound.respond(request, { status });
    this.#end(leg);
  }

  cancelled(leg: CalledLeg, cancel: SipRequest): void {
    this.refuse(leg, 487);
    this.#table.announceEnd(leg.key, { type: 'cancelled', headers: cancel.headers });
  }

  #send(request: InboundRequest, command: RespondCommand): Fault | undefined {
    return sendResponse(this.#inbound, request, command);
  }

  #end(leg: CalledLeg): void {
    this.#table.forgetDialog(leg.dialog);
    this.#table.forget(leg.key);
  }
}

/** Checks and sends what the call layer answers. */
export function sendResponse(
  inbound: InboundRequests,
  request: InboundRequest,
  command: RespondCommand,
): Fault | undefined {
  const { status, reason, body } = command;
  if (!Number.isInteger(status) || status < 101 || status > 699) {
    return fail('sip.status', String(status)).fault;
  }
  // A redirection says where to in its Contact (RFC 3261 §21.3).
  const headers = checkHeaders(command.headers, status >= 300 && status < 400 ? ['Contact'] : []);
  if (!headers.ok) return headers.fault;
  const fault = checkBody(body);
  if (fault !== undefined) return fault;
  inbound.respond(request, { status, reason, headers: headers.value, ...draftBody(body) });
  return undefined;
}

/** The 2xx is sent again, whatever the transport, until its ACK comes (§13.3.1.4). */
export function unacknowledged(request: InboundRequest, now: number): UnacknowledgedAnswer {
  return {
    request: request.key,
    cseq: request.cseq,
    resend: retransmission(now, T1),
    giveUpAt: now + TRANSACTION_TIMEOUT,
  };
}
