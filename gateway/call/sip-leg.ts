/** A leg whose signalling is SIP: the call's words put into the SIP endpoint's, and back. */
import type { Destination, RequestKey, SipCommand } from '../sip/endpoint-contract.ts';
import { quote } from '../wire/sip/characters.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import { reasonHeadersOf, sipStatusOf } from './causes.ts';
import { DTMF_RELAY_TYPE, formatDtmfRelay } from './dtmf-relay.ts';
import type { ExtraHeaders, LegCommand, LegId, Party } from './leg-contract.ts';

/** What must be remembered of a SIP leg between its messages; plain JSON. */
export interface SipLeg {
  readonly leg: LegId;
  readonly role: 'caller' | 'callee';
  state: 'early' | 'answered' | 'ending';
  /** The INVITE or re-INVITE of theirs that waits for our final response. */
  request?: RequestKey;
  /** Numbers our requests within the dialog. */
  exchanges: number;
}

export interface SipLegPorts {
  /** Where a registered binding is reached now; undefined once it is gone. */
  bindingOf(flow: string): Destination | undefined;
}

export function newSipLeg(leg: LegId, role: SipLeg['role'], request?: RequestKey): SipLeg {
  return { leg, role, state: 'early', request, exchanges: 0 };
}

/** The endpoint's commands that carry out one command of the call's. */
export function sipCommandsOf(leg: SipLeg, command: LegCommand, ports: SipLegPorts): SipCommand[] {
  switch (command.type) {
    case 'invite':
      return [inviteOf(leg, command, ports)];
    case 'ring':
      return respond(leg, 180, 'Ringing', command.headers);
    case 'progress':
      return respond(leg, 183, 'Session Progress', command.headers, command.sdp);
    case 'answer':
      leg.state = 'answered';
      return respondFinally(leg, 200, 'OK', command.headers, command.sdp);
    case 'reject': {
      leg.state = 'ending';
      const { status, reason } = sipStatusOf(command.cause);
      const headers = [...command.headers, ...reasonHeadersOf(command.cause)];
      return respondFinally(leg, status, reason, headers);
    }
    case 'cancel':
      leg.state = 'ending';
      return [{ type: 'cancel', leg: leg.leg, headers: headersOf(reasonHeadersOf(command.cause)) }];
    case 'hangup': {
      leg.state = 'ending';
      const headers = headersOf([...command.headers, ...reasonHeadersOf(command.cause)]);
      return [{ type: 'bye', leg: leg.leg, headers }];
    }
    case 'reoffer':
      return [{ type: 'reinvite', leg: leg.leg, body: sdpBody(command.sdp) }];
    case 'reanswer':
      return respondFinally(leg, 200, 'OK', [], command.sdp);
    case 'reject-reoffer': {
      const { status, reason } = sipStatusOf(command.cause);
      return respondFinally(leg, status, reason, []);
    }
    case 'dtmf':
      return [infoOf(leg, formatDtmfRelay(command))];
    case 'media':
      return [];
  }
}

function inviteOf(
  leg: SipLeg,
  command: Extract<LegCommand, { type: 'invite' }>,
  ports: SipLegPorts,
): SipCommand {
  const { route } = command;
  const common = {
    type: 'invite',
    leg: leg.leg,
    from: nameAddressOf(command.from),
    to: `<${command.to}>`,
    headers: headersOf(command.headers),
    body: sdpBody(command.offer),
    interfaceName: command.interface,
  } as const;
  switch (route.kind) {
    case 'binding':
      return { ...common, requestUri: route.contact, destination: ports.bindingOf(route.flow) };
    case 'janus':
      return { ...common, requestUri: command.to };
    case 'sip':
      return {
        ...common,
        requestUri: withTransport(command.to, route.transport),
        route: route.proxy === undefined ? undefined : [looseRoute(route.proxy)],
        account: route.credentials,
      };
  }
}

/** UDP is what a URI without the parameter means (RFC 3263 §4.1). */
function withTransport(uri: string, transport: 'udp' | 'tcp' | undefined): string {
  const named = /;transport=/i.test(uri) || transport === undefined || transport === 'udp';
  return named ? uri : `${uri};transport=${transport}`;
}

/** RFC 3261 §19.1.1: without `lr` the proxy would rewrite our Request-URI. */
function looseRoute(proxy: string): string {
  return /;lr\b/i.test(proxy) ? `<${proxy}>` : `<${proxy};lr>`;
}

function respond(
  leg: SipLeg,
  status: number,
  reason: string,
  headers: ExtraHeaders,
  sdp?: string,
): SipCommand[] {
  if (leg.request === undefined) return [];
  const body = sdp === undefined ? undefined : sdpBody(sdp);
  const { request } = leg;
  return [{ type: 'respond', request, status, reason, headers: headersOf(headers), body }];
}

function respondFinally(
  leg: SipLeg,
  status: number,
  reason: string,
  headers: ExtraHeaders,
  sdp?: string,
): SipCommand[] {
  const commands = respond(leg, status, reason, headers, sdp);
  leg.request = undefined;
  return commands;
}

function infoOf(leg: SipLeg, content: string): SipCommand {
  leg.exchanges += 1;
  return {
    type: 'request',
    exchange: `${leg.leg}.info.${leg.exchanges}`,
    leg: leg.leg,
    method: 'INFO',
    body: { contentType: DTMF_RELAY_TYPE, content: Buffer.from(content, 'latin1') },
  };
}

function sdpBody(sdp: string): SipBody {
  return { contentType: 'application/sdp', content: Buffer.from(sdp, 'utf8') };
}

function headersOf(headers: ExtraHeaders): SipHeader[] {
  return headers.map(([name, value]) => ({ name, value }));
}

/** `"Alice" <sip:alice@example.org>`, on one line whatever the display name holds. */
export function nameAddressOf(party: Party): string {
  const name = party.displayName?.replaceAll(/\p{Cc}/gu, ' ').trim();
  return name === undefined || name === '' ? `<${party.uri}>` : `${quote(name)} <${party.uri}>`;
}
