/** Our INVITEs from command to outcome: forks, CANCEL, late 2xx (RFC 3261 §13.2, §9.1). */
import type { Fault } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import { bodyOf, type SipHeader } from '../wire/sip/message.ts';
import { parseNameAddress, tagOf } from '../wire/sip/name-address.ts';
import { NO_PARAMETERS } from '../wire/sip/parameters.ts';
import { capabilityHeaders, userAgentHeader, withDefaults } from './capabilities.ts';
import { checkHeaders } from './command-checks.ts';
import { ackInDialog, type Dialog, dialogFromResponse, requestInDialog } from './dialog.ts';
import type { CancelCommand, EndCause, InviteCommand, LegKey } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { CallingLeg, Fork, LegTable } from './leg.ts';
import { draftOutOfDialog } from './out-of-dialog.ts';
import type { OutboundRequest, OutboundRequests, Outcome } from './outbound-requests.ts';
import { receivedResponse } from './received.ts';
import { TIMER_C, TRANSACTION_TIMEOUT } from './timer-values.ts';

export class CallingLegs {
  readonly #environment: SipEnvironment;
  readonly #table: LegTable;
  readonly #outbound: OutboundRequests;

  constructor(environment: SipEnvironment, table: LegTable, outbound: OutboundRequests) {
    this.#environment = environment;
    this.#table = table;
    this.#outbound = outbound;
  }

