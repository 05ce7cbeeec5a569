/** What the SIP endpoint says of its legs, put into the call's words. */

import { isLoopbackAddress } from '../core/ip-network.ts';
import { RTP } from '../media-contract/transport.ts';
import type {
  EndCause,
  Identity,
  ReceivedRequest,
  ReceivedResponse,
  SipEvent,
} from '../sip/endpoint-contract.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import { causeOfReasonHeaders, causeOfStatus } from './causes.ts';
import type { Cause, ExtraHeaders, IncomingLeg, LegEvent, Party } from './leg-contract.ts';
import type { SipLeg } from './sip-leg.ts';

/** Headers that pass from one leg to the other unchanged; all others are written anew. */
const PASSED = /^(x-.*|p-early-media|alert-info|user-to-user|geolocation.*|resource-priority)$/i;

/** RFC 3261 §8.1.1.6. */
const MAX_HOPS = 70;

/** What a new call from SIP means to the call layer. */
export function incomingLegOf(
  event: Extract<SipEvent, { type: 'incoming-invite' }>,
  policy: IncomingLeg['policy'],
): IncomingLeg {
  const { received, identity, leg } = event;
  const { flow } = received;
  return {
    leg,
    signalling: 'sip',
    transport: RTP,
    interface: flow.interfaceName,
    account: accountOf(identity),
    local: isLoopbackAddress(flow.remoteAddress),
    secure: flow.transport === 'tls' || flow.transport === 'wss',
    from: partyOf(received),
    to: received.requestUri.text,
    offer: sdpOf(received.body),
    headers: [...passedHeaders(received.headers), ...hopsLeft(received.headers)],
    signallingAddress: flow.remoteAddress,
    callId: received.callId,
    policy,
  };
}

/** RFC 3261 §16.6 step 3, since calls may loop through a back-to-back user agent too. */
function hopsLeft(headers: readonly SipHeader[]): ExtraHeaders {
  const given = headers.find(({ name }) => name === 'Max-Forwards')?.value ?? '';
  const hops = /^\d{1,3}$/.test(given) ? Number(given) : MAX_HOPS;
  return [['Max-Forwards', `${Math.max(0, Math.min(hops, MAX_HOPS) - 1)}`]];
}

function accountOf(identity: Identity): string | undefined {
  return identity.kind === 'anonymous' ? undefined : `${identity.kind}:${identity.name}`;
}

function partyOf({ from }: ReceivedRequest): Party {
  return { uri: from.uri.text, displayName: from.displayName };
}

/** The leg's events, in order; an event that says nothing to the call gives none. */
export function legEventsOf(leg: SipLeg, event: SipEvent): LegEvent[] {
  switch (event.type) {
    case 'provisional':
      return provisionalOf(event.response, event.fork);
    case 'answered':
      leg.state = 'answered';
      return [
        {
          type: 'answered',
          sdp: sdpOf(event.response.body),
          fork: event.fork,
          headers: passedHeaders(event.response.headers),
          signallingAddress: event.response.source?.address,
        },
      ];
    case 'acknowledged':
      return [{ type: 'confirmed', sdp: sdpOf(event.body) }];
    case 'ended':
      return endOf(leg, event.cause);
    case 'incoming-reinvite':
      leg.request = event.request;
      return [{ type: 'reoffered', sdp: sdpOf(event.received.body) }];
    case 'reinvite-cancelled':
      leg.request = undefined;
      return [];
    case 'reinvite-answered':
      return reinviteAnswerOf(event.response);
    case 'reinvite-failed': {
      const cause = causeOfStatus(event.response.status, event.response.reason);
      return [{ type: 'reoffer-rejected', cause, retryAfterMs: event.retryAfterMs }];
    }
    default:
      return [];
  }
}

function provisionalOf(response: ReceivedResponse, fork: string | undefined): LegEvent[] {
  const headers = passedHeaders(response.headers);
  const sdp = sdpOf(response.body);
  const events: LegEvent[] = [];
  if (sdp !== undefined && fork !== undefined) {
    const signallingAddress = response.source?.address;
    events.push({ type: 'progress', sdp, fork, headers, signallingAddress });
  }
  if (response.status === 180) events.push({ type: 'ringing', headers });
  return events.length === 0 ? [{ type: 'trying' }] : events;
}

function reinviteAnswerOf(response: ReceivedResponse): LegEvent[] {
  const sdp = sdpOf(response.body);
  if (sdp !== undefined) return [{ type: 'reanswered', sdp }];
  return [{ type: 'reoffer-rejected', cause: { name: 'not-acceptable', detail: 'no answer' } }];
}

function endOf(leg: SipLeg, end: EndCause): LegEvent[] {
  const { state } = leg;
  leg.state = 'ending';
  const cause = causeOfEnd(end);
  if (cause === undefined) return [];
  const headers = 'headers' in end ? passedHeaders(end.headers) : [];
  if (end.type === 'cancelled') return [{ type: 'cancelled', cause }];
  if (leg.role === 'callee' && state === 'early') return [{ type: 'rejected', cause, headers }];
  return [{ type: 'ended', cause, headers }];
}

/** Undefined where we ended the leg ourselves, which is no news. */
function causeOfEnd(end: EndCause): Cause | undefined {
  switch (end.type) {
    case 'rejected':
      return causeOfStatus(end.response.status, end.response.reason);
    case 'bye':
      return causeOfReasonHeaders(pairs(end.headers)) ?? { name: 'normal' };
    case 'cancelled':
      return causeOfReasonHeaders(pairs(end.headers)) ?? { name: 'cancelled' };
    case 'local':
      return undefined;
    case 'no-answer':
      return { name: 'no-answer' };
    case 'timeout':
      return { name: 'timeout', detail: 'the SIP peer is silent' };
    case 'no-ack':
      return { name: 'no-acknowledgement' };
    case 'dialog-lost':
      return { name: end.status === 408 ? 'timeout' : 'no-such-dialog' };
    case 'unreachable':
      return { name: 'unreachable', detail: end.fault.detail };
    case 'invalid':
      return { name: 'bad-request', detail: end.fault.detail };
  }
}

function pairs(headers: readonly SipHeader[]): ExtraHeaders {
  return headers.map(({ name, value }) => [name, value] as const);
}

export function passedHeaders(headers: readonly SipHeader[]): ExtraHeaders {
  return pairs(headers.filter(({ name }) => PASSED.test(name)));
}

/** The SDP of a body; a multipart body is refused by the endpoint. */
function sdpOf(body: SipBody | undefined): string | undefined {
  if (body === undefined || body.content.length === 0) return undefined;
  const type = body.contentType.split(';')[0]?.trim().toLowerCase();
  return type === 'application/sdp' ? Buffer.from(body.content).toString('utf8') : undefined;
}
