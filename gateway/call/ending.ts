/** How a call ends: everybody is told, its media is closed, and a record remains. */
import { closeMedia, isKeyExposed } from './bridge.ts';
import type { Call, Leg } from './call.ts';
import { legsOf, negotiationInForce } from './call.ts';
import type { CallRecord, CallSummary } from './call-record.ts';
import { describe } from './causes.ts';
import type { Cause } from './leg-contract.ts';
import { agreedAudio } from './leg-media.ts';
import { move, note, type Stage, tellLeg, tellMedia } from './stage.ts';

export type EndedBy = 'caller' | 'callee' | 'gateway';

/** Ends the call for everybody. A call that is already ending keeps its first cause. */
export function endCall(stage: Stage, call: Call, cause: Cause, by: EndedBy): void {
  if (call.state === 'ending' || call.state === 'ended') return;
  call.ending = { cause, by };
  note(stage, call, 'call.ending', { cause: cause.name, by, detail: describe(cause) });
  for (const leg of legsOf(call)) dismissLeg(stage, leg, cause);
  move(stage, call, 'ending');
  call.openBy = undefined;
  call.answerBy = undefined;
  call.application = call.application && { ...call.application, deadline: undefined };
  closeAllMedia(stage, call);
}

/** Tells one leg that it is over, in the words of how far it has come. */
export function dismissLeg(stage: Stage, leg: Leg, cause: Cause): void {
  const answered = leg.state === 'answered';
  const { state } = leg;
  leg.state = 'gone';
  leg.offerAgainAt = undefined;
  if (state === 'gone' || state === 'opening') return;
  if (answered) tellLeg(stage, leg, { type: 'hangup', cause, headers: [] });
  else if (leg.role === 'caller') tellLeg(stage, leg, { type: 'reject', cause, headers: [] });
  else tellLeg(stage, leg, { type: 'cancel', cause });
}

/** Closes every leg for its statistics, then the session. */
function closeAllMedia(stage: Stage, call: Call): void {
  call.pending = {};
  if (call.process === undefined || !stage.processes.has(call.process)) {
    finishCall(stage, call);
    return;
  }
  for (const leg of legsOf(call)) closeMedia(stage, call, leg);
  const pending = { op: 'close-session', leg: call.caller.id } as const;
  tellMedia(stage, call, { op: 'close-session', session: call.id }, pending);
  call.closeBy = stage.now + stage.options.limits.closeMs;
}

/** Writes the record of a call whose media is closed or lost; the call is then forgotten. */
export function finishCall(stage: Stage, call: Call): void {
  if (!move(stage, call, 'closed')) return;
  call.closeBy = undefined;
  call.pending = {};
  stage.emit({ type: 'record', record: recordOf(stage, call) });
}

function recordOf(stage: Stage, call: Call): CallRecord {
  const ending = call.ending ?? { cause: { name: 'internal-error' }, by: 'gateway' };
  return {
    ...summaryOf(call),
    endedAt: stage.now,
    cause: ending.cause,
    endedBy: ending.by,
    statistics: call.statistics,
  };
}

export function summaryOf(call: Call): CallSummary {
  return {
    call: call.id,
    state: call.state,
    from: call.from.uri,
    to: call.to,
    application: call.application?.name,
    process: call.process,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    legs: legsOf(call).map((leg) => ({
      leg: leg.id,
      role: leg.role,
      signalling: leg.signalling,
      transport: leg.transport,
      party: leg.party.uri,
      callId: leg.callId,
      codec: agreedAudio(negotiationInForce(leg))[0],
      keyExposed: isKeyExposed(leg),
    })),
  };
}
