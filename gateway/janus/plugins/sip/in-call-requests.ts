/** Requests about a call that is up: hold, resume, digits, renegotiation. */
import type { LegEvent } from '../../../call/leg-contract.ts';
import { readShape } from '../../json.ts';
import type { PluginMessage } from '../plugin.ts';
import { type Refusal, refusalOf } from './errors.ts';
import { HOLD, readDigit, readHoldDirection } from './requests.ts';

export const IN_CALL_REQUESTS = ['hold', 'unhold', 'dtmf_info', 'update'] as const;
export type InCallRequest = (typeof IN_CALL_REQUESTS)[number];

export type ReadInCall =
  | {
      readonly ok: true;
      /** What the call is told. */
      readonly event: LegEvent;
      /** The event that confirms the request to the client. */
      readonly confirmation: string;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export function isInCallRequest(request: string): request is InCallRequest {
  return (IN_CALL_REQUESTS as readonly string[]).includes(request);
}

export function readInCallRequest(request: InCallRequest, message: PluginMessage): ReadInCall {
  switch (request) {
    case 'hold':
      return readHold(message);
    case 'unhold':
      return { ok: true, event: { type: 'resume' }, confirmation: 'resuming' };
    case 'dtmf_info': {
      const digit = readDigit(message.body);
      if (!digit.ok) return { ok: false, refusal: refusalOf(digit.fault) };
      return { ok: true, event: { type: 'dtmf', ...digit.value }, confirmation: 'dtmfsent' };
    }
    case 'update':
      return readUpdate(message);
  }
}

function readHold({ body }: PluginMessage): ReadInCall {
  const read = readShape(body, HOLD);
  if (!read.ok) return { ok: false, refusal: refusalOf(read.fault) };
  const direction = readHoldDirection(read.value.direction);
  if (!direction.ok) return { ok: false, refusal: refusalOf(direction.fault) };
  return { ok: true, event: { type: 'hold', direction: direction.value }, confirmation: 'holding' };
}

function readUpdate({ jsep }: PluginMessage): ReadInCall {
  if (jsep === undefined) {
    return { ok: false, refusal: { error: 'missingSdp', detail: 'A description is needed' } };
  }
  const { type, sdp } = jsep;
  return type === 'offer'
    ? { ok: true, event: { type: 'reoffered', sdp }, confirmation: 'updating' }
    : { ok: true, event: { type: 'reanswered', sdp }, confirmation: 'updated' };
}
