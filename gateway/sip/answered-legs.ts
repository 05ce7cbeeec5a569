/** Legs with a confirmed dialog: ACK, re-INVITE, BYE, other requests (RFC 3261 §12.2, §14, §15). */
import { randomUint32 } from '../core/random.ts';
import { type Fault, fail } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import { bodyOf, type SipBody, type SipHeader, type SipRequest } from '../wire/sip/message.ts';
import { sendResponse, unacknowledged } from './called-legs.ts';
import { capabilityHeaders, userAgentHeader, withDefaults } from './capabilities.ts';
import { checkBody, checkHeaders } from './command-checks.ts';
import { ackInDialog, type Dialog, refreshTarget, requestInDialog } from './dialog.ts';
import type {
  AcknowledgeCommand,
  EndCause,
  Flow,
  ReinviteCommand,
  RespondCommand,
} from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { InboundRequest, InboundRequests } from './inbound-requests.ts';
import type { AnsweredLeg, LegTable } from './leg.ts';
import type { OutboundRequest, OutboundRequests, Outcome } from './outbound-requests.ts';
import { localResponse, receivedRequest, receivedResponse } from './received.ts';
import { T2 } from './timer-values.ts';
import { isDue, retransmission } from './transaction.ts';
import type { TransactionLayer } from './transaction-layer.ts';

export class AnsweredLegs {
  readonly #environment: SipEnvironment;
  readonly #table: LegTable;
  readonly #transactions: TransactionLayer;
  readonly #inbound: InboundRequests;
  readonly #outbound: OutboundRequests;

  constructor(
    environment: SipEnvironment,
    table: LegTable,
    transactions: TransactionLayer,
    inbound: InboundRequests,
    outbound: OutboundRequests,
  ) {
    this.#environment = environment;
    this.#table = table;
    this.#transactions = transactions;
    this.#inbound = inbound;
    this.#outbound = outbound;
  }

  // --- hanging up ---

  bye(leg: AnsweredLeg, headers: readonly SipHeader[] | undefined): Fault | undefined {
    const checked = checkHeaders(headers);
    if (!checked.ok) return checked.fault;
    if (leg.hangUp === undefined) this.#hangUp(leg, checked.value, { type: 'local' });
    return undefined;
  }

