/** Media transports as signalling and media both see them: three independent properties. */

/**
 * A media transport is ICE × keying × RTCP. The presets: `webrtc` = ICE, dtls, mux · `dtls` = no
 * ICE,
 * dtls · `sdes` = no ICE, sdes, pair · `rtp` = no ICE, none, pair.
 */
export interface TransportKind {
  readonly ice: boolean;
  readonly keying: 'dtls' | 'sdes' | 'none';
  /** `mux`: RTCP shares the RTP port (RFC 5761). `pair`: RTCP on the next odd port. */
  readonly rtcp: 'mux' | 'pair';
}

export const WEBRTC: TransportKind = { ice: true, keying: 'dtls', rtcp: 'mux' };
export const SDES: TransportKind = { ice: false, keying: 'sdes', rtcp: 'pair' };
export const RTP: TransportKind = { ice: false, keying: 'none', rtcp: 'pair' };

export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** A local candidate; all are UDP, component 1, of type host. */
export interface LocalCandidate {
  readonly foundation: string;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
}

export interface Fingerprint {
  /** `sha-256` and its kin, lower case (RFC 8122). */
  readonly hash: string;
  /** Upper-case hexadecimal pairs joined by colons. */
  readonly value: string;
}

/** One SDES master key (RFC 4568), decoded. Travels between processes, is never logged. */
export interface SdesKey {
  readonly suite: SrtpSuite;
  readonly keyHex: string;
  readonly saltHex: string;
  /** The master key identifier in every packet under this key, where one was agreed (§6.1). */
  readonly mkiHex?: string;
}

export type SrtpSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

/** What the media process tells of a leg's own side, for the SDP. */
export interface LocalTransport {
  /** Address to write into `c=`, as advertised for the leg's interface. */
  readonly address: string;
  readonly rtpPort: number;
  /** Equal to `rtpPort` under mux. */
  readonly rtcpPort: number;
  readonly ice?: IceCredentials & { readonly candidates: readonly LocalCandidate[] };
  readonly fingerprints?: readonly Fingerprint[];
}

/** What the peer's SDP told of its side, and how strictly plain RTP must come from there. */
export interface RemoteTransport {
  /** Where to send; absent while unknown (ICE decides) or held by 0.0.0.0. */
  readonly address?: string;
  readonly rtpPort?: number;
  readonly rtcpPort?: number;
  readonly ice?: IceCredentials & { readonly lite: boolean };
  readonly fingerprints?: readonly Fingerprint[];
  /** Our DTLS role. */
  readonly dtlsRole?: 'client' | 'server';
  readonly sdes?: { readonly local: SdesKey; readonly remote: SdesKey };
  readonly sources?: SourcePolicy;
}

/** Where plain RTP may come from besides the SDP address and port, best first. */
export interface SourcePolicy {
  /** The observed address of the peer's signalling, for phones behind NAT. */
  readonly signallingAddress?: string;
  /** CIDR blocks that the trunk's media comes from. */
  readonly mediaNetworks: readonly string[];
  /** Registered users only, by configuration. */
  readonly anySource: boolean;
}
