/** `janus.plugin.sip`: a handle is the signalling of one leg, and of one SIP account. */
import type { ClientAccountEvent } from '../../../account/client-accounts-contract.ts';
import { janusCoreReasonOf, janusHangupOf } from '../../../call/causes.ts';
import type { Cause, ExtraHeaders, LegCommand, LegId } from '../../../call/leg-contract.ts';
import { unreachable } from '../../../core/unreachable.ts';
import { isCallId } from '../../../wire/sip/characters.ts';
import type { Jsep } from '../../jsep.ts';
import { type JsonObject, type JsonValue, readShape } from '../../json.ts';
import {
  causeOfEnding,
  type HandleEnding,
  type Plugin,
  type PluginHandle,
  type PluginMessage,
  type PluginOutlet,
} from '../plugin.ts';
import { declineCause, hangupResult } from './endings.ts';
import { type Refusal, refusalOf, SIP_ERRORS } from './errors.ts';
import { type InCallRequest, isInCallRequest, readInCallRequest } from './in-call-requests.ts';
import { Registration, type RegistrationState } from './registration.ts';
import {
  ACCEPT,
  CALL,
  DECLINE,
  HANGUP,
  headersObject,
  isSipAddress,
  readHeaders,
  readKeying,
} from './requests.ts';

/**
 * The handle's one call. `transaction` is that of the last `call`, `accept` or `progress`, which
 * later events of the call carry; clients rely on it.
 */
type CallState =
  | { readonly kind: 'idle' }
  | (CallFacts & {
      readonly kind: 'calling';
      /** The answer that early media gave, which an answer does not repeat. */
      readonly answered?: string;
    })
  | (CallFacts & { readonly kind: 'called' })
  | (CallFacts & { readonly kind: 'up' });

interface CallFacts {
  readonly leg: LegId;
  readonly callId: string;
  /** The other party's address. */
  readonly party: string;
  readonly transaction?: string;
}

interface SipHandleState {
  readonly registration: RegistrationState;
  readonly call: CallState;
}

/** Requests that real clients send and that have no answer here yet. */
const NOT_YET = new Set(
  'transfer info message subscribe unsubscribe recording keyframe reset'
    .split(' ')
    .concat('rtp_forward stop_rtp_forward listforwarders'.split(' ')),
);

class SipHandle implements PluginHandle {
  readonly #outlet: PluginOutlet;
  readonly #registration: Registration;
  #call: CallState;

  constructor(outlet: PluginOutlet, snapshot?: JsonValue) {
    const state = snapshot as unknown as SipHandleState | undefined;
    this.#outlet = outlet;
    this.#registration = new Registration(outlet, state?.registration);
    this.#call = state?.call ?? { kind: 'idle' };
  }

  get leg(): LegId | undefined {
    return this.#call.kind === 'idle' ? undefined : this.#call.leg;
  }

