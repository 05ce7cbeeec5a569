/** Offers within an answered leg: hold and resume both ways, ICE restarts, late offers, glare. */
import type { MediaDirection } from '../media-contract/contract.ts';
import type { RemoteDescription } from '../offer-answer/description.ts';
import { isIceRestart } from '../offer-answer/ice-candidate.ts';
import { withdrawOffer } from '../offer-answer/negotiation.ts';
import { parseRemoteDescription } from '../offer-answer/remote-description.ts';
import { configureMedia, leaveRecovery } from './bridge.ts';
import { type Call, type Leg, negotiationInForce, oppositeOf } from './call.ts';
import type { CauseName } from './cause-table.ts';
import { CARRIED_AUDIO, firstAudio, offeredCodecs } from './codec-policy.ts';
import { endCall } from './ending.ts';
import type { LegEvent } from './leg-contract.ts';
import { agreedAudio } from './leg-media.ts';
import { answerTo, offerOf, takeAnswer } from './leg-negotiation.ts';
import { note, type Stage, tellLeg, tellMedia } from './stage.ts';

/** The leg's peer offers anew, or asks us to. */
export function legReoffers(stage: Stage, call: Call, leg: Leg, offer: string | undefined): void {
  if (leg.state !== 'answered' || leg.renegotiation.state !== 'settled') {
    refuseReoffer(stage, call, leg, 'request-pending');
    return;
  }
  if (offer === undefined) {
    offerLate(stage, leg);
    return;
  }
  const parsed = parseRemoteDescription(offer);
  if (!parsed.ok) {
    refuseReoffer(stage, call, leg, 'bad-description');
    return;
  }
  if (restartsIce(leg, parsed.value)) {
    leg.renegotiation = { state: 'restarting', offer };
    const pending = { op: 'restart-ice', leg: leg.id } as const;
    tellMedia(stage, call, { op: 'restart-ice', leg: leg.id }, pending);
    return;
  }
  answerReoffer(stage, call, leg, parsed.value);
}

/** Media has new ICE credentials for a leg whose peer restarted ICE. */
export function iceRestarted(stage: Stage, call: Call, leg: Leg): void {
  const { renegotiation } = leg;
  if (renegotiation.state !== 'restarting') return;
  leg.renegotiation = { state: 'settled' };
  const parsed = parseRemoteDescription(renegotiation.offer);
  if (parsed.ok) answerReoffer(stage, call, leg, parsed.value);
}

function answerReoffer(stage: Stage, call: Call, leg: Leg, offer: RemoteDescription): void {
  const codecs = offeredCodecs(agreedAudio(leg.negotiation), CARRIED_AUDIO);
  const answered = answerTo(stage.random, leg, offer, codecs);
  if (!answered.ok) {
    refuseReoffer(stage, call, leg, 'not-acceptable');
    return;
  }
  if (leg.negotiation !== undefined) configureMedia(stage, call, leg, leg.negotiation);
  tellLeg(stage, leg, { type: 'reanswer', sdp: answered.value });
  leaveRecovery(stage, call);
}

/** An offer in our answer: all that we can do, also while held (RFC 6337 §5.3). */
function offerLate(stage: Stage, leg: Leg): void {
  const offer = offerOf(stage.random, leg, offeredCodecs(undefined, leg.codecs));
  if (!offer.ok) return;
  leg.renegotiation = { state: 'offered-late' };
  tellLeg(stage, leg, { type: 'reanswer', sdp: offer.value });
}

function refuseReoffer(stage: Stage, call: Call, leg: Leg, name: CauseName): void {
  note(stage, call, 'leg.reoffer-refused', { cause: name }, leg);
  tellLeg(stage, leg, { type: 'reject-reoffer', cause: { name } });
}

function restartsIce(leg: Leg, offer: RemoteDescription): boolean {
  const before = leg.negotiation?.agreed[0]?.remote.ice;
  const now = firstAudio(offer)?.transport.ice;
  return before !== undefined && now !== undefined && isIceRestart(before, now);
}

