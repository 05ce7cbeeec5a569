/** Legs of a media process with their peers: WebRTC, SDES and plain ones, bridged in pairs. */
import { randomBytes } from 'node:crypto';
import type { MediaPlan } from '../../../gateway/media-contract/contract.ts';
import {
  type LocalTransport,
  type RemoteTransport,
  RTP,
  SDES,
  type SdesKey,
  type SourcePolicy,
  type TransportKind,
  WEBRTC,
} from '../../../gateway/media-contract/transport.ts';
import type { Forgery } from '../../support/attack/dtls-peer.ts';
import { NumberedMedia } from '../../support/attack/numbered-media.ts';
import { type Place, UdpEnd } from '../../support/attack/udp-end.ts';
import { WebRtcPeer } from '../../support/attack/web-rtc-peer.ts';
import { INTERFACE, type MediaProcessUnderTest } from './media-process-under-test.ts';

export const PEER_ADDRESS = '127.0.0.2';

const PCMU = { name: 'pcmu', payloadType: 0, clockRate: 8_000, channels: 1, parameters: {} };
export const PLAN: MediaPlan = {
  mid: '0',
  kind: 'audio',
  direction: 'sendrecv',
  send: [PCMU],
  receive: [PCMU],
  ptimeMs: 20,
  extensions: [],
  remoteSsrcs: [],
};
const STRICT: SourcePolicy = { mediaNetworks: [], anySource: false };

let made = 0;

/** A leg and who is on its other end. */
export interface LegEnd {
  readonly leg: string;
  readonly session: string;
  readonly local: LocalTransport;
  readonly media: NumberedMedia;
  close(): void;
}

export interface WebRtcLegEnd extends LegEnd {
  readonly peer: WebRtcPeer;
}

export interface PortLegEnd extends LegEnd {
  readonly end: UdpEnd;
  /** Where its RTP has to be sent. */
  readonly target: Place;
  /** Where its RTCP has to be sent. */
  readonly rtcpTarget: Place;
}

export interface WebRtcLegOptions {
  readonly plan?: MediaPlan;
  readonly forgery?: Forgery;
  /** Of the gateway in the handshake. */
  readonly gatewayRole?: 'client' | 'server';
}

export async function openWebRtcLeg(
  media: MediaProcessUnderTest,
  options: WebRtcLegOptions = {},
): Promise<WebRtcLegEnd> {
  const { forgery = 'none', gatewayRole = 'server', plan = PLAN } = options;
  const opened = await openLeg(media, WEBRTC);
  const role = gatewayRole === 'server' ? 'client' : 'server';
  const peer = await WebRtcPeer.open({ address: PEER_ADDRESS, role, forgery });
  const { ufrag, password } = peer;
  const remote = {
    ice: { ufrag, pwd: password, lite: false },
    fingerprints: [peer.dtls.promise],
    dtlsRole: gatewayRole,
  };
  await configure(media, opened.leg, remote, plan);
  return { ...opened, peer, media: peer.media, close: () => peer.close() };
}

/** Checks, shakes hands and waits until both sides are connected. */
export async function connectWebRtcLeg(
  media: MediaProcessUnderTest,
  { leg, local, peer }: WebRtcLegEnd,
): Promise<void> {
  peer.connect(gatewaySideOf(local));
  await peer.connected();
  await media.tells(leg, 'leg-connected');
}

export function gatewaySideOf(local: LocalTransport) {
  const { ice, address, rtpPort } = local;
  if (ice === undefined) throw new Error('a leg without ICE');
  return { place: { address, port: rtpPort }, ufrag: ice.ufrag, password: ice.pwd };
}

export async function openSdesLeg(media: MediaProcessUnderTest): Promise<PortLegEnd> {
  const ours = newKey();
  const gateways = newKey();
  const opened = await openPortLeg(media, SDES, STRICT, { local: gateways, remote: ours });
  opened.media.useKeys({
    localMasterKey: Buffer.from(ours.keyHex, 'hex'),
    localMasterSalt: Buffer.from(ours.saltHex, 'hex'),
    remoteMasterKey: Buffer.from(gateways.keyHex, 'hex'),
    remoteMasterSalt: Buffer.from(gateways.saltHex, 'hex'),
  });
  return opened;
}

export function openPlainLeg(
  media: MediaProcessUnderTest,
  sources: SourcePolicy = STRICT,
): Promise<PortLegEnd> {
  return openPortLeg(media, RTP, sources, undefined);
}

async function openPortLeg(
  media: MediaProcessUnderTest,
  kind: TransportKind,
  sources: SourcePolicy,
  sdes: RemoteTransport['sdes'],
): Promise<PortLegEnd> {
  const opened = await openLeg(media, kind);
  const end = await UdpEnd.open(PEER_ADDRESS);
  const numbered = new NumberedMedia(end);
  end.onDatagram = (datagram) => numbered.take(datagram);
  const { address, rtpPort, rtcpPort } = opened.local;
  const target = { address, port: rtpPort };
  numbered.remote = target;
  const remote = {
    address: end.place.address,
    rtpPort: end.place.port,
    rtcpPort: end.place.port + 1,
    sources,
    ...(sdes === undefined ? {} : { sdes }),
  };
  await configure(media, opened.leg, remote, PLAN);
  const close = () => {
    numbered.stop();
    end.close();
  };
  return {
    ...opened,
    end,
    target,
    rtcpTarget: { address, port: rtcpPort },
    media: numbered,
    close,
  };
}

/** Each sends what the other receives. */
export async function bridge(media: MediaProcessUnderTest, a: LegEnd, b: LegEnd): Promise<void> {
  await media.execute({ op: 'set-source', leg: a.leg, source: { kind: 'leg', leg: b.leg } });
  await media.execute({ op: 'set-source', leg: b.leg, source: { kind: 'leg', leg: a.leg } });
}

export async function closeLegs(media: MediaProcessUnderTest, ...ends: LegEnd[]): Promise<void> {
  for (const { leg, session } of ends) {
    await media.execute({ op: 'close-leg', leg });
    await media.execute({ op: 'close-session', session });
  }
  for (const end of ends) end.close();
}

async function openLeg(media: MediaProcessUnderTest, transport: TransportKind) {
  made += 1;
  const leg = `leg-${made}`;
  const session = `session-${made}`;
  const reply = await media.execute({
    op: 'open-leg',
    session,
    leg,
    transport,
    interface: INTERFACE,
  });
  if (reply.op !== 'leg') throw new Error(`no leg but ${reply.op}`);
  return { leg, session, local: reply.local };
}

async function configure(
  media: MediaProcessUnderTest,
  leg: string,
  remote: RemoteTransport,
  plan: MediaPlan,
) {
  await media.execute({ op: 'configure-leg', leg, remote, media: [plan] });
}

function newKey(): SdesKey {
  return {
    suite: 'AES_CM_128_HMAC_SHA1_80',
    keyHex: randomBytes(16).toString('hex'),
    saltHex: randomBytes(14).toString('hex'),
  };
}
