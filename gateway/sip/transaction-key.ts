/** Which transaction a message belongs to (RFC 3261 §17.1.3, §17.2.3, with RFC 2543 peers). */

import type { SipRequest, SipResponse } from '../wire/sip/message.ts';
import { tagOf } from '../wire/sip/name-address.ts';
import { MAGIC_COOKIE, type Via } from '../wire/sip/via.ts';

export type TransactionKey = string;

export function clientKey(branch: string, method: string): TransactionKey {
  return `client|${method}|${branch}`;
}

/** The client transaction that a response answers. */
export function clientKeyOf(response: SipResponse): TransactionKey | undefined {
  const branch = response.via.branch;
  return branch === undefined ? undefined : clientKey(branch, response.cseq.method);
}

/** The server transaction that a request makes or repeats; an ACK names its INVITE's. */
export function serverKeyOf(request: SipRequest): TransactionKey {
  return serverKeyFor(request, request.method === 'ACK' ? 'INVITE' : request.method);
}

/** The INVITE transaction that a CANCEL is about (RFC 3261 §9.2). */
export function cancelledKeyOf(cancel: SipRequest): TransactionKey {
  return serverKeyFor(cancel, 'INVITE');
}

function serverKeyFor(request: SipRequest, method: string): TransactionKey {
  const { via } = request;
  if (isRfc3261Branch(via)) {
    return `server|${method}|${via.branch}|${via.host}|${via.port ?? ''}`;
  }
  // RFC 2543: no unique branch, so what stays the same over retransmissions. The To tag is left
  // out, as an ACK has ours and its INVITE none.
  const from = tagOf(request.from) ?? '';
  const { text } = request.requestUri;
  const place = `${via.host}|${via.port ?? ''}|${via.branch ?? ''}`;
  return `server|${method}|${request.callId}|${request.cseq.number}|${from}|${text}|${place}`;
}

/** The bare cookie is no branch of anyone's (RFC 4475 §3.2.1 "badbranch"). */
export function isRfc3261Branch(via: Via): boolean {
  const branch = via.branch ?? '';
  return branch.startsWith(MAGIC_COOKIE) && branch.length > MAGIC_COOKIE.length;
}

/** Two requests with this in common are one request that forked on its way (§8.2.2.2). */
export function mergeKeyOf(request: SipRequest): string {
  const from = tagOf(request.from) ?? '';
  const { number, method } = request.cseq;
  return `${request.callId}|${from}|${number}|${method}|${request.requestUri.text}`;
}
