/** How a call begins: a leg comes in, is routed, and its own and the far legs' media is opened. */
import { randomHex } from '../core/random.ts';
import type { MediaProcessId } from '../media-contract/contract.ts';
import { RTP, SDES, type TransportKind } from '../media-contract/transport.ts';
import type { RemoteDescription } from '../offer-answer/description.ts';
import { parseRemoteDescription } from '../offer-answer/remote-description.ts';
import type { Caller, Decision, SrtpPolicy, Target } from '../routing/decision.ts';
import { startApplication } from './application-host.ts';
import { addCallee } from './branch.ts';
import { openMedia } from './bridge.ts';
import type { Call } from './call.ts';
import { causeOfStatus } from './causes.ts';
import { audioCodecNames, CARRIED_AUDIO, firstAudio } from './codec-policy.ts';
import { endCall } from './ending.ts';
import type { Cause, IncomingLeg } from './leg-contract.ts';
import { note, type Stage } from './stage.ts';

/** Octets of randomness in a call's id: it is global, for ever. */
const ID_BYTES = 10;

/** Takes an incoming leg as the caller of a new call, which may already have ended again. */
export function beginCall(stage: Stage, incoming: IncomingLeg): Call {
  const described = describedCaller(incoming);
  const call = newCall(stage, incoming, described);
  note(stage, call, 'call.offered', {
    signalling: incoming.signalling,
    from: incoming.from.uri,
    to: incoming.to,
    account: incoming.account ?? 'none',
    callId: incoming.callId,
  });
  if ('refusal' in described) endCall(stage, call, described.refusal, 'gateway');
  else if (stage.admitting === 'stopping') endCall(stage, call, { name: 'shutdown' }, 'gateway');
  else if (stage.admitting === 'full') endCall(stage, call, { name: 'congestion' }, 'gateway');
  else setUp(stage, call, incoming, described.codecs);
  return call;
}

function setUp(
  stage: Stage,
  call: Call,
  incoming: IncomingLeg,
  codecs: readonly string[] | undefined,
): void {
  const decision = decide(stage, incoming);
  note(stage, call, 'call.routed', { decision: decision.type, rule: decision.rule });
  if (decision.type === 'reject') {
    endCall(stage, call, causeOfStatus(decision.status, decision.reason), 'gateway');
    return;
  }
  call.process = leastLoaded(stage.processes);
  if (call.process === undefined) {
    endCall(stage, call, { name: 'media-unavailable' }, 'gateway');
    return;
  }
  openMedia(stage, call, call.caller);
  if (decision.type === 'application') {
    startApplication(stage, call, decision.application);
    return;
  }
  call.answerBy = stage.now + stage.options.limits.answerMs;
  for (const target of decision.targets) {
    addCallee(stage, call, withDemand(target, incoming.farKeying), codecs);
  }
}

function decide(stage: Stage, incoming: IncomingLeg): Decision {
  if (incoming.application !== undefined) {
    return { type: 'application', application: incoming.application, rule: 'asked by the client' };
  }
  return stage.options.route({
    caller: callerOf(incoming),
    local: incoming.local,
    to: incoming.to,
  });
}

function callerOf(incoming: IncomingLeg): Caller {
  if (incoming.signalling === 'janus') {
    return { kind: 'client', registration: incoming.registration };
  }
  const account = /^(user|trunk):(.+)$/s.exec(incoming.account ?? '');
  if (account === null) return { kind: 'stranger' };
  const kind = account[1] === 'user' ? 'user' : 'trunk';
  return { kind, name: account[2] ?? '' };
}

/** A caller may ask for more encryption of the far leg than its policy does, or for none. */
function withDemand(target: Target, demand: IncomingLeg['farKeying']): Target {
  if (target.transport.keying === 'dtls') return target;
  const asked: { readonly [demand in NonNullable<typeof demand>]: SrtpPolicy } = {
    none: target.srtp,
    'sdes-optional': target.srtp === 'required' ? 'required' : 'preferred',
    'sdes-mandatory': 'required',
  };
  const srtp = demand === undefined ? target.srtp : asked[demand];
  return { ...target, srtp, transport: srtp === 'off' ? RTP : SDES };
}

type DescribedCaller =
  | { readonly refusal: Cause }
  | { readonly transport: TransportKind; readonly codecs: readonly string[] | undefined };

/** What the caller's offer tells of its media; without an offer, what its signalling implies. */
function describedCaller(incoming: IncomingLeg): DescribedCaller {
  if (incoming.offer === undefined) return { transport: incoming.transport, codecs: undefined };
  const parsed = parseRemoteDescription(incoming.offer);
  if (!parsed.ok) return { refusal: { name: 'bad-description', detail: parsed.fault.detail } };
  return describedOffer(parsed.value, incoming.policy);
}

function describedOffer(
  description: RemoteDescription,
  policy: IncomingLeg['policy'],
): DescribedCaller {
  const audio = firstAudio(description);
  const allowed = policy?.codecs ?? CARRIED_AUDIO;
  const codecs = audioCodecNames(description).filter((name) => allowed.includes(name));
  if (audio === undefined || codecs.length === 0) {
    return { refusal: { name: 'not-acceptable', detail: 'no audio that we can carry' } };
  }
  if (policy?.srtpRequired === true && audio.transportKind.keying === 'none') {
    return { refusal: { name: 'encryption-required' } };
  }
  return { transport: audio.transportKind, codecs };
}

function newCall(stage: Stage, incoming: IncomingLeg, described: DescribedCaller): Call {
  return {
    id: randomHex(stage.random, ID_BYTES),
    from: incoming.from,
    account: incoming.account,
    to: incoming.to,
    headers: incoming.headers,
    startedAt: stage.now,
    caller: {
      id: incoming.leg,
      role: 'caller',
      signalling: incoming.signalling,
      interface: incoming.interface,
      transport: 'transport' in described ? described.transport : incoming.transport,
      party: incoming.from,
      callId: incoming.callId,
      offer: incoming.offer,
      codecs: incoming.policy?.codecs ?? CARRIED_AUDIO,
      readable: incoming.signalling === 'sip' && incoming.secure !== true,
      state: 'waiting',
      sources: {
        signallingAddress: incoming.signallingAddress,
        mediaNetworks: incoming.policy?.mediaNetworks ?? [],
        anySource: incoming.policy?.anySource ?? false,
      },
      crypto: [],
      forks: {},
      renegotiation: { state: 'settled' },
      wanted: 'sendrecv',
      offerOwed: false,
    },
    callees: [],
    state: 'setting-up',
    owed: 'nothing',
    pending: {},
    commands: 0,
    statistics: {},
  };
}

/** The media process with the fewest calls; equal ones by name, so that a seed decides nothing. */
function leastLoaded(processes: ReadonlyMap<MediaProcessId, number>): MediaProcessId | undefined {
  let best: { readonly process: MediaProcessId; readonly calls: number } | undefined;
  for (const [process, calls] of processes) {
    const fewer = best === undefined || calls < best.calls;
    if (fewer || (calls === best?.calls && process < best.process)) best = { process, calls };
  }
  return best?.process;
}
