/** A dialog as a value, and the requests made and taken in it (RFC 3261 §12). */
import { isIpAddress, sameAddress } from '../core/ip-address.ts';
import { isPrivateAddress } from '../core/ip-network.ts';
import {
  headerValue,
  headerValues,
  type SipBody,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../wire/sip/message.ts';
import { type NameAddress, parseNameAddress, tagOf } from '../wire/sip/name-address.ts';
import { NO_PARAMETERS, parameter } from '../wire/sip/parameters.ts';
import type { SipUri } from '../wire/sip/uri.ts';
import type { AccountKey, Destination, Flow, Hop, LegKey } from './endpoint-contract.ts';
import { draftBody, INITIAL_MAX_FORWARDS, type RequestDraft } from './request-draft.ts';

export interface Dialog {
  readonly id: string;
  readonly leg: LegKey;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Header values with their tags. */
  readonly local: string;
  readonly remote: string;
  readonly localSeq: number;
  readonly remoteSeq: number | undefined;
  readonly remoteTarget: string;
  readonly routes: readonly string[];
  readonly contactUser: string | undefined;
  readonly interfaceName: string;
  /** Where requests go in spite of target and routes: the source seen through a NAT. */
  readonly observed?: Destination | undefined;
  readonly account?: AccountKey | undefined;
  /** We began the call: glare has a back-off range for each side (§14.1). */
  readonly ownsCallId: boolean;
  /** We sent BYE: nothing but its answer is awaited. */
  readonly closing: boolean;
}

export function dialogId(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}|${localTag}|${remoteTag}`;
}

/** The dialog that a request claims to be in; undefined when it has no To tag. */
export function dialogIdOf(request: SipRequest): string | undefined {
  const localTag = tagOf(request.to);
  if (localTag === undefined) return undefined;
  return dialogId(request.callId, localTag, tagOf(request.from) ?? '');
}

/** The callee's side of a dialog, from the INVITE (§12.1.1). */
export function dialogFromRequest(
  request: SipRequest,
  flow: Flow,
  localTag: string,
  leg: LegKey,
): Dialog {
  const remoteTag = tagOf(request.from) ?? '';
  const routes = headerValues(request.headers, 'Record-Route');
  const target = contactOf(request)?.uri ?? request.from.uri;
  return {
    id: dialogId(request.callId, localTag, remoteTag),
    leg,
    callId: request.callId,
    localTag,
    remoteTag,
    local: `${headerValue(request.headers, 'To') ?? ''};tag=${localTag}`,
    remote: headerValue(request.headers, 'From') ?? '',
    localSeq: 0,
    remoteSeq: request.cseq.number,
    remoteTarget: target.text,
    routes,
    contactUser: request.requestUri.user,
    interfaceName: flow.interfaceName,
    observed: routes.length === 0 ? observedFor(target, flow, viaHidden(request, flow)) : undefined,
    ownsCallId: false,
    closing: false,
  };
}

/** The caller's side of a dialog, from the first response with its To tag (§12.1.2). */
export function dialogFromResponse(
  draft: RequestDraft,
  response: SipResponse,
  hop: Hop,
  leg: LegKey,
  forced: { readonly destination?: Destination; readonly account?: AccountKey },
): Dialog {
  const localTag = tagOf(response.from) ?? '';
  const remoteTag = tagOf(response.to) ?? '';
  const routes = headerValues(response.headers, 'Record-Route').reverse();
  const contact = contactOf(response);
  const source: Destination = { ...hop };
  return {
    id: dialogId(draft.callId, localTag, remoteTag),
    leg,
    callId: draft.callId,
    localTag,
    remoteTag,
    local: draft.from,
    remote: headerValue(response.headers, 'To') ?? draft.to,
    localSeq: draft.cseq,
    remoteSeq: undefined,
    remoteTarget: contact?.uri.text ?? draft.requestUri,
    routes,
    contactUser: draft.contact?.user,
    interfaceName: hop.interfaceName,
    observed: routes.length === 0 ? followedFor(contact?.uri, source, forced) : undefined,
    account: forced.account,
    ownsCallId: true,
    closing: false,
  };
}

/** A registered contact was reached at its observed source, so its dialog stays there. */
function followedFor(
  target: SipUri | undefined,
  source: Destination,
  forced: { readonly destination?: Destination },
): Destination | undefined {
  if (forced.destination?.flow !== undefined) return forced.destination;
  if (target === undefined) return source;
  if (forced.destination !== undefined && isUnreachable(target, source.address)) return source;
  return observedFor(target, source, false);
}

/** The observed source, when the target cannot be what it says. */
function observedFor(
  target: SipUri,
  source: Flow | Destination,
  isHidden: boolean,
): Destination | undefined {
  const seen = 'remoteAddress' in source ? sourceOf(source) : source;
  if (target.host.endsWith('.invalid')) return seen;
  if (!isIpAddress(target.host)) return undefined;
  if (sameAddress(target.host, seen.address)) {
    // On a connection the same host is best reached by the connection itself (RFC 5923 §5).
    return seen.transport === 'udp' || seen.flow === undefined ? undefined : seen;
  }
  return isHidden || isUnreachable(target, seen.address) ? seen : undefined;
}

/** A private address told by a peer that is seen at a public one. */
function isUnreachable(target: SipUri, seenAddress: string): boolean {
  return isPrivateAddress(target.host) && !isPrivateAddress(seenAddress);
}

/** The sender does not know the address it is seen at: there is a NAT between (RFC 3581). */
function viaHidden(request: SipRequest, flow: Flow): boolean {
  return isIpAddress(request.via.host) && !sameAddress(request.via.host, flow.remoteAddress);
}

function sourceOf(flow: Flow): Destination {
  const { transport, remoteAddress: address, remotePort: port } = flow;
  return transport === 'udp'
    ? { transport, address, port }
    : { transport, address, port, flow: flow.key };
}

export function contactOf(message: SipMessage): NameAddress | undefined {
  const [value] = headerValues(message.headers, 'Contact');
  const parsed = value === undefined ? undefined : parseNameAddress(value);
  return parsed?.ok ? parsed.value : undefined;
}

/** A target refresh request or response moves the remote target, never the route set (§12.2). */
export function refreshTarget(dialog: Dialog, message: SipMessage): Dialog {
  const contact = contactOf(message);
  return contact === undefined ? dialog : { ...dialog, remoteTarget: contact.uri.text };
}

/** What the sequence number of a request from the peer means (§12.2.2). */
export function sequenceOf(dialog: Dialog, request: SipRequest): 'next' | 'late' {
  if (dialog.remoteSeq !== undefined && request.cseq.number < dialog.remoteSeq) return 'late';
  return 'next';
}

/** A request of ours in the dialog; the dialog's next state has its number (§12.2.1.1). */
export function requestInDialog(
  dialog: Dialog,
  method: string,
  headers: readonly SipHeader[],
  body: SipBody | undefined,
): { readonly dialog: Dialog; readonly draft: RequestDraft } {
  const cseq = dialog.localSeq + 1;
  const draft = draftInDialog(dialog, method, cseq, headers, body);
  return { dialog: { ...dialog, localSeq: cseq }, draft };
}

/** The ACK to a 2xx: the INVITE's number, and its credentials (§13.2.2.4). */
export function ackInDialog(
  dialog: Dialog,
  invite: RequestDraft,
  body: SipBody | undefined,
): RequestDraft {
  const credentials = invite.headers.filter((header) => header.name.endsWith('uthorization'));
  return draftInDialog(dialog, 'ACK', invite.cseq, credentials, body);
}

/** Methods whose requests carry a Contact, as they refresh the target or make usages. */
const WITH_CONTACT = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);

function draftInDialog(
  dialog: Dialog,
  method: string,
  cseq: number,
  headers: readonly SipHeader[],
  body: SipBody | undefined,
): RequestDraft {
  const contact = WITH_CONTACT.has(method)
    ? { user: dialog.contactUser, parameters: NO_PARAMETERS }
    : undefined;
  return {
    method,
    ...routed(dialog),
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    cseq,
    maxForwards: INITIAL_MAX_FORWARDS,
    contact,
    headers,
    ...draftBody(body),
  };
}

/** Request-URI and Route; a first route without `lr` is a strict router's (§12.2.1.1). */
function routed(dialog: Dialog): Pick<RequestDraft, 'requestUri' | 'routes'> {
  const [first, ...rest] = dialog.routes;
  const parsed = first === undefined ? undefined : parseNameAddress(first);
  if (parsed?.ok && parameter(parsed.value.uri.parameters, 'lr') === undefined) {
    const routes = [...rest, `<${dialog.remoteTarget}>`];
    return { requestUri: parsed.value.uri.text, routes };
  }
  return { requestUri: dialog.remoteTarget, routes: dialog.routes };
}