  /** Ends the leg for the call layer now, and on the wire as soon as the RFC allows. */
  #hangUp(leg: AnsweredLeg, headers: readonly SipHeader[], cause: EndCause): void {
    this.#table.announceEnd(leg.key, cause);
    if (leg.heldAck !== undefined) this.#releaseAck(leg, leg.heldAck, undefined);
    this.#refusePending(leg);
    // The callee must not send BYE before the ACK has come or is given up (§15).
    if (leg.answer === undefined) this.#sendBye(leg, headers);
    else this.#table.keep({ ...leg, incomingReinvite: undefined, hangUp: { headers } });
  }

  #sendBye(leg: AnsweredLeg, headers: readonly SipHeader[]): void {
    this.#table.forget(leg.key);
    const dialog = this.#table.dialog(leg.dialog);
    if (dialog === undefined) return;
    const closing = { ...dialog, closing: true };
    const bye = requestInDialog(closing, 'BYE', this.#withAgent(headers), undefined);
    this.#start(this.#outbound.reserve(), { type: 'bye' }, bye);
  }

  byeReceived(leg: AnsweredLeg, request: SipRequest): void {
    this.#refusePending(leg);
    this.#table.forget(leg.key);
    this.#table.forgetDialog(leg.dialog);
    if (leg.hangUp !== undefined) return;
    this.#table.announceEnd(leg.key, { type: 'bye', headers: request.headers });
  }

  /** A re-INVITE that nobody will answer any more (§15.1.2). */
  #refusePending(leg: AnsweredLeg): void {
    const pending = this.#inbound.get(leg.incomingReinvite ?? '');
    if (pending !== undefined) this.#inbound.respond(pending, { status: 487 });
  }

  // --- the peer's re-INVITE ---

  reinviteReceived(leg: AnsweredLeg, request: SipRequest, flow: Flow): void {
    const inbound = this.#inbound.accept(request, flow, leg.key);
    const refusal = this.#reinviteRefusal(leg);
    if (refusal !== undefined) {
      this.#inbound.respond(inbound, refusal);
      return;
    }
    this.#inbound.respond(inbound, { status: 100 });
    const dialog = this.#table.dialog(leg.dialog);
    if (dialog !== undefined) this.#table.keepDialog(refreshTarget(dialog, request));
    this.#table.keep({ ...leg, incomingReinvite: inbound.key });
    const received = receivedRequest(request, flow);
    this.#environment.emit({
      type: 'incoming-reinvite',
      leg: leg.key,
      request: inbound.key,
      received,
    });
  }

  /** §14.2: 500 while another one is unanswered, 491 while ours is or our 2xx has no ACK. */
  #reinviteRefusal(leg: AnsweredLeg): { status: number; headers?: SipHeader[] } | undefined {
    if (leg.hangUp !== undefined) return { status: 481 };
    if (leg.incomingReinvite !== undefined) {
      const value = String(randomUint32(this.#environment.random) % 11);
      return { status: 500, headers: [{ name: 'Retry-After', value }] };
    }
    const isPending =
      leg.reinvite !== undefined || leg.heldAck !== undefined || leg.answer !== undefined;
    return isPending ? { status: 491 } : undefined;
  }

  respond(leg: AnsweredLeg, request: InboundRequest, command: RespondCommand): Fault | undefined {
    const fault = sendResponse(this.#inbound, request, command);
    if (fault !== undefined || command.status < 200) return fault;
    if (leg.incomingReinvite !== request.key) return undefined;
    const answer =
      command.status < 300 ? unacknowledged(request, this.#environment.now) : undefined;
    this.#table.keep({ ...leg, incomingReinvite: undefined, answer });
    return undefined;
  }

  reinviteCancelled(leg: AnsweredLeg, request: InboundRequest): void {
    this.#inbound.respond(request, { status: 487 });
    this.#table.keep({ ...leg, incomingReinvite: undefined });
    this.#environment.emit({ type: 'reinvite-cancelled', leg: leg.key, request: request.key });
  }

  // --- ACKs to our 2xx ---

  acknowledged(leg: AnsweredLeg, ack: SipRequest): void {
    if (leg.answer === undefined || leg.answer.cseq !== ack.cseq.number) return;
    const calm: AnsweredLeg = { ...leg, answer: undefined };
    this.#table.keep(calm);
    if (leg.hangUp !== undefined) {
      this.#sendBye(calm, leg.hangUp.headers);
      return;
    }
    this.#environment.emit({ type: 'acknowledged', leg: leg.key, body: bodyOf(ack) });
  }

  timeout(leg: AnsweredLeg): void {
    const { answer } = leg;
    const { now } = this.#environment;
    if (answer === undefined) return;
    if (isDue(answer.giveUpAt, now)) {
      const calm: AnsweredLeg = { ...leg, answer: undefined };
      this.#table.keep(calm);
      if (leg.hangUp !== undefined) this.#sendBye(calm, leg.hangUp.headers);
      else this.#hangUp(calm, [], { type: 'no-ack' });
      return;
    }
    const resend = retransmission(now, Math.min(answer.resend.interval * 2, T2));
    this.#table.keep({ ...leg, answer: { ...answer, resend } });
    this.#transactions.retransmit(answer.request);
  }

  // --- our re-INVITEs ---

  reinvite(leg: AnsweredLeg, command: ReinviteCommand): Fault | undefined {
    const headers = checkHeaders(command.headers);
    if (!headers.ok) return headers.fault;
    const fault = checkBody(command.body);
    if (fault !== undefined) return fault;
    const dialog = this.#table.dialog(leg.dialog);
    if (dialog === undefined) return fail('sip.unknown-leg', leg.key).fault;
    const isBusy = [leg.reinvite, leg.incomingReinvite, leg.heldAck, leg.answer, leg.hangUp];
    if (isBusy.some((pending) => pending !== undefined)) {
      this.#reinviteFailed(leg, localResponse(491));
      return undefined;
    }
    const defaults = [...capabilityHeaders(this.#environment.options)];
    const all = this.#withAgent(withDefaults(headers.value, defaults));
    const next = requestInDialog(dialog, 'INVITE', all, command.body);
    const lateOffer = command.body === undefined;
    const outbound = this.#outbound.reserve();
    this.#table.keep({ ...leg, reinvite: { outbound, lateOffer } });
    this.#start(outbound, { type: 'reinvite', leg: leg.key }, next);
    return undefined;
  }

  reinviteAnswered(request: OutboundRequest, key: string, outcome: Outcome): void {
    const leg = this.#table.answered(key);
    if (outcome.type === 'response' && outcome.response.status < 300) {
      if (outcome.response.status >= 200) this.#reinviteAccepted(request, leg, outcome);
      return;
    }
    if (leg?.reinvite === undefined) return;
    const calm: AnsweredLeg = { ...leg, reinvite: undefined };
    this.#table.keep(calm);
    if (leg.hangUp !== undefined) return;
    if (outcome.type === 'timeout') {
      this.#hangUp(calm, [], { type: 'timeout' });
    } else if (outcome.type === 'unreachable') {
      this.#reinviteFailed(calm, localResponse(503));
    } else if (outcome.response.status === 481 || outcome.response.status === 408) {
      this.#hangUp(calm, [], { type: 'dialog-lost', status: outcome.response.status });
    } else {
      this.#reinviteFailed(calm, receivedResponse(outcome.response, outcome.hop));
    }
  }

  #reinviteAccepted(
    request: OutboundRequest,
    leg: AnsweredLeg | undefined,
    outcome: Outcome & { type: 'response' },
  ): void {
    const { response, hop } = outcome;
    const known = this.#table.dialog(request.dialog ?? '');
    if (known === undefined) return;
    if (this.#outbound.acknowledgeAgain(request, known.remoteTag)) return;
    if (leg?.heldAck?.outbound === request.key) return;
    const dialog = refreshTarget(known, response);
    this.#table.keepDialog(dialog);
    const holdsAck = leg?.reinvite?.lateOffer === true && bodyOf(response) !== undefined;
    if (!holdsAck) this.#acknowledge(request, dialog, undefined);
    if (leg?.reinvite === undefined) return;
    const heldAck = holdsAck ? { outbound: request.key, remoteTag: dialog.remoteTag } : undefined;
    this.#table.keep({ ...leg, reinvite: undefined, heldAck });
    if (leg.hangUp !== undefined) return;
    const received = receivedResponse(response, hop);
    this.#environment.emit({
      type: 'reinvite-answered',
      leg: leg.key,
      response: received,
      acknowledge: holdsAck,
    });
  }

  #reinviteFailed(leg: AnsweredLeg, response: ReturnType<typeof localResponse>): void {
    const retryAfterMs = response.status === 491 ? this.#glareDelay(leg) : undefined;
    this.#environment.emit({ type: 'reinvite-failed', leg: leg.key, response, retryAfterMs });
  }

  /** §14.1: 2.1 to 4 s for the owner of the Call-ID, else 0 to 2 s, in units of 10 ms. */
  #glareDelay(leg: AnsweredLeg): Millis {
    const isOwner = this.#table.dialog(leg.dialog)?.ownsCallId ?? false;
    const random = randomUint32(this.#environment.random);
    return isOwner ? 2100 + (random % 191) * 10 : (random % 201) * 10;
  }

  // --- the held ACK ---

  acknowledge(leg: AnsweredLeg, command: AcknowledgeCommand): Fault | undefined {
    const fault = checkBody(command.body);
    if (fault !== undefined) return fault;
    if (leg.heldAck === undefined) return fail('sip.no-ack-due', leg.key).fault;
    this.#releaseAck(leg, leg.heldAck, command.body);
    this.#table.keep({ ...leg, heldAck: undefined });
    return undefined;
  }

  #releaseAck(
    leg: AnsweredLeg,
    held: NonNullable<AnsweredLeg['heldAck']>,
    body: SipBody | undefined,
  ): void {
    const request = this.#outbound.get(held.outbound);
    const dialog = this.#table.dialog(leg.dialog);
    if (request !== undefined && dialog !== undefined) this.#acknowledge(request, dialog, body);
  }

  #acknowledge(request: OutboundRequest, dialog: Dialog, body: SipBody | undefined): void {
    this.#outbound.acknowledge(request.key, dialog.remoteTag, {
      draft: ackInDialog(dialog, request.draft, body),
      destination: dialog.observed,
    });
  }

  // --- common to all ---

  /** A request in the dialog met a response that ends it (§12.2.1.2). */
  lost(leg: AnsweredLeg, status: number): void {
    if (leg.hangUp === undefined) this.#hangUp(leg, [], { type: 'dialog-lost', status });
  }

  #start(
    key: string,
    owner: OutboundRequest['owner'],
    made: { readonly dialog: Dialog; readonly draft: OutboundRequest['draft'] },
  ): void {
    this.#table.keepDialog(made.dialog);
    this.#outbound.start(key, {
      owner,
      draft: made.draft,
      dialog: made.dialog.id,
      account: made.dialog.account,
      destination: made.dialog.observed,
      interfaceName: made.dialog.interfaceName,
    });
  }

  #withAgent(headers: readonly SipHeader[]): readonly SipHeader[] {
    return withDefaults(headers, [userAgentHeader(this.#environment.options)]);
  }
}