  invite(command: InviteCommand): void {
    const { options } = this.#environment;
    const draft = draftOutOfDialog(this.#environment, command, 'INVITE');
    if (!draft.ok) {
      this.#table.announceEnd(command.leg, { type: 'invalid', fault: draft.fault });
      return;
    }
    const from = parseNameAddress(draft.value.from);
    const fromUser = from.ok ? from.value.uri.user : undefined;
    const defaults = [...capabilityHeaders(options), userAgentHeader(options)];
    const outbound = this.#outbound.reserve();
    this.#table.keep({
      type: 'calling',
      key: command.leg,
      outbound,
      callId: draft.value.callId,
      lateOffer: command.body === undefined,
      heard: false,
      interest: 'open',
      cancelHeaders: [],
      forks: [],
      // Without a limit of the caller's own, timer C, which every 1xx restarts (§16.6, §16.8).
      restartsTimerC: command.ringTimeoutMs === undefined,
      until: this.#environment.now + (command.ringTimeoutMs ?? TIMER_C),
    });
    this.#outbound.start(outbound, {
      owner: { type: 'invite', leg: command.leg },
      draft: {
        ...draft.value,
        contact: { user: command.contactUser ?? fromUser, parameters: NO_PARAMETERS },
        headers: withDefaults(draft.value.headers, defaults),
      },
      account: command.account,
      destination: command.destination,
      interfaceName: command.interfaceName,
    });
  }

  cancel(leg: CallingLeg, command: Pick<CancelCommand, 'headers'>): Fault | undefined {
    const headers = checkHeaders(command.headers);
    if (!headers.ok) return headers.fault;
    if (leg.interest === 'open') this.#giveUp(leg, headers.value, { type: 'local' });
    return undefined;
  }

  /** Nobody answered, or nobody confirmed our CANCEL in 64*T1 (§9.1). */
  timeout(leg: CallingLeg): void {
    if (leg.interest === 'open') {
      this.#giveUp(leg, [], { type: 'no-answer' });
    } else {
      this.#outbound.drop(leg.outbound);
      this.#dropForks(leg, undefined, false);
      this.#table.forget(leg.key);
    }
  }

  answered(request: OutboundRequest, key: LegKey, outcome: Outcome): void {
    const found = this.#table.get(key);
    const leg =
      found?.type === 'calling' && found.callId === request.draft.callId ? found : undefined;
    if (outcome.type === 'response' && outcome.response.status < 300) {
      if (outcome.response.status >= 200) this.#whenAccepted(request, leg, key, outcome);
      else if (leg !== undefined) this.#whenProvisional(request, leg, outcome);
      return;
    }
    if (leg === undefined) return;
    for (const fork of leg.forks) this.#table.forgetDialog(fork.dialog);
    this.#table.forget(key);
    if (leg.interest === 'open') this.#table.announceEnd(key, causeOf(outcome));
  }

  #giveUp(leg: CallingLeg, cancelHeaders: readonly SipHeader[], cause: EndCause): void {
    this.#table.announceEnd(leg.key, cause);
    if (leg.heard) {
      this.#outbound.cancel(leg.outbound, cancelHeaders);
      this.#table.keep({ ...leg, interest: 'cancelled', until: this.#giveUpAt() });
      return;
    }
    this.#table.keep({ ...leg, interest: 'cancel-due', cancelHeaders, until: undefined });
    this.#outbound.abandon(leg.outbound);
    if (this.#outbound.get(leg.outbound) === undefined) this.#table.forget(leg.key);
  }

  #whenProvisional(
    request: OutboundRequest,
    leg: CallingLeg,
    outcome: Outcome & { type: 'response' },
  ): void {
    const { response, hop } = outcome;
    if (leg.interest !== 'open') {
      if (leg.interest === 'cancelled') return;
      this.#outbound.cancel(leg.outbound, leg.cancelHeaders);
      this.#table.keep({ ...leg, heard: true, interest: 'cancelled', until: this.#giveUpAt() });
      return;
    }
    const tag = response.status === 100 ? undefined : tagOf(response.to);
    const fork = tag === undefined ? undefined : this.#forkOf(request, leg, outcome, tag);
    const isNew = fork !== undefined && !leg.forks.some((known) => known.tag === fork.tag);
    const forks = isNew ? [...leg.forks, fork] : leg.forks;
    const restarts = leg.restartsTimerC && response.status > 100;
    const until = restarts ? this.#environment.now + TIMER_C : leg.until;
    this.#table.keep({ ...leg, heard: true, forks, until });
    const received = receivedResponse(response, hop);
    const news = { type: 'provisional', leg: leg.key, response: received } as const;
    this.#environment.emit({ ...news, fork: fork?.tag });
  }

  /** The early dialog of a 1xx (§12.1.2); beyond the limit it rings, and is no fork of its own. */
  #forkOf(
    request: OutboundRequest,
    leg: CallingLeg,
    outcome: Outcome & { type: 'response' },
    tag: string,
  ): Fork | undefined {
    const known = leg.forks.find((fork) => fork.tag === tag);
    if (known !== undefined) return known;
    if (leg.forks.length >= MAX_FORKS) return undefined;
    const dialog = this.#dialogOf(request, leg.key, outcome);
    this.#table.keepDialog(dialog);
    return { tag, dialog: dialog.id };
  }

  #dialogOf(
    request: OutboundRequest,
    leg: LegKey,
    outcome: Outcome & { type: 'response' },
  ): Dialog {
    const { destination, account } = request;
    return dialogFromResponse(request.draft, outcome.response, outcome.hop, leg, {
      destination,
      account,
    });
  }

  #whenAccepted(
    request: OutboundRequest,
    leg: CallingLeg | undefined,
    key: LegKey,
    outcome: Outcome & { type: 'response' },
  ): void {
    const tag = tagOf(outcome.response.to) ?? '';
    if (this.#outbound.acknowledgeAgain(request, tag)) return;
    const fresh = this.#dialogOf(request, key, outcome);
    const known = this.#table.answered(key);
    // The same 2xx again while its ACK waits for the call layer or a resolver.
    if (known?.dialog === fresh.id) return;
    const early = this.#table.dialog(fresh.id);
    const localSeq = Math.max(fresh.localSeq, early?.localSeq ?? 0);
    const dialog = { ...fresh, localSeq, remoteSeq: early?.remoteSeq };
    this.#table.keepDialog(dialog);
    if (leg?.interest !== 'open') {
      if (leg !== undefined) this.#dropForks(leg, tag, false);
      if (leg !== undefined) this.#table.forget(key);
      this.#endUnwanted(request, dialog);
      return;
    }
    this.#take(request, leg, dialog, outcome);
  }

  #take(
    request: OutboundRequest,
    leg: CallingLeg,
    dialog: Dialog,
    outcome: Outcome & { type: 'response' },
  ): void {
    const holdsAck = leg.lateOffer && bodyOf(outcome.response) !== undefined;
    const heldAck = { outbound: request.key, remoteTag: dialog.remoteTag };
    this.#table.keep({
      type: 'answered',
      key: leg.key,
      dialog: dialog.id,
      heldAck: holdsAck ? heldAck : undefined,
    });
    if (!holdsAck) this.#acknowledge(request, dialog);
    this.#dropForks(leg, dialog.remoteTag, true);
    this.#environment.emit({
      type: 'answered',
      leg: leg.key,
      fork: dialog.remoteTag,
      response: receivedResponse(outcome.response, outcome.hop),
      acknowledge: holdsAck,
    });
  }

  #dropForks(leg: CallingLeg, exceptTag: string | undefined, announce: boolean): void {
    for (const fork of leg.forks) {
      if (fork.tag === exceptTag) continue;
      this.#table.forgetDialog(fork.dialog);
      if (announce) {
        this.#environment.emit({ type: 'fork-ended', leg: leg.key, fork: fork.tag });
      }
    }
  }

  /** A 2xx that nobody wants: another fork won, or CANCEL lost the race (§13.2.2.4). */
  #endUnwanted(request: OutboundRequest, dialog: Dialog): void {
    this.#acknowledge(request, dialog);
    const bye = requestInDialog({ ...dialog, closing: true }, 'BYE', [], undefined);
    this.#table.keepDialog(bye.dialog);
    this.#outbound.start(this.#outbound.reserve(), {
      owner: { type: 'bye' },
      draft: bye.draft,
      dialog: dialog.id,
      account: dialog.account,
      destination: dialog.observed,
    });
  }

  #giveUpAt(): Millis {
    return this.#environment.now + TRANSACTION_TIMEOUT;
  }

  #acknowledge(request: OutboundRequest, dialog: Dialog): void {
    this.#outbound.acknowledge(request.key, dialog.remoteTag, {
      draft: ackInDialog(dialog, request.draft, undefined),
      destination: dialog.observed,
    });
  }
}

/** Early dialogs that one INVITE may have: a large hunt group's. */
const MAX_FORKS = 32;

function causeOf(outcome: Outcome): EndCause {
  switch (outcome.type) {
    case 'response':
      return { type: 'rejected', response: receivedResponse(outcome.response, outcome.hop) };
    case 'timeout':
      return { type: 'timeout' };
    default:
      return { type: 'unreachable', fault: outcome.fault };
  }
}
