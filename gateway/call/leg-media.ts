/** A leg's media between what media opens, what offer/answer describes and what media is told. */
import { type Random, randomHex, randomUint32 } from '../core/random.ts';
import type { CodecBinding, MediaPlan } from '../media-contract/contract.ts';
import type { LocalTransport, RemoteTransport } from '../media-contract/transport.ts';
import type {
  AgreedMedia,
  Codec,
  LocalMedia,
  Negotiation,
  TransportParameters,
} from '../offer-answer/description.ts';
import type { Leg } from './call.ts';
import { makeCryptoLines, sdesKeyOf } from './sdes-key.ts';

/** RFC 8843 §15: lets a browser's packets be told apart by m-line. */
const MID_EXTENSION = { id: 1, uri: 'urn:ietf:params:rtp-hdrext:sdes:mid' };

/** RFC 3551 §4.5: what everybody sends when nothing is said. */
const DEFAULT_PTIME_MS = 20;

/** Gives a leg what its descriptions announce and must not change: keys and a source. */
export function prepareLeg(leg: Leg, random: Random): void {
  if (leg.transport.keying === 'sdes' && leg.crypto.length === 0) {
    const suites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
    leg.crypto = makeCryptoLines(random, suites);
  }
  if (leg.transport.ice && leg.source === undefined) {
    leg.source = { ssrc: randomUint32(random), cname: randomHex(random, 8) };
  }
}

/** What this leg brings to a description: its audio, over the transport that media has opened. */
export function localMediaOf(
  leg: Leg,
  local: LocalTransport,
  codecs: readonly Codec[],
): LocalMedia[] {
  return [
    {
      kind: 'audio',
      codecs,
      direction: leg.wanted,
      transport: transportParametersOf(leg, local),
      extensions: leg.transport.ice ? [MID_EXTENSION] : [],
      ptimeMs: DEFAULT_PTIME_MS,
      source: leg.source,
      stream: leg.source === undefined ? undefined : { stream: 'causeway', track: 'audio' },
    },
  ];
}

function transportParametersOf(leg: Leg, local: LocalTransport): TransportParameters {
  return {
    address: local.address,
    rtpPort: local.rtpPort,
    rtcpPort: local.rtcpPort,
    mux: leg.transport.rtcp === 'mux',
    ice: local.ice && {
      ufrag: local.ice.ufrag,
      pwd: local.ice.pwd,
      lite: true,
      candidates: local.ice.candidates.map((candidate) => ({
        ...candidate,
        component: 1,
        protocol: 'udp',
        type: 'host',
      })),
      endOfCandidates: true,
    },
    fingerprints: local.fingerprints ?? [],
    setup: leg.transport.keying === 'dtls' ? 'actpass' : undefined,
    crypto: leg.crypto,
  };
}

/** The m-lines as media must treat them. */
export function mediaPlansOf(negotiation: Negotiation): MediaPlan[] {
  return negotiation.agreed.map((agreed) => ({
    mid: agreed.mid ?? String(agreed.index),
    kind: agreed.kind,
    direction: agreed.direction,
    send: agreed.sendCodecs.map(bindingOf),
    receive: agreed.receiveCodecs.map(bindingOf),
    ptimeMs: agreed.ptimeMs ?? DEFAULT_PTIME_MS,
    extensions: agreed.extensions,
    localSsrc: agreed.localSource?.ssrc,
    localCname: agreed.localSource?.cname,
    remoteSsrcs: agreed.remoteSources.map(({ ssrc }) => ssrc),
  }));
}

function bindingOf(codec: Codec): CodecBinding {
  return codec;
}

/** Where the leg's media goes and comes from; undefined when no m-line was agreed on. */
export function remoteTransportOf(leg: Leg, negotiation: Negotiation): RemoteTransport | undefined {
  const agreed = negotiation.agreed[0];
  if (agreed === undefined) return undefined;
  const { remote } = agreed;
  return {
    address: remote.address,
    rtpPort: remote.rtpPort,
    rtcpPort: remote.rtcpPort,
    ice: remote.ice && { ufrag: remote.ice.ufrag, pwd: remote.ice.pwd, lite: remote.ice.lite },
    fingerprints: remote.fingerprints.length === 0 ? undefined : remote.fingerprints,
    dtlsRole: dtlsRoleOf(agreed),
    sdes: sdesOf(agreed),
    sources: leg.transport.ice ? undefined : leg.sources,
  };
}

/** RFC 5763 §5: who is active is the client. */
function dtlsRoleOf(agreed: AgreedMedia): RemoteTransport['dtlsRole'] {
  if (agreed.transportKind.keying !== 'dtls') return undefined;
  return agreed.local.setup === 'active' || agreed.remote.setup === 'passive' ? 'client' : 'server';
}

function sdesOf(agreed: AgreedMedia): RemoteTransport['sdes'] {
  const local = agreed.local.crypto[0];
  const remote = agreed.remote.crypto[0];
  if (local === undefined || remote === undefined) return undefined;
  return { local: sdesKeyOf(local), remote: sdesKeyOf(remote) };
}

/** Names of the audio codecs agreed on, the one in use first. */
export function agreedAudio(negotiation: Negotiation | undefined): string[] {
  const audio = negotiation?.agreed.find(({ kind }) => kind === 'audio');
  const names = audio?.sendCodecs.map(({ name }) => name) ?? [];
  return names.filter((name) => name !== 'telephone-event' && name !== 'cn');
}
