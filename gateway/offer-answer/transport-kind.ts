/**
 * Which kind of media transport an m-line's protocol and attributes ask for (RFC 5764 §8, 8643).
 */
import type { Keying, RemoteMedia, TransportKind } from './description.ts';

interface Protocol {
  readonly secure: boolean;
  readonly dtls: boolean;
  readonly feedback: boolean;
}

/** RFC 3551 §8, RFC 3711 §12, RFC 4585 §4, RFC 5124 §3, RFC 5764 §8. */
const PROTOCOLS: { readonly [written: string]: Protocol } = {
  'RTP/AVP': { secure: false, dtls: false, feedback: false },
  'RTP/AVPF': { secure: false, dtls: false, feedback: true },
  'RTP/SAVP': { secure: true, dtls: false, feedback: false },
  'RTP/SAVPF': { secure: true, dtls: false, feedback: true },
  'UDP/TLS/RTP/SAVP': { secure: true, dtls: true, feedback: false },
  'UDP/TLS/RTP/SAVPF': { secure: true, dtls: true, feedback: true },
};

export function protocolNamed(written: string): Protocol | undefined {
  const name = written.toUpperCase();
  return Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
}

/** The `proto` of an m-line that we offer. */
export function offeredProtocol(keying: Keying, feedback: boolean): string {
  const suffix = feedback ? 'F' : '';
  if (keying === 'dtls') return `UDP/TLS/RTP/SAVP${suffix}`;
  return keying === 'sdes' ? `RTP/SAVP${suffix}` : `RTP/AVP${suffix}`;
}

/**
 * How an m-line is keyed, or undefined if it demands SRTP and no key of it can be used. AVP with
 * usable crypto is opportunistic SRTP (RFC 8643 §3); AVP with a fingerprint alone is taken as
 * plain, since phones that offer it so expect most answers to be.
 */
export function keyingOf(
  protocol: Protocol,
  hasCrypto: boolean,
  hasFingerprint: boolean,
): Keying | undefined {
  if (protocol.dtls) return hasFingerprint ? 'dtls' : undefined;
  if (hasCrypto) return 'sdes';
  if (!protocol.secure) return 'none';
  return hasFingerprint ? 'dtls' : undefined;
}

/** Whether a transport of ours can serve an offered m-line. */
export function canServe(ours: TransportKind, offered: RemoteMedia): boolean {
  const { transportKind, protocol } = offered;
  // An answer without ICE is always legal (RFC 8839 §4.2), one that invents it never.
  if (ours.ice && !transportKind.ice) return false;
  if (ours.ice && ours.rtcp === 'mux' && transportKind.rtcp !== 'mux') return false;
  if (ours.keying === transportKind.keying) return true;
  const optional = protocolNamed(protocol)?.secure === false;
  return ours.keying === 'none' && optional;
}
