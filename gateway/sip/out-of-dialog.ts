/** Drafts of requests outside any dialog, from commands (RFC 3261 §8.1.1). */
import { fail, type Result, succeed } from '../core/result.ts';
import { decimal } from '../wire/sip/characters.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import {
  checkAddress,
  checkBody,
  checkHeaders,
  checkRoutes,
  checkUri,
  takeHeader,
} from './command-checks.ts';
import type { SipEnvironment } from './environment.ts';
import { draftBody, INITIAL_MAX_FORWARDS, type RequestDraft } from './request-draft.ts';

export interface OutOfDialogParts {
  readonly requestUri: string;
  readonly from: string;
  readonly to: string;
  readonly headers?: readonly SipHeader[] | undefined;
  readonly body?: SipBody | undefined;
  readonly route?: readonly string[] | undefined;
}

/** Methods whose Contact is ours: a second one would be another address (RFC 3261 §20.10). */
const WITH_OWN_CONTACT = new Set(['INVITE', 'REGISTER']);

/** A first request with a new Call-ID and tag, or why the command cannot become one. */
export function draftOutOfDialog(
  environment: SipEnvironment,
  parts: OutOfDialogParts,
  method: string,
): Result<RequestDraft> {
  const mayName = WITH_OWN_CONTACT.has(method) ? ['Max-Forwards'] : ['Max-Forwards', 'Contact'];
  const headers = checkHeaders(parts.headers, mayName);
  if (!headers.ok) return headers;
  const from = checkAddress(parts.from);
  if (!from.ok) return from;
  const to = checkAddress(parts.to);
  if (!to.ok) return to;
  const fault = checkUri(parts.requestUri) ?? checkRoutes(parts.route) ?? checkBody(parts.body);
  if (fault !== undefined) return { ok: false, fault };
  const hops = takeHeader(headers.value, 'Max-Forwards');
  const maxForwards = hops.value === undefined ? INITIAL_MAX_FORWARDS : decimal(hops.value, 255);
  if (maxForwards === undefined) return fail('sip.max-forwards', 'not from 0 to 255');
  return succeed({
    method,
    requestUri: parts.requestUri,
    from: `${from.value};tag=${environment.newTag()}`,
    to: to.value,
    callId: environment.newCallId(),
    cseq: 1,
    routes: parts.route ?? [],
    maxForwards,
    headers: hops.rest,
    ...draftBody(parts.body),
  });
}
