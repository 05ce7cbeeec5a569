/** What a call tells the media process: legs opened, configured, bridged and closed. */
import type { MediaSource } from '../media-contract/contract.ts';
import type { Negotiation } from '../offer-answer/description.ts';
import type { Call, Leg } from './call.ts';
import { legsOf } from './call.ts';
import { agreedAudio, mediaPlansOf, remoteTransportOf } from './leg-media.ts';
import { note, type Stage, tellMedia } from './stage.ts';

/** Opens a leg's media; the reply brings its addresses. */
export function openMedia(stage: Stage, call: Call, leg: Leg): void {
  call.openBy ??= stage.now + stage.options.limits.openMs;
  tellMedia(
    stage,
    call,
    {
      op: 'open-leg',
      session: call.id,
      leg: leg.id,
      transport: leg.transport,
      interface: leg.interface,
    },
    { op: 'open-leg', leg: leg.id },
  );
}

/** Puts what was agreed on into force. */
export function configureMedia(stage: Stage, call: Call, leg: Leg, negotiation: Negotiation): void {
  const remote = remoteTransportOf(leg, negotiation);
  if (remote === undefined) return;
  const media = mediaPlansOf(negotiation);
  tellMedia(
    stage,
    call,
    { op: 'configure-leg', leg: leg.id, remote, media },
    { op: 'configure-leg', leg: leg.id },
  );
  const codec = agreedAudio(negotiation)[0] ?? 'none';
  const direction = media[0]?.direction ?? 'inactive';
  note(stage, call, 'leg.media', { codec, direction, keyExposed: isKeyExposed(leg) }, leg);
}

/** Lets caller and callee hear each other, and nobody else hear either. */
export function bridge(stage: Stage, call: Call, callee: Leg): void {
  if (call.heard === callee.id) return;
  const before = call.callees.find((leg) => leg.id === call.heard);
  if (before !== undefined && before.state !== 'gone') setSource(stage, call, before, NOTHING);
  call.heard = callee.id;
  setSource(stage, call, call.caller, { kind: 'leg', leg: callee.id });
  setSource(stage, call, callee, { kind: 'leg', leg: call.caller.id });
}

const NOTHING: MediaSource = { kind: 'none' };

export function setSource(stage: Stage, call: Call, leg: Leg, source: MediaSource): void {
  tellMedia(stage, call, { op: 'set-source', leg: leg.id, source });
}

/** Closes one leg's media while the call goes on, or with it. */
export function closeMedia(stage: Stage, call: Call, leg: Leg): void {
  tellMedia(stage, call, { op: 'close-leg', leg: leg.id }, { op: 'close-leg', leg: leg.id });
}

/** Whether SRTP keys were exchanged where others could read them. */
export function isKeyExposed(leg: Leg): boolean {
  return leg.transport.keying === 'sdes' && leg.readable;
}

/**
 * Leaves with the media process what it takes to end the call cleanly, should signalling restart.
 * Due whenever the dialogs of an answered call changed.
 */
export function leaveRecovery(stage: Stage, call: Call): void {
  if (call.process === undefined || call.state !== 'answered') return;
  const legs = legsOf(call)
    .filter(({ state }) => state !== 'gone')
    .map(({ id, signalling }) => ({ leg: id, signalling }));
  stage.emit({ type: 'recovery', process: call.process, call: call.id, legs });
}
