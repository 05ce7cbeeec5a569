/** Responses: where they go and what they echo (RFC 3261 §8.2.6, §18.2, RFC 3581 §4). */
import { isIpAddress, sameAddress } from '../core/ip-address.ts';
import { type SipHeader, type SipRequest, splitList } from '../wire/sip/message.ts';
import { tagOf } from '../wire/sip/name-address.ts';
import { parameter, withParameter } from '../wire/sip/parameters.ts';
import { serialise } from '../wire/sip/serialise.ts';
import { serialiseVia, type Via } from '../wire/sip/via.ts';
import type { Flow, Hop } from './endpoint-contract.ts';
import { defaultPort } from './next-hop.ts';
import { reasonPhrase } from './reason-phrases.ts';
import { bytesOf, type Wire, wireOf } from './request-draft.ts';

/** What every response to one request has in common. */
export interface ReplyTemplate {
  /** Via with received and rport, From, Call-ID, CSeq. */
  readonly echoed: readonly SipHeader[];
  /** To without our tag; with it if the request had one. */
  readonly to: string;
  readonly hasTag: boolean;
}

export interface Reply {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers: readonly SipHeader[];
  readonly contentType?: string | undefined;
  readonly content: Wire;
}

export function replyTemplate(request: SipRequest, flow: Flow): ReplyTemplate {
  const template = echoOf(request.headers, stamped(request.via, flow));
  return { ...template, hasTag: tagOf(request.to) !== undefined };
}

/** The same for a request that could not be parsed as a whole. */
export function roughReplyTemplate(headers: readonly SipHeader[]): ReplyTemplate {
  const template = echoOf(headers, undefined);
  return { ...template, hasTag: /;\s*tag\s*=/i.test(template.to) };
}

function echoOf(headers: readonly SipHeader[], top: string | undefined) {
  const echoed: SipHeader[] = [];
  let to = '';
  let isTop = true;
  for (const header of headers) {
    if (header.name === 'Via' && isTop && top !== undefined) {
      const [, ...below] = splitList(header.value);
      echoed.push({ name: 'Via', value: [top, ...below].join(', ') });
      isTop = false;
    } else if (ECHOED.has(header.name)) {
      echoed.push(header);
    } else if (header.name === 'To') {
      to = header.value;
    }
  }
  return { echoed, to };
}

const ECHOED = new Set(['Via', 'From', 'Call-ID', 'CSeq']);

/** The top Via with the source it came from (RFC 3261 §18.2.1, RFC 3581 §4). */
function stamped(via: Via, flow: Flow): string {
  const wantsPort = parameter(via.parameters, 'rport') !== undefined;
  let { parameters } = via;
  if (wantsPort) parameters = withParameter(parameters, 'rport', String(flow.remotePort));
  if (wantsPort || !isFrom(via, flow)) {
    parameters = withParameter(parameters, 'received', flow.remoteAddress);
  }
  return serialiseVia({ ...via, parameters });
}

function isFrom(via: Via, flow: Flow): boolean {
  return isIpAddress(via.host) && sameAddress(via.host, flow.remoteAddress);
}

/**
 * Where responses go. A peer without rport that is seen at another address than it says sits
 * behind a NAT, which only lets through what comes back to the same port.
 */
export function replyHop(via: Via | undefined, flow: Flow): Hop {
  const { transport, interfaceName, remoteAddress: address, key } = flow;
  const bySource =
    via === undefined || parameter(via.parameters, 'rport') !== undefined || !isFrom(via, flow);
  const sentByPort = via?.port ?? defaultPort(transport);
  if (transport === 'udp') {
    const port = bySource ? flow.remotePort : sentByPort;
    return { transport, interfaceName, address, port };
  }
  // Should the connection be gone, a new one goes to the sent-by port (RFC 3261 §18.2.2).
  return { transport, interfaceName, address, port: sentByPort, flow: key };
}

export function writeReply(template: ReplyTemplate, tag: string | undefined, reply: Reply): Wire {
  const { status, reason } = reply;
  const to = template.hasTag || tag === undefined ? template.to : `${template.to};tag=${tag}`;
  const headers: SipHeader[] = [...template.echoed, { name: 'To', value: to }, ...reply.headers];
  if (reply.contentType !== undefined) {
    headers.push({ name: 'Content-Type', value: reply.contentType });
  }
  const startLine = `SIP/2.0 ${status} ${reason ?? reasonPhrase(status)}`;
  return wireOf(serialise({ startLine, headers, content: bytesOf(reply.content) }));
}