/** Our answer was confirmed; after a late offer of ours, their answer came or ought to have. */
export function legConfirms(stage: Stage, call: Call, leg: Leg, answer: string | undefined): void {
  if (leg.renegotiation.state === 'offered-late') {
    const first = negotiationInForce(leg)?.agreed.length === 0;
    leg.renegotiation = { state: 'settled' };
    const failure = acceptAnswer(stage, call, leg, answer);
    if (failure !== undefined && first) {
      endCall(stage, call, { name: 'not-acceptable', detail: failure }, 'gateway');
      return;
    }
  }
  leaveRecovery(stage, call);
  offerOwed(stage, call, leg);
}

/** The answer to an offer of ours within the leg. */
export function legReanswers(stage: Stage, call: Call, leg: Leg, answer: string): void {
  if (leg.renegotiation.state !== 'offered') return;
  leg.renegotiation = { state: 'settled' };
  acceptAnswer(stage, call, leg, answer);
  leaveRecovery(stage, call);
  offerOwed(stage, call, leg);
}

function acceptAnswer(
  stage: Stage,
  call: Call,
  leg: Leg,
  answer: string | undefined,
): string | undefined {
  const taken = answer === undefined ? undefined : takeAnswer(leg, answer);
  if (taken?.ok) {
    leg.negotiation = taken.value;
    configureMedia(stage, call, leg, taken.value);
    return undefined;
  }
  const reason = taken === undefined ? 'no answer in the ACK' : taken.fault.detail;
  leg.negotiation = leg.negotiation && withdrawOffer(leg.negotiation);
  note(stage, call, 'leg.bad-answer', { reason }, leg);
  return reason;
}

/** Our offer within the leg failed: what was agreed before stands (RFC 3261 §14.1). */
export function legRefusesReoffer(
  stage: Stage,
  call: Call,
  leg: Leg,
  event: Extract<LegEvent, { type: 'reoffer-rejected' }>,
): void {
  if (leg.renegotiation.state !== 'offered') return;
  leg.renegotiation = { state: 'settled' };
  leg.negotiation = leg.negotiation && withdrawOffer(leg.negotiation);
  note(stage, call, 'leg.reoffer-failed', { cause: event.cause.name }, leg);
  if (event.retryAfterMs === undefined) return;
  leg.offerOwed = true;
  leg.offerAgainAt = stage.now + event.retryAfterMs;
}

/** The application behind one leg holds or resumes the other. */
export function holdOpposite(stage: Stage, call: Call, leg: Leg, wanted: MediaDirection): void {
  const far = oppositeOf(call, leg);
  if (far === undefined || far.signalling !== 'sip' || far.state !== 'answered') {
    note(stage, call, 'leg.hold-impossible', {}, leg);
    return;
  }
  if (far.wanted === wanted) return;
  far.wanted = wanted;
  far.offerOwed = true;
  offerOwed(stage, call, far);
}

/** Makes the offer that a leg is owed, unless another exchange or a back-off is under way. */
export function offerOwed(stage: Stage, call: Call, leg: Leg): void {
  const free = leg.renegotiation.state === 'settled' && leg.state === 'answered';
  const waiting = leg.offerAgainAt !== undefined && leg.offerAgainAt > stage.now;
  if (!leg.offerOwed || !free || waiting) return;
  leg.offerOwed = false;
  leg.offerAgainAt = undefined;
  const names = agreedAudio(leg.negotiation);
  const offer = offerOf(stage.random, leg, offeredCodecs(names, leg.codecs));
  if (!offer.ok) return;
  leg.renegotiation = { state: 'offered' };
  note(stage, call, 'leg.reoffered', { direction: leg.wanted }, leg);
  tellLeg(stage, leg, { type: 'reoffer', sdp: offer.value });
}
