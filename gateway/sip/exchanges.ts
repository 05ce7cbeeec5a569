/** Non-INVITE requests of the call layer, in a dialog or outside any (RFC 3261 §8, §12.2). */
import { type Fault, fail } from '../core/result.ts';
import type { AnsweredLegs } from './answered-legs.ts';
import { userAgentHeader, withDefaults } from './capabilities.ts';
import { checkBody, checkHeaders } from './command-checks.ts';
import { requestInDialog } from './dialog.ts';
import type { RequestCommand, SendCommand } from './endpoint-contract.ts';
import type { SipEnvironment } from './environment.ts';
import type { Leg, LegTable } from './leg.ts';
import { draftOutOfDialog } from './out-of-dialog.ts';
import type {
  OutboundRequest,
  OutboundRequests,
  Outcome,
  RequestOwner,
} from './outbound-requests.ts';
import { localResponse, receivedResponse } from './received.ts';

/** Methods that have commands of their own. */
const NOT_EXCHANGES = new Set(['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER']);

export class Exchanges {
  readonly #environment: SipEnvironment;
  readonly #table: LegTable;
  readonly #outbound: OutboundRequests;
  readonly #answered: AnsweredLegs;

  constructor(
    environment: SipEnvironment,
    table: LegTable,
    outbound: OutboundRequests,
    answered: AnsweredLegs,
  ) {
    this.#environment = environment;
    this.#table = table;
    this.#outbound = outbound;
    this.#answered = answered;
  }

  send(command: SendCommand): Fault | undefined {
    if (NOT_EXCHANGES.has(command.method)) return fail('sip.method', command.method).fault;
    const draft = draftOutOfDialog(this.#environment, command, command.method);
    if (!draft.ok) return draft.fault;
    const agent = userAgentHeader(this.#environment.options);
    this.#outbound.start(this.#outbound.reserve(), {
      owner: { type: 'exchange', exchange: command.exchange },
      draft: { ...draft.value, headers: withDefaults(draft.value.headers, [agent]) },
      account: command.account,
      destination: command.destination,
      interfaceName: command.interfaceName,
    });
    return undefined;
  }

  request(command: RequestCommand): Fault | undefined {
    if (NOT_EXCHANGES.has(command.method)) return fail('sip.method', command.method).fault;
    const headers = checkHeaders(command.headers, ['RAck']);
    if (!headers.ok) return headers.fault;
    const fault = checkBody(command.body);
    if (fault !== undefined) return fault;
    const leg = this.#table.get(command.leg);
    const id = leg && dialogOf(leg, command.fork);
    const dialog = id === undefined ? undefined : this.#table.dialog(id);
    if (dialog === undefined) return fail('sip.unknown-dialog', command.leg).fault;
    const all = withDefaults(headers.value, [userAgentHeader(this.#environment.options)]);
    const next = requestInDialog(dialog, command.method, all, command.body);
    this.#table.keepDialog(next.dialog);
    this.#outbound.start(this.#outbound.reserve(), {
      owner: { type: 'exchange', exchange: command.exchange, leg: command.leg },
      draft: next.draft,
      dialog: dialog.id,
      account: dialog.account,
      destination: dialog.observed,
      interfaceName: dialog.interfaceName,
    });
    return undefined;
  }

  answered(
    _request: OutboundRequest,
    owner: RequestOwner & { type: 'exchange' },
    outcome: Outcome,
  ): void {
    if (outcome.type === 'response' && outcome.response.status < 200) return;
    const response =
      outcome.type === 'response'
        ? receivedResponse(outcome.response, outcome.hop)
        : localResponse(outcome.type === 'timeout' ? 408 : 503);
    this.#environment.emit({ type: 'response', exchange: owner.exchange, response });
    if (outcome.type !== 'response' || owner.leg === undefined) return;
    // 408 and 481 from the peer mean that it has no such dialog (§12.2.1.2). Silence does not:
    // phones that ignore an INFO still talk.
    const leg = this.#table.answered(owner.leg);
    const isLost = response.status === 481 || response.status === 408;
    if (leg !== undefined && isLost) this.#answered.lost(leg, response.status);
  }
}

function dialogOf(leg: Leg, fork: string | undefined): string | undefined {
  if (leg.type !== 'calling') return leg.dialog;
  if (fork === undefined && leg.forks.length !== 1) return undefined;
  return fork === undefined
    ? leg.forks[0]?.dialog
    : leg.forks.find((known) => known.tag === fork)?.dialog;
}
