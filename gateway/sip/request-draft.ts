/** A request as it is before its hop is known: everything but Via and Contact (RFC 3261 §8.1.1). */

import { bracketed } from '../core/ip-address.ts';
import { escapeUser } from '../wire/sip/characters.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import { type Parameters, serialiseParameters } from '../wire/sip/parameters.ts';
import { serialise } from '../wire/sip/serialise.ts';
import type { Hop, SipInterface } from './endpoint-contract.ts';
import { advertised } from './interfaces.ts';

/** Octets as a string of one character each, so that states are plain JSON. */
export type Wire = string;

export function wireOf(bytes: Uint8Array): Wire {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function bytesOf(wire: Wire): Uint8Array {
  return Buffer.from(wire, 'latin1');
}

export interface ContactDraft {
  readonly user: string | undefined;
  readonly parameters: Parameters;
}

export interface RequestDraft {
  readonly method: string;
  readonly requestUri: string;
  /** Complete header values, tags included. */
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: number;
  readonly routes: readonly string[];
  readonly maxForwards: number;
  /** Written once the interface is known. */
  readonly contact?: ContactDraft | undefined;
  readonly headers: readonly SipHeader[];
  readonly contentType?: string | undefined;
  readonly content: Wire;
}

export const INITIAL_MAX_FORWARDS = 70;

/** The body fields of a draft. */
export function draftBody(
  body: SipBody | undefined,
): Pick<RequestDraft, 'contentType' | 'content'> {
  if (body === undefined) return { contentType: undefined, content: '' };
  return { contentType: body.contentType, content: wireOf(body.content) };
}

/** The top Via of a request on `hop`; it always asks for rport (RFC 3581 §3). */
export function viaFor(choice: SipInterface, hop: Hop, branch: string): string {
  const { host, port } = advertised(choice, hop.address);
  const sentBy = `${bracketed(host)}:${port}`;
  return `SIP/2.0/${hop.transport.toUpperCase()} ${sentBy};rport;branch=${branch}`;
}

/** Our Contact towards the peer of `hop`. */
export function contactFor(choice: SipInterface, hop: Hop, draft: ContactDraft): string {
  const { host, port } = advertised(choice, hop.address);
  const user = draft.user === undefined ? '' : `${escapeUser(draft.user)}@`;
  const transport = hop.transport === 'udp' ? '' : `;transport=${hop.transport}`;
  const uri = `<sip:${user}${bracketed(host)}:${port}${transport}>`;
  return `${uri}${serialiseParameters(draft.parameters)}`;
}

/** The finished request. */
export function writeRequest(draft: RequestDraft, via: string, contact: string | undefined): Wire {
  const headers: SipHeader[] = [
    { name: 'Via', value: via },
    { name: 'Max-Forwards', value: String(draft.maxForwards) },
    ...draft.routes.map((value) => ({ name: 'Route', value })),
    { name: 'From', value: draft.from },
    { name: 'To', value: draft.to },
    { name: 'Call-ID', value: draft.callId },
    { name: 'CSeq', value: `${draft.cseq} ${draft.method}` },
  ];
  if (contact !== undefined) headers.push({ name: 'Contact', value: contact });
  headers.push(...draft.headers);
  if (draft.contentType !== undefined) {
    headers.push({ name: 'Content-Type', value: draft.contentType });
  }
  const startLine = `${draft.method} ${draft.requestUri} SIP/2.0`;
  return wireOf(serialise({ startLine, headers, content: bytesOf(draft.content) }));
}

/**
 * The CANCEL of a request, or the ACK to its non-2xx response: same Request-URI, top Via, Route,
 * From, Call-ID and CSeq number (RFC 3261 §9.1, §17.1.1.3).
 */
export function writeCompanion(
  draft: RequestDraft,
  via: string,
  method: 'ACK' | 'CANCEL',
  to: string,
  headers: readonly SipHeader[],
): Wire {
  const companion: RequestDraft = {
    ...draft,
    method,
    to,
    headers,
    maxForwards: INITIAL_MAX_FORWARDS,
    contentType: undefined,
    content: '',
  };
  return writeRequest(companion, via, undefined);
}
