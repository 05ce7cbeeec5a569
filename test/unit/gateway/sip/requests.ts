/** Requests of a stranger for the unit tests of the SIP layer. */
import type { SipRequest, SipResponse } from '../../../../gateway/wire/sip/message.ts';
import { parseMessage } from '../../../../gateway/wire/sip/parse-message.ts';

export interface Wanted {
  readonly method?: string;
  readonly uri?: string;
  readonly branch?: string;
  readonly via?: string;
  readonly to?: string;
  readonly cseq?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

export function requestText(wanted: Wanted = {}): string {
  const { method = 'INVITE', uri = 'sip:bob@192.0.2.2', branch = 'z9hG4bKone', cseq = 1 } = wanted;
  const { via = `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch}`, to = '<sip:bob@192.0.2.2>' } =
    wanted;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${via}`,
    'Max-Forwards: 70',
    'From: <sip:alice@192.0.2.1>;tag=a',
    `To: ${to}`,
    'Call-ID: call',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:alice@192.0.2.1>',
    ...(wanted.headers ?? []),
    `Content-Length: ${wanted.body?.length ?? 0}`,
    '',
    wanted.body ?? '',
  ].join('\r\n');
}

export function request(wanted: Wanted = {}): SipRequest {
  const parsed = parseMessage(Buffer.from(requestText(wanted)), 'datagram');
  if (!parsed.ok || parsed.value.type !== 'request') throw new Error('not a request');
  return parsed.value;
}

export function response(status: number, headers: readonly string[] = []): SipResponse {
  const text = requestText({ to: '<sip:bob@192.0.2.2>;tag=b', headers });
  const bytes = Buffer.from(text.replace(/^[^\r]*/, `SIP/2.0 ${status} X`));
  const parsed = parseMessage(bytes, 'datagram');
  if (!parsed.ok || parsed.value.type !== 'response') throw new Error('not a response');
  return parsed.value;
}
