/** What a leg's signalling reports, and what that means for the call. */
import { unreachable } from '../core/unreachable.ts';
import { calleeAnswers, calleeProgresses, calleeRefuses, calleeRings } from './answering.ts';
import { stepApplication } from './application-host.ts';
import { type Call, type Leg, oppositeOf } from './call.ts';
import { endCall } from './ending.ts';
import type { Cause, LegEvent } from './leg-contract.ts';
import {
  holdOpposite,
  legConfirms,
  legReanswers,
  legRefusesReoffer,
  legReoffers,
} from './renegotiation.ts';
import { note, type Stage, tellLeg, tellMedia } from './stage.ts';

export function takeLegEvent(stage: Stage, call: Call, leg: Leg, event: LegEvent): void {
  if (leg.state === 'gone') return;
  switch (event.type) {
    case 'trying':
      return;
    case 'ringing':
    case 'progress':
    case 'answered':
      if (leg.role === 'callee') takeCalleeNews(stage, call, leg, event);
      return;
    case 'rejected':
    case 'cancelled':
    case 'ended':
      takeEnd(stage, call, leg, event.cause);
      return;
    case 'reoffered':
      legReoffers(stage, call, leg, event.sdp);
      return;
    case 'reanswered':
      legReanswers(stage, call, leg, event.sdp);
      return;
    case 'reoffer-rejected':
      legRefusesReoffer(stage, call, leg, event);
      return;
    case 'confirmed':
      legConfirms(stage, call, leg, event.sdp);
      return;
    case 'hold':
      holdOpposite(stage, call, leg, event.direction);
      return;
    case 'resume':
      holdOpposite(stage, call, leg, 'sendrecv');
      return;
    case 'dtmf':
      takeDigit(stage, call, leg, event.digit, event.durationMs);
      return;
    case 'candidates':
      tellMedia(stage, call, {
        op: 'add-candidates',
        leg: leg.id,
        candidates: event.candidates,
      });
      return;
    case 'signalling-lost':
    case 'signalling-back':
      note(stage, call, `leg.${event.type}`, {}, leg);
      return;
    default:
      unreachable(event);
  }
}

function takeCalleeNews(
  stage: Stage,
  call: Call,
  callee: Leg,
  event: Extract<LegEvent, { type: 'ringing' | 'progress' | 'answered' }>,
): void {
  note(stage, call, `leg.${event.type}`, {}, callee);
  switch (event.type) {
    case 'ringing':
      calleeRings(stage, call, callee);
      return;
    case 'progress':
      calleeProgresses(stage, call, callee, event);
      return;
    case 'answered':
      calleeAnswers(stage, call, callee, event);
      return;
  }
}

/** A leg's signalling is over: nothing more may be said to it. */
function takeEnd(stage: Stage, call: Call, leg: Leg, cause: Cause): void {
  if (leg.role === 'callee' && leg.state !== 'answered') {
    calleeRefuses(stage, call, leg, cause);
    return;
  }
  leg.state = 'gone';
  endCall(stage, call, cause, leg.role);
}

/** Digits in signalling go on in signalling; an application hears them whatever their way. */
function takeDigit(stage: Stage, call: Call, leg: Leg, digit: string, durationMs: number): void {
  note(stage, call, 'leg.dtmf', { durationMs }, leg);
  if (leg.role === 'caller') stepApplication(stage, call, { type: 'dtmf', digit, durationMs });
  const far = oppositeOf(call, leg);
  if (far?.state === 'answered') tellLeg(stage, far, { type: 'dtmf', digit, durationMs });
}
