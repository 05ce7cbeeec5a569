/** One branch of a call: a callee whose media is opened first and who is invited then. */
import { randomHex } from '../core/random.ts';
import type { Target } from '../routing/decision.ts';
import { openMedia } from './bridge.ts';
import type { Call, Leg } from './call.ts';
import { offeredCodecs } from './codec-policy.ts';
import { offerOf } from './leg-negotiation.ts';
import { note, type Stage, tellLeg } from './stage.ts';

/** Octets of randomness in a leg's id: it is global, for ever. */
const ID_BYTES = 10;

/** Adds a branch and opens its media. The branch is invited once that is open. */
export function addCallee(
  stage: Stage,
  call: Call,
  target: Target,
  callerCodecs: readonly string[] | undefined,
): void {
  const callee: Leg = {
    id: randomHex(stage.random, ID_BYTES),
    role: 'callee',
    signalling: target.hop.kind === 'janus' ? 'janus' : 'sip',
    interface: target.interface,
    transport: target.transport,
    party: { uri: target.to },
    target,
    codecs: offeredNames(callerCodecs, target.codecs),
    readable: target.hop.kind !== 'janus',
    state: 'opening',
    sources: { mediaNetworks: target.mediaNetworks, anySource: target.anySource },
    crypto: [],
    forks: {},
    renegotiation: { state: 'settled' },
    wanted: 'sendrecv',
    offerOwed: false,
  };
  call.callees.push(callee);
  openMedia(stage, call, callee);
}

function offeredNames(
  callerCodecs: readonly string[] | undefined,
  policy: readonly string[],
): readonly string[] {
  const names = offeredCodecs(callerCodecs, policy).map(({ name }) => name);
  return [...new Set(names)].filter((name) => name !== 'telephone-event');
}

/** Invites a callee whose media has just been opened. */
export function inviteCallee(stage: Stage, call: Call, callee: Leg): void {
  const { target } = callee;
  if (callee.state !== 'opening' || target === undefined) return;
  const offer = offerOf(stage.random, callee, offeredCodecs(undefined, callee.codecs));
  if (!offer.ok) return;
  callee.state = 'inviting';
  const from = target.from === undefined ? call.from : { ...call.from, uri: target.from };
  note(stage, call, 'leg.inviting', { to: target.to, keying: callee.transport.keying }, callee);
  tellLeg(stage, callee, {
    type: 'invite',
    to: target.to,
    from,
    offer: offer.value,
    headers: call.headers,
    interface: target.interface,
    route: target.hop,
  });
}
