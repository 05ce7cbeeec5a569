/** What media replies and reports, and what that means for the call. */

import { unreachable } from '../core/unreachable.ts';
import type { LegFailure, MediaEvent, MediaReply } from '../media-contract/contract.ts';
import { calleeRefuses, payCaller } from './answering.ts';
import { stepApplication } from './application-host.ts';
import { inviteCallee } from './branch.ts';
import {
  type Call,
  type Leg,
  legOf,
  legsOf,
  negotiationInForce,
  type PendingCommand,
} from './call.ts';
import type { CauseName } from './cause-table.ts';
import { endCall, finishCall } from './ending.ts';
import type { LegMediaNews } from './leg-contract.ts';
import { iceRestarted } from './renegotiation.ts';
import { note, type Stage, tellLeg } from './stage.ts';

/** A reply to a command that the call waits for. */
export function takeReply(
  stage: Stage,
  call: Call,
  pending: PendingCommand,
  reply: MediaReply,
): void {
  const leg = legOf(call, pending.leg);
  if (reply.op === 'statistics') call.statistics[reply.leg] = reply.statistics;
  if (call.state === 'ending') {
    if (Object.keys(call.pending).length === 0) finishCall(stage, call);
    return;
  }
  if (leg === undefined || leg.state === 'gone') return;
  if (reply.op === 'fault') {
    note(stage, call, 'media.fault', { op: pending.op, code: reply.fault.code }, leg);
    failLeg(stage, call, leg, 'media-unavailable');
    return;
  }
  if (reply.op !== 'leg') return;
  leg.local = reply.local;
  if (pending.op === 'restart-ice') iceRestarted(stage, call, leg);
  else opened(stage, call, leg);
}

function opened(stage: Stage, call: Call, leg: Leg): void {
  if (legsOf(call).every(({ local, state }) => local !== undefined || state === 'gone')) {
    call.openBy = undefined;
  }
  if (leg.role === 'caller') payCaller(stage, call);
  else inviteCallee(stage, call, leg);
}

/** A callee that nobody answered yet may fail alone; any other leg takes the call with it. */
function failLeg(stage: Stage, call: Call, leg: Leg, name: CauseName): void {
  if (leg.role === 'callee' && call.state !== 'answered') {
    if (leg.state !== 'opening') tellLeg(stage, leg, { type: 'cancel', cause: { name } });
    calleeRefuses(stage, call, leg, { name });
    return;
  }
  endCall(stage, call, { name }, 'gateway');
}

const CAUSE_OF_FAILURE: { readonly [failure in LegFailure]: CauseName } = {
  'ice-failed': 'ice-failed',
  'dtls-failed': 'dtls-failed',
  'dtls-timeout': 'dtls-timeout',
  'fingerprint-mismatch': 'fingerprint-mismatch',
  'internal-error': 'media-failed',
};

/** Something that happened to a leg's media without being asked for. */
export function takeMediaEvent(stage: Stage, call: Call, leg: Leg, event: MediaEvent): void {
  if (leg.state === 'gone') return;
  switch (event.type) {
    case 'leg-connected':
      note(stage, call, 'media.connected', {}, leg);
      tellNews(stage, leg, { type: 'connected' });
      if (leg.role === 'caller') stepApplication(stage, call, { type: 'connected' });
      return;
    case 'leg-interrupted':
    case 'leg-resumed':
      note(
        stage,
        call,
        event.type === 'leg-resumed' ? 'media.resumed' : 'media.interrupted',
        {},
        leg,
      );
      return;
    case 'leg-failed':
      note(stage, call, 'media.failed', { failure: event.failure, detail: event.detail }, leg);
      endCall(
        stage,
        call,
        { name: CAUSE_OF_FAILURE[event.failure], detail: event.detail },
        leg.role,
      );
      return;
    case 'leg-closed-by-peer':
      endCall(stage, call, { name: 'media-closed' }, leg.role);
      return;
    case 'leg-timed-out':
      if (expectsMedia(leg)) endCall(stage, call, { name: 'media-timeout' }, leg.role);
      return;
    case 'leg-receiving':
      note(stage, call, 'media.receiving', { kind: event.kind, receiving: event.receiving }, leg);
      tellNews(stage, leg, {
        type: 'receiving',
        mid: event.mid,
        kind: event.kind,
        receiving: event.receiving,
        seconds: event.seconds,
      });
      return;
    case 'leg-slow-link':
      tellNews(stage, leg, {
        type: 'slow-link',
        mid: event.mid,
        kind: event.kind,
        uplink: event.uplink,
        lost: event.lost,
      });
      return;
    case 'leg-source-locked':
      note(stage, call, 'media.source-locked', { rank: event.rank }, leg);
      return;
    case 'leg-dtmf':
      note(stage, call, 'media.dtmf', { durationMs: event.durationMs }, leg);
      takeDigit(stage, call, leg, event.digit, event.durationMs);
      return;
    default:
      unreachable(event);
  }
}

/** Events in RTP reach the far leg in RTP; only an application must be told. */
function takeDigit(stage: Stage, call: Call, leg: Leg, digit: string, durationMs: number): void {
  if (leg.role === 'caller') stepApplication(stage, call, { type: 'dtmf', digit, durationMs });
}

function expectsMedia(leg: Leg): boolean {
  const direction = negotiationInForce(leg)?.agreed[0]?.direction;
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** Only browsers' applications want to know. */
function tellNews(stage: Stage, leg: Leg, event: LegMediaNews): void {
  if (leg.signalling === 'janus') tellLeg(stage, leg, { type: 'media', event });
}
