/** How callees answer and how the caller gets its one answer: ours, which no fork ever changes. */
import type { Result } from '../core/result.ts';
import { RTP } from '../media-contract/transport.ts';
import { parseRemoteDescription } from '../offer-answer/remote-description.ts';
import { addCallee } from './branch.ts';
import { bridge, closeMedia, configureMedia, leaveRecovery } from './bridge.ts';
import { type Call, type Leg, negotiationInForce } from './call.ts';
import { betterRefusal } from './causes.ts';
import { answeredCodecs, audioCodecNames, offeredCodecs } from './codec-policy.ts';
import { dismissLeg, endCall } from './ending.ts';
import type { Cause, LegEvent } from './leg-contract.ts';
import { agreedAudio } from './leg-media.ts';
import { answerTo, offerOf, takeAnswer } from './leg-negotiation.ts';
import { move, note, type Stage, tellLeg } from './stage.ts';

/** A branch rings; the caller hears of the first. */
export function calleeRings(stage: Stage, call: Call, callee: Leg): void {
  if (callee.state === 'inviting') callee.state = 'ringing';
  const first = call.state === 'setting-up';
  if (!move(stage, call, 'rang') || !first) return;
  tellLeg(stage, call.caller, { type: 'ring', headers: [] });
}

/** A fork sends media before it answers: the most recent one is heard. */
export function calleeProgresses(
  stage: Stage,
  call: Call,
  callee: Leg,
  event: Extract<LegEvent, { type: 'progress' }>,
): void {
  if (!isCalled(callee)) return;
  callee.sources = heardFrom(callee, event.signallingAddress);
  // A provisional response may be repeated; its description counts once.
  if (callee.forks[event.fork]?.answer === event.sdp && callee.state === 'early') return;
  const taken = takeForkAnswer(callee, event.fork, event.sdp);
  if (taken !== undefined) {
    note(stage, call, 'leg.bad-progress', { fork: event.fork, reason: taken }, callee);
    return;
  }
  callee.state = 'early';
  putForkInForce(stage, call, callee, event.fork);
  if (move(stage, call, 'progressed')) owe(stage, call, 'progress');
}

/** The first callee to answer wins the call; every other branch is cancelled. */
export function calleeAnswers(
  stage: Stage,
  call: Call,
  callee: Leg,
  event: Extract<LegEvent, { type: 'answered' }>,
): void {
  if (!isCalled(callee)) return;
  callee.state = 'answered';
  callee.sources = heardFrom(callee, event.signallingAddress);
  const answer = event.sdp ?? callee.forks[event.fork]?.answer;
  const failure = answer === undefined ? 'no answer' : takeForkAnswer(callee, event.fork, answer);
  if (failure !== undefined) {
    endCall(stage, call, { name: 'not-acceptable', detail: failure }, 'gateway');
    return;
  }
  for (const other of call.callees) {
    if (other !== callee) dropBranch(stage, call, other, { name: 'answered-elsewhere' });
  }
  putForkInForce(stage, call, callee, event.fork);
  callee.negotiation = negotiationInForce(callee);
  callee.forks = {};
  callee.fork = undefined;
  call.answerBy = undefined;
  if (move(stage, call, 'answered')) owe(stage, call, 'answer');
}

/** A branch failed. The call fails with the best reason once no branch is left. */
export function calleeRefuses(stage: Stage, call: Call, callee: Leg, cause: Cause): void {
  if (!isCalled(callee) && callee.state !== 'opening') return;
  callee.state = 'gone';
  closeMedia(stage, call, callee);
  note(stage, call, 'leg.refused', { cause: cause.name, status: cause.sip?.status ?? 0 }, callee);
  if (mayRetryInClear(callee, cause)) {
    const target = { ...callee.target!, srtp: 'off' as const, transport: RTP };
    addCallee(stage, call, target, callee.codecs);
    return;
  }
  call.refusal = betterRefusal(call.refusal, cause);
  if (call.callees.every(({ state }) => state === 'gone')) {
    endCall(stage, call, call.refusal, 'callee');
  }
}