  message(message: PluginMessage): void {
    const refusal = this.#perform(message);
    if (refusal === undefined) return;
    this.#outlet.event(
      {
        sip: 'event',
        error_code: SIP_ERRORS[refusal.error],
        error: refusal.detail,
        call_id: this.#callId,
      },
      { transaction: message.transaction },
    );
  }

  accountEvent(event: ClientAccountEvent): void {
    this.#registration.accountEvent(event);
  }

  callFacts(transaction: string, facts: JsonObject): void {
    this.#tell({ event: 'call_status', call: facts }, { transaction });
  }

  command(leg: LegId, command: LegCommand): void {
    if (command.type === 'invite') return this.#invited(leg, command);
    if (this.#call.kind === 'idle' || this.#call.leg !== leg) return;
    const call = this.#call;
    switch (command.type) {
      case 'ring':
        return this.#tell({ event: 'ringing', headers: headersObject(command.headers) });
      case 'progress':
        return this.#early(call, command.sdp, command.headers);
      case 'answer':
        return this.#answered(call, command.sdp, command.headers);
      case 'reject':
      case 'cancel':
        return this.#over(command.cause, []);
      case 'hangup':
        return this.#over(command.cause, command.headers);
      case 'reoffer':
        return this.#tell(
          { event: 'updatingcall', username: call.party },
          { jsep: { type: 'offer', sdp: command.sdp } },
        );
      case 'reanswer':
        return this.#tell(
          { event: 'accepted', username: call.party },
          { jsep: { type: 'answer', sdp: command.sdp } },
        );
      case 'reject-reoffer': {
        const { code, reason } = janusHangupOf(command.cause);
        return this.#tell({ event: 'update_failed', code, reason });
      }
      case 'dtmf': {
        const { digit, durationMs } = command;
        return this.#tell({
          event: 'dtmf',
          sender: call.party,
          signal: digit,
          duration: durationMs,
        });
      }
      case 'media':
        return;
      default:
        return unreachable(command);
    }
  }

  end(ending: HandleEnding): void {
    if (this.#call.kind !== 'idle') {
      const cause = causeOfEnding(ending);
      this.#leave(cause, []);
      if (ending === 'hangup') this.#over(cause, [], 'Janus API');
      this.#call = { kind: 'idle' };
    }
    if (ending !== 'hangup') this.#registration.forget();
  }

  snapshot(): JsonValue {
    const state: SipHandleState = { registration: this.#registration.snapshot(), call: this.#call };
    return state as unknown as JsonValue;
  }

  get #callId(): string | undefined {
    return this.#call.kind === 'idle' ? undefined : this.#call.callId;
  }

  #perform(message: PluginMessage): Refusal | undefined {
    const { request } = message.body;
    if (typeof request !== 'string') {
      return { error: 'missingElement', detail: 'Missing mandatory element (request)' };
    }
    if (isInCallRequest(request)) return this.#inCall(message, request);
    switch (request) {
      case 'register':
        return this.#registration.register(message);
      case 'unregister':
        return this.#registration.unregister(message.transaction);
      case 'call':
        return this.#place(message);
      case 'accept':
      case 'progress':
        return this.#accept(message, request);
      case 'decline':
        return this.#decline(message);
      case 'hangup':
        return this.#hangup(message);
      case 'call_status':
        return this.#status(message);
      default: {
        const known = NOT_YET.has(request) ? 'Request is not supported' : 'Unknown request';
        return { error: 'unknownRequest', detail: `${known} (${request.slice(0, 64)})` };
      }
    }
  }

  #place({ body, jsep, transaction, peer }: PluginMessage): Refusal | undefined {
    const registered = this.#registration.registered;
    if (registered === undefined) return wrongState('Register first');
    if (this.#call.kind !== 'idle') return wrongState('Already in a call');
    const read = readShape(body, CALL);
    if (!read.ok) return refusalOf(read.fault);
    const { uri, call_id } = read.value;
    if (!isSipAddress(uri))
      return { error: 'invalidAddress', detail: `Not a SIP address (${uri})` };
    if (call_id !== undefined && !isCallId(call_id)) {
      return { error: 'invalidElement', detail: 'Invalid element (call_id)' };
    }
    const headers = readHeaders(read.value.headers, 'headers');
    if (!headers.ok) return refusalOf(headers.fault);
    const keying = readKeying(read.value.srtp);
    if (!keying.ok) return refusalOf(keying.fault);
    if (jsep?.type !== 'offer') return { error: 'missingSdp', detail: 'An offer is needed' };
    const callId = call_id ?? this.#outlet.randomCallId();
    const leg = this.#outlet.openLeg({
      from: registered.self,
      registration: registered.account,
      to: uri,
      offer: jsep.sdp,
      headers: headers.value,
      callId,
      farKeying: keying.value,
      peer,
    });
    this.#call = { kind: 'calling', leg, callId, party: uri, transaction };
    this.#tell({ event: 'calling' });
    return undefined;
  }

  #accept(message: PluginMessage, request: 'accept' | 'progress'): Refusal | undefined {
    const { body, jsep, transaction } = message;
    const call = this.#call;
    if (call.kind !== 'called') return wrongState('No call to accept');
    const read = readShape(body, ACCEPT);
    if (!read.ok) return refusalOf(read.fault);
    const headers = readHeaders(read.value.headers, 'headers');
    if (!headers.ok) return refusalOf(headers.fault);
    if (jsep?.type !== 'answer') return { error: 'missingSdp', detail: 'An answer is needed' };
    const news = { sdp: jsep.sdp, fork: '', headers: headers.value };
    if (request === 'progress') {
      this.#call = { ...call, transaction };
      this.#tell({ event: 'progressed' });
      this.#outlet.legEvent(call.leg, { type: 'progress', ...news });
      return undefined;
    }
    this.#call = { ...call, kind: 'up', transaction };
    this.#tell({ event: 'accepted' });
    this.#outlet.legEvent(call.leg, { type: 'answered', ...news });
    return undefined;
  }

  #decline({ body, transaction }: PluginMessage): Refusal | undefined {
    if (this.#call.kind !== 'called') return wrongState('No call to decline');
    const read = readShape(body, DECLINE);
    if (!read.ok) return refusalOf(read.fault);
    const { code = 486 } = read.value;
    if (code < 400 || code > 699)
      return { error: 'invalidElement', detail: 'Invalid element (code)' };
    const headers = readHeaders(read.value.headers, 'headers');
    if (!headers.ok) return refusalOf(headers.fault);
    const cause = declineCause(code);
    this.#tell({ event: 'declining', code }, { transaction });
    this.#outlet.legEvent(this.#call.leg, { type: 'rejected', cause, headers: headers.value });
    this.#over(cause, []);
    return undefined;
  }

  #hangup({ body, transaction }: PluginMessage): Refusal | undefined {
    if (this.#call.kind === 'idle') return wrongState('No call to hang up');
    const read = readShape(body, HANGUP);
    if (!read.ok) return refusalOf(read.fault);
    const headers = readHeaders(read.value.headers, 'headers');
    if (!headers.ok) return refusalOf(headers.fault);
    const cause: Cause = { name: this.#call.kind === 'calling' ? 'cancelled' : 'normal' };
    this.#tell({ event: 'hangingup' }, { transaction });
    this.#leave(cause, headers.value);
    this.#over(cause, []);
    return undefined;
  }

  #inCall(message: PluginMessage, request: InCallRequest): Refusal | undefined {
    if (this.#call.kind !== 'up') return wrongState('No call is up');
    const read = readInCallRequest(request, message);
    if (!read.ok) return read.refusal;
    this.#tell({ event: read.confirmation }, { transaction: message.transaction });
    this.#outlet.legEvent(this.#call.leg, read.event);
    return undefined;
  }

  #status({ transaction }: PluginMessage): Refusal | undefined {
    const { leg } = this;
    if (leg === undefined) return wrongState('No call');
    this.#outlet.inspect(leg, transaction);
    return undefined;
  }

  #invited(leg: LegId, invite: Extract<LegCommand, { type: 'invite' }>): void {
    const { from, to, offer, headers } = invite;
    const caller = { displayname: from.displayName, callee: to };
    if (this.#call.kind !== 'idle' || this.#registration.registered === undefined) {
      const name = this.#call.kind === 'idle' ? 'unavailable' : 'busy';
      this.#outlet.event({
        sip: 'event',
        result: { event: 'missed_call', caller: from.uri, ...caller },
      });
      this.#outlet.legEvent(leg, { type: 'rejected', cause: { name }, headers: [] });
      return;
    }
    this.#call = { kind: 'called', leg, callId: this.#outlet.randomCallId(), party: from.uri };
    this.#tell(
      { event: 'incomingcall', username: from.uri, ...caller, headers: headersObject(headers) },
      { jsep: { type: 'offer', sdp: offer } },
    );
    this.#outlet.legEvent(leg, { type: 'ringing', headers: [] });
  }

  #early(call: CallState, sdp: string, headers: ExtraHeaders): void {
    if (call.kind !== 'calling' || call.answered !== undefined) return;
    this.#call = { ...call, answered: sdp };
    this.#tell(
      { event: 'progress', username: call.party, headers: headersObject(headers) },
      { jsep: { type: 'answer', sdp } },
    );
  }

  #answered(call: CallState, sdp: string, headers: ExtraHeaders): void {
    if (call.kind !== 'calling') return;
    const { answered, ...facts } = call;
    this.#call = { ...facts, kind: 'up' };
    this.#tell(
      { event: 'accepted', username: call.party, headers: headersObject(headers) },
      { jsep: answered === undefined ? { type: 'answer', sdp } : undefined },
    );
  }

  /** Tells the call that this side leaves, in the word that the call's state asks for. */
  #leave(cause: Cause, headers: ExtraHeaders): void {
    const call = this.#call;
    switch (call.kind) {
      case 'idle':
        return;
      case 'calling':
        return this.#outlet.legEvent(call.leg, { type: 'cancelled', cause });
      case 'called':
        return this.#outlet.legEvent(call.leg, {
          type: 'rejected',
          cause: { ...cause, name: cause.name === 'normal' ? 'declined' : cause.name },
          headers,
        });
      case 'up':
        return this.#outlet.legEvent(call.leg, { type: 'ended', cause, headers });
      default:
        return unreachable(call);
    }
  }

  /** The call is over, whoever ended it: the client hears of the call, then of its media. */
  #over(cause: Cause, headers: ExtraHeaders, reason = janusCoreReasonOf(cause)): void {
    this.#tell(hangupResult(cause, headers, this.#call.kind === 'up'));
    this.#call = { kind: 'idle' };
    this.#outlet.hangup(reason);
  }

  #tell(
    result: JsonObject,
    more: { readonly transaction?: string; readonly jsep?: Jsep } = {},
  ): void {
    const remembered = this.#call.kind === 'idle' ? undefined : this.#call.transaction;
    this.#outlet.event(
      { sip: 'event', call_id: this.#callId, result },
      { transaction: more.transaction ?? remembered, jsep: more.jsep },
    );
  }
}

function wrongState(detail: string): Refusal {
  return { error: 'wrongState', detail };
}

export const sipPlugin: Plugin = {
  name: 'janus.plugin.sip',
  title: 'SIP',
  description: 'Calls SIP addresses and is called by them.',
  version: 1,
  open: (outlet, snapshot) => new SipHandle(outlet, snapshot),
};
