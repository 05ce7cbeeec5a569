/** The few lines of SDP (RFC 8866) that a benchmark's call needs: one PCMU stream, keyed or not. */
import { randomBytes } from 'node:crypto';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** How a leg's packets are keyed; what of it the two ends tell one another. */
export type Keying =
  | { readonly kind: 'none' }
  /** Base64 of a 16-octet master key and a 14-octet salt, AES_CM_128_HMAC_SHA1_80 (RFC 4568). */
  | { readonly kind: 'sdes'; readonly key: string }
  | {
      readonly kind: 'dtls';
      readonly ufrag: string;
      readonly password: string;
      /** SHA-256, as in `a=fingerprint` (RFC 8122). */
      readonly fingerprint: string;
    };

/** What one end says of itself. */
export interface CallDescription {
  readonly endpoint: Endpoint;
  readonly keying: Keying;
}

const SDES_SUITE = 'AES_CM_128_HMAC_SHA1_80';
const PROFILES = { none: 'RTP/AVP', sdes: 'RTP/SAVP', dtls: 'UDP/TLS/RTP/SAVPF' } as const;
const MASTER_BYTES = 30;

export function newSdesKeying(): Keying {
  return { kind: 'sdes', key: randomBytes(MASTER_BYTES).toString('base64') };
}

export function newDtlsKeying(fingerprint: string): Keying {
  return {
    kind: 'dtls',
    ufrag: randomBytes(4).toString('hex'),
    password: randomBytes(16).toString('hex'),
    fingerprint,
  };
}

export function writeDescription({ endpoint, keying }: CallDescription): string {
  const lines = [
    'v=0',
    `o=- ${endpoint.port} 1 IN IP4 ${endpoint.address}`,
    's=-',
    `c=IN IP4 ${endpoint.address}`,
    't=0 0',
    ...(keying.kind === 'dtls' ? ['a=group:BUNDLE 0'] : []),
    `m=audio ${endpoint.port} ${PROFILES[keying.kind]} 0`,
    'a=rtpmap:0 PCMU/8000',
    'a=ptime:20',
    'a=sendrecv',
    ...keyingLines(endpoint, keying),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function keyingLines(endpoint: Endpoint, keying: Keying): readonly string[] {
  if (keying.kind === 'none') return [];
  if (keying.kind === 'sdes') return [`a=crypto:1 ${SDES_SUITE} inline:${keying.key}`];
  return [
    'a=mid:0',
    'a=rtcp-mux',
    'a=setup:actpass',
    `a=fingerprint:sha-256 ${keying.fingerprint}`,
    `a=ice-ufrag:${keying.ufrag}`,
    `a=ice-pwd:${keying.password}`,
    `a=candidate:1 1 udp 2130706431 ${endpoint.address} ${endpoint.port} typ host`,
    'a=end-of-candidates',
  ];
}

/** Reads a relay's description; throws where it lacks what the call cannot be run without. */
export function readDescription(sdp: string): CallDescription {
  const profile = need(sdp, /^m=audio \d+ (\S+)/m, 'audio');
  if (profile.includes('TLS')) return { endpoint: candidateIn(sdp), keying: dtlsIn(sdp) };
  const endpoint = {
    address: need(sdp, /^c=IN IP4 (\S+)/m, 'address'),
    port: Number(need(sdp, /^m=audio (\d+)/m, 'port')),
  };
  if (!profile.includes('SAVP')) return { endpoint, keying: { kind: 'none' } };
  const key = need(
    sdp,
    new RegExp(`^a=crypto:\\d+ ${SDES_SUITE} inline:([^|\\s]+)`, 'm'),
    'crypto',
  );
  return { endpoint, keying: { kind: 'sdes', key } };
}

function dtlsIn(sdp: string): Keying {
  need(sdp, /^a=setup:(passive|actpass)/m, 'passive DTLS role');
  return {
    kind: 'dtls',
    ufrag: need(sdp, /^a=ice-ufrag:(\S+)/m, 'ice-ufrag'),
    password: need(sdp, /^a=ice-pwd:(\S+)/m, 'ice-pwd'),
    fingerprint: need(sdp, /^a=fingerprint:sha-256 (\S+)/im, 'fingerprint'),
  };
}

/** The loopback candidate where there is one: the benchmark's network has no other. */
function candidateIn(sdp: string): Endpoint {
  const candidates = [...sdp.matchAll(/^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) /gim)];
  const [, address, port] = candidates.find((match) => match[1]?.startsWith('127.')) ??
    candidates[0] ?? [undefined, undefined, undefined];
  if (address === undefined) throw new Error(`no ICE candidate in description:\n${sdp}`);
  return { address, port: Number(port) };
}

function need(sdp: string, pattern: RegExp, what: string): string {
  const found = pattern.exec(sdp)?.[1];
  if (found === undefined) throw new Error(`no ${what} in description:\n${sdp}`);
  return found;
}
