/** How the end of a call is told to a client, and how a client's own ending is told to the call. */
import { describe, janusHangupOf, q850Of } from '../../../call/causes.ts';
import type { Cause, ExtraHeaders } from '../../../call/leg-contract.ts';
import type { JsonObject } from '../../json.ts';
import { headersObject } from './requests.ts';

/** What BYE means to clients: a call that was up ended, whatever made somebody end it. */
const ENDED = { code: 200, reason: 'Session Terminated' } as const;

/** The `hangup` event. Of a call that was up, its reason stands in the fields of Reason headers. */
export function hangupResult(cause: Cause, headers: ExtraHeaders, wasUp: boolean): JsonObject {
  const told = wasUp && cause.sip === undefined ? ENDED : janusHangupOf(cause);
  return {
    event: 'hangup',
    ...told,
    reason_header: describe(cause),
    reason_header_protocol: 'Q.850',
    reason_header_cause: String(q850Of(cause)),
    headers: headersObject(headers),
  };
}

const DECLINE_PHRASES: { readonly [code: number]: string } = {
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  600: 'Busy Everywhere',
  603: 'Decline',
};

/** The cause of a client's `decline`, with the status that it chose. */
export function declineCause(code: number): Cause {
  const reason = DECLINE_PHRASES[code] ?? 'Declined';
  const name = code === 486 || code === 600 ? 'busy' : 'declined';
  return { name, sip: { status: code, reason } };
}
