/** Reads one m-line's transport: address, RTCP, ICE and DTLS (RFC 3605, 5761, 8839, 8122, 8842). */
import { isUnspecifiedAddress, parseIpAddress } from '../core/ip-address.ts';
import {
  attributeValue,
  attributeValues,
  hasAttribute,
  type SdpMedia,
  type SdpSession,
} from '../wire/sdp/session-description.ts';
import type {
  DtlsSetup,
  Fingerprint,
  IceCandidate,
  IceParameters,
  TransportParameters,
} from './description.ts';
import { parseIceCandidate } from './ice-candidate.ts';

const MOST_CANDIDATES = 64;
const MOST_FINGERPRINTS = 8;
const HIGHEST_PORT = 65_535;
const SETUPS: readonly string[] = ['active', 'passive', 'actpass', 'holdconn'];
/** Octets of each hash that RFC 8122 §5 names and OpenSSL still computes. */
const HASH_OCTETS: { readonly [hash: string]: number } = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/** Everything but SDES keys, of a section whose port is not zero. */
export function readTransport(session: SdpSession, media: SdpMedia): TransportParameters {
  const address = usableAddress((media.connection ?? session.connection)?.address);
  const ice = readIce(session, media);
  const setup = inherited(session, media, 'setup')?.toLowerCase();
  const tlsId = inherited(session, media, 'tls-id');
  return {
    ...(address !== undefined && { address }),
    rtpPort: media.port,
    ...readRtcp(media),
    ...(ice && { ice }),
    fingerprints: readFingerprints(session, media),
    ...(setup !== undefined && SETUPS.includes(setup) && { setup: setup as DtlsSetup }),
    ...(tlsId !== undefined && { tlsId }),
    crypto: [],
  };
}

/** A literal that packets can be sent to; names would need DNS, mDNS names even more. */
function usableAddress(address: string | undefined): string | undefined {
  const literal = address?.split('/', 1)[0];
  if (literal === undefined || parseIpAddress(literal) === undefined) return undefined;
  return isUnspecifiedAddress(literal) ? undefined : literal;
}

function readRtcp(media: SdpMedia): Pick<TransportParameters, 'rtcpPort' | 'rtcpAddress' | 'mux'> {
  const mux = ['rtcp-mux', 'rtcp-mux-only'].some((name) => hasAttribute(media.attributes, name));
  const value = attributeValue(media.attributes, 'rtcp') ?? '';
  const match = /^(\d{1,5})(?: +IN +IP[46] +(\S+))?/i.exec(value);
  const port = Number(match?.[1]);
  if (match && port >= 1 && port <= HIGHEST_PORT) {
    const rtcpAddress = usableAddress(match[2]);
    return { rtcpPort: port, ...(rtcpAddress !== undefined && { rtcpAddress }), mux };
  }
  return { rtcpPort: Math.min(media.port + 1, HIGHEST_PORT), mux };
}

/** RFC 8839 §5.4: credentials of the m-line, else of the session. */
function readIce(session: SdpSession, media: SdpMedia): IceParameters | undefined {
  const ufrag = inherited(session, media, 'ice-ufrag');
  const pwd = inherited(session, media, 'ice-pwd');
  if (!ufrag || !pwd || ufrag.length > 256 || pwd.length > 256) return undefined;
  const candidates = attributeValues(media.attributes, 'candidate')
    .slice(0, MOST_CANDIDATES)
    .flatMap((value): IceCandidate[] => {
      const candidate = parseIceCandidate(value);
      return candidate.ok ? [candidate.value] : [];
    });
  return {
    ufrag,
    pwd,
    lite: hasAttribute(session.attributes, 'ice-lite'),
    candidates,
    endOfCandidates: [session, media].some((section) =>
      hasAttribute(section.attributes, 'end-of-candidates'),
    ),
  };
}

/** RFC 8122 §5: any of several may match; those of the m-line replace the session's. */
function readFingerprints(session: SdpSession, media: SdpMedia): Fingerprint[] {
  const own = attributeValues(media.attributes, 'fingerprint');
  const values = own.length > 0 ? own : attributeValues(session.attributes, 'fingerprint');
  return values.slice(0, MOST_FINGERPRINTS).flatMap((line): Fingerprint[] => {
    const [hash, value] = line.split(/ +/);
    const name = hash!.toLowerCase();
    if (!Object.hasOwn(HASH_OCTETS, name) || !/^[\da-f]{2}(:[\da-f]{2})*$/i.test(value ?? '')) {
      return [];
    }
    const octets = (value!.length + 1) / 3;
    return octets === HASH_OCTETS[name] ? [{ hash: name, value: value!.toUpperCase() }] : [];
  });
}

function inherited(session: SdpSession, media: SdpMedia, name: string): string | undefined {
  return attributeValue(media.attributes, name) ?? attributeValue(session.attributes, name);
}