/** A policy that prefers encryption does not insist on it (what RFC 8643 wants without its SDP). */
function mayRetryInClear(callee: Leg, cause: Cause): boolean {
  const refusesMedia = cause.name === 'not-acceptable';
  const preferred = callee.target?.srtp === 'preferred' && callee.transport.keying === 'sdes';
  return refusesMedia && preferred;
}

function dropBranch(stage: Stage, call: Call, branch: Leg, cause: Cause): void {
  if (branch.state === 'gone') return;
  dismissLeg(stage, branch, cause);
  closeMedia(stage, call, branch);
}

function isCalled(callee: Leg): boolean {
  return callee.state === 'inviting' || callee.state === 'ringing' || callee.state === 'early';
}

function heardFrom(callee: Leg, signallingAddress: string | undefined): Leg['sources'] {
  return signallingAddress === undefined
    ? callee.sources
    : { ...callee.sources, signallingAddress };
}

/** Matches a fork's answer with our one offer; says what is wrong, if anything is. */
function takeForkAnswer(callee: Leg, fork: string, answer: string): string | undefined {
  if (callee.forks[fork]?.answer === answer) return undefined;
  const taken = takeAnswer(callee, answer);
  if (!taken.ok) return taken.fault.detail;
  callee.forks[fork] = { answer, negotiation: taken.value };
  return undefined;
}

/** Until one fork has answered, our offer stays open for the next. */
function putForkInForce(stage: Stage, call: Call, callee: Leg, fork: string): void {
  const chosen = callee.forks[fork];
  if (chosen === undefined) return;
  callee.fork = fork;
  configureMedia(stage, call, callee, chosen.negotiation);
  bridge(stage, call, callee);
}

/** Gives the caller what it is owed, at once or when its media is open. */
export function owe(stage: Stage, call: Call, what: 'progress' | 'answer'): void {
  if (call.owed !== 'answer') call.owed = what;
  payCaller(stage, call);
}

export function payCaller(stage: Stage, call: Call): void {
  const { caller, owed } = call;
  if (owed === 'nothing' || caller.local === undefined || caller.state === 'gone') return;
  // Without an offer of the caller's, ours can only travel where an ACK will answer it.
  if (owed === 'progress' && caller.offer === undefined) return;
  call.owed = 'nothing';
  if (owed === 'progress' && caller.state !== 'waiting') return;
  const description = call.description ?? describeToCaller(stage, call);
  if (description === undefined) return;
  call.description = description;
  caller.state = owed === 'answer' ? 'answered' : 'early';
  tellLeg(stage, caller, { type: owed, sdp: description, headers: [] });
  if (owed !== 'answer') return;
  call.answeredAt = stage.now;
  if (caller.offer === undefined) caller.renegotiation = { state: 'offered-late' };
  leaveRecovery(stage, call);
}

/** Our answer to the caller's offer, or our offer where it made none; ends the call on failure. */
function describeToCaller(stage: Stage, call: Call): string | undefined {
  const { caller } = call;
  const callee = call.callees.find(({ id }) => id === call.heard);
  const farCodecs = callee === undefined ? [] : agreedAudio(negotiationInForce(callee));
  const described =
    caller.offer === undefined
      ? offerOf(stage.random, caller, offeredCodecs(farCodecs, caller.codecs))
      : answerFirstOffer(stage, caller, caller.offer, farCodecs);
  if (!described.ok) {
    const { detail } = described.fault;
    endCall(stage, call, { name: 'not-acceptable', detail }, 'gateway');
    return undefined;
  }
  if (caller.offer !== undefined && caller.negotiation !== undefined) {
    configureMedia(stage, call, caller, caller.negotiation);
  }
  return described.value;
}

function answerFirstOffer(
  stage: Stage,
  caller: Leg,
  offer: string,
  farCodecs: readonly string[],
): Result<string> {
  const parsed = parseRemoteDescription(offer);
  if (!parsed.ok) return parsed;
  const codecs = answeredCodecs(audioCodecNames(parsed.value), caller.codecs, farCodecs);
  return answerTo(stage.random, caller, parsed.value, codecs);
}
