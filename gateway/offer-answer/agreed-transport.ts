/**
 * What an offered and an answered transport come to: mux, DTLS role, SDES keys (RFC 5763 §5, 4568).
 */
import { chooseCryptoLine } from './crypto-line.ts';
import type {
  AgreedMedia,
  DtlsSetup,
  Fingerprint,
  RemoteMedia,
  TransportKind,
  TransportParameters,
} from './description.ts';

export interface AgreedTransport {
  readonly local: TransportParameters;
  readonly remote: TransportParameters;
}

/** Our side of an answer; undefined if SDES finds no suite in common. */
export function answeredTransport(
  kind: TransportKind,
  offered: RemoteMedia,
  ours: TransportParameters,
  before: AgreedMedia | undefined,
): AgreedTransport | undefined {
  const { transport } = offered;
  const agreed = settled(kind, ours, transport, transport.mux && kind.rtcp === 'mux');
  if (kind.keying === 'dtls') return withRole(agreed, answeredRole(transport, before));
  if (kind.keying === 'none') return agreed;
  const chosen = chooseCryptoLine(transport.crypto, ours.crypto);
  if (chosen === undefined) return undefined;
  const { tag, mki } = chosen.offered;
  const { suite, key } = chosen.ours;
  const line = { tag, suite, key, ...(mki && { mki }) };
  return {
    local: { ...agreed.local, crypto: [line] },
    remote: { ...agreed.remote, crypto: [chosen.offered] },
  };
}

/** What the remote's answer makes of our offer; undefined if it answers no key of ours. */
export function acceptedTransport(
  kind: TransportKind,
  offered: TransportParameters,
  answer: RemoteMedia,
): AgreedTransport | undefined {
  const { transport } = answer;
  const agreed = settled(kind, offered, transport, transport.mux && offered.mux);
  if (kind.keying === 'dtls') {
    // RFC 4145 §4.1 has no default for an answer; whoever leaves it out will start the handshake.
    return withRole(agreed, transport.setup === 'passive' ? 'active' : 'passive');
  }
  if (kind.keying === 'none') return agreed;
  const line = transport.crypto[0];
  const ours = offered.crypto.find(({ tag, suite }) => tag === line?.tag && suite === line.suite);
  if (line === undefined || ours === undefined) return undefined;
  return {
    local: { ...agreed.local, crypto: [ours] },
    remote: { ...agreed.remote, crypto: [line] },
  };
}

/** Both ends without whatever the transport's kind does not use. */
function settled(
  kind: TransportKind,
  local: TransportParameters,
  remote: TransportParameters,
  mux: boolean,
): AgreedTransport {
  const end = (transport: TransportParameters): TransportParameters => {
    const { ice, setup: _, tlsId, rtcpPort, ...rest } = transport;
    return {
      ...rest,
      rtcpPort: mux ? transport.rtpPort : rtcpPort,
      mux,
      ...(kind.ice && ice && { ice }),
      fingerprints: kind.keying === 'dtls' ? transport.fingerprints : [],
      ...(kind.keying === 'dtls' && tlsId !== undefined && { tlsId }),
      crypto: [],
    };
  };
  return { local: end(local), remote: end(remote) };
}

function withRole(agreed: AgreedTransport, role: 'active' | 'passive'): AgreedTransport {
  const remoteRole = role === 'active' ? 'passive' : 'active';
  return {
    local: { ...agreed.local, setup: role },
    remote: { ...agreed.remote, setup: remoteRole },
  };
}

/** RFC 5763 §5; while the association goes on its roles stay (RFC 8842 §5.3). */
function answeredRole(
  offered: TransportParameters,
  before: AgreedMedia | undefined,
): 'active' | 'passive' {
  if (offered.setup === 'passive') return 'active';
  if (offered.setup === 'active') return 'passive';
  const goesOn = before !== undefined && isSameAssociation(before.remote, offered);
  return goesOn && before.local.setup === 'active' ? 'active' : 'passive';
}

/** Whether a new description speaks of the same DTLS association (RFC 8842 §4). */
export function isSameAssociation(
  before: { readonly fingerprints: readonly Fingerprint[]; readonly tlsId?: string },
  after: { readonly fingerprints: readonly Fingerprint[]; readonly tlsId?: string },
): boolean {
  const text = (fingerprints: readonly Fingerprint[]) =>
    fingerprints
      .map(({ hash, value }) => `${hash} ${value}`)
      .sort()
      .join(' ');
  return before.tlsId === after.tlsId && text(before.fingerprints) === text(after.fingerprints);
}

/** What an offer of ours says: either side may start the handshake. */
export const OFFERED_SETUP: DtlsSetup = 'actpass';
