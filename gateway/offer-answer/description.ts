/** What offer/answer agrees on, as plain JSON values (RFC 3264, RFC 8866, RFC 9429). */

/** The kinds of media that a leg can carry; every other m-line is answered with port zero. */
export type MediaKind = 'audio' | 'video';

/** RFC 3264 §5.1. In a description of ours it is our view, in a remote one the remote's view. */
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** How SRTP keys are agreed: DTLS-SRTP (RFC 5763), SDES (RFC 4568), or no SRTP at all. */
export type Keying = 'dtls' | 'sdes' | 'none';

/** Whether RTCP shares RTP's port (RFC 5761) or has one of its own. */
export type RtcpPorts = 'mux' | 'pair';

/** A media transport's three independent properties. */
export interface TransportKind {
  readonly ice: boolean;
  readonly keying: Keying;
  readonly rtcp: RtcpPorts;
}

export type TransportPreset = 'webrtc' | 'dtls' | 'sdes' | 'rtp';

export const transportPresets: { readonly [preset in TransportPreset]: TransportKind } = {
  webrtc: { ice: true, keying: 'dtls', rtcp: 'mux' },
  dtls: { ice: false, keying: 'dtls', rtcp: 'pair' },
  sdes: { ice: false, keying: 'sdes', rtcp: 'pair' },
  rtp: { ice: false, keying: 'none', rtcp: 'pair' },
};

/** One codec under one payload type; the payload type belongs to the side that *receives* it. */
export interface Codec {
  /** Lower case: `opus`, `pcmu`, `pcma`, `g722`, `telephone-event`, `cn`, `red`, `vp8`, … */
  readonly name: string;
  /** The RTP clock, in Hz; 8000 for G.722 although it samples at 16000 (RFC 3551 §4.5.2). */
  readonly clockRate: number;
  readonly channels: number;
  readonly payloadType: number;
  /** `a=fmtp`: names in lower case; a bare token such as `0-16` is a name with an empty value. */
  readonly parameters: { readonly [name: string]: string };
  /** `a=rtcp-fb` values in order, e.g. `nack pli`. */
  readonly feedback: readonly string[];
}

/** A header extension that may travel on an m-line (RFC 8285 §5). */
export interface HeaderExtension {
  readonly id: number;
  readonly uri: string;
}

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** RFC 8839 §5.1. An mDNS name stays a name in `address`. */
export interface IceCandidate {
  readonly foundation: string;
  readonly component: number;
  /** Lower case, `udp` or `tcp`. */
  readonly protocol: string;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly type: CandidateType;
  readonly relatedAddress?: string;
  readonly relatedPort?: number;
  readonly tcpType?: string;
}

export interface IceParameters {
  readonly ufrag: string;
  /** Secret: never logged. */
  readonly pwd: string;
  readonly lite: boolean;
  readonly candidates: readonly IceCandidate[];
  readonly endOfCandidates: boolean;
}

/** RFC 8122: `hash` in lower case (`sha-256`), `value` as upper-case pairs joined by colons. */
export interface Fingerprint {
  readonly hash: string;
  readonly value: string;
}

/** RFC 4145 §4, as RFC 5763 §5 uses it. */
export type DtlsSetup = 'active' | 'passive' | 'actpass' | 'holdconn';

export type CryptoSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

/** One usable `a=crypto` line (RFC 4568 §9.1), its sizes already checked. */
export interface CryptoLine {
  readonly tag: number;
  readonly suite: CryptoSuite;
  /** Master key then salt, in base64. Secret: never logged. */
  readonly key: string;
  /** The master key identifier and its length on the wire in octets. */
  readonly mki?: { readonly value: number; readonly length: number };
}

/** One end of a media transport, ours or the remote's, as SDP tells it. */
export interface TransportParameters {
  /** Absent where the remote named no address that could be used (an mDNS or FQDN `c=` line). */
  readonly address?: string;
  /** Zero never occurs here: a rejected m-line has no transport. */
  readonly rtpPort: number;
  /** Where RTCP goes without rtcp-mux; once that is agreed, equal to `rtpPort`. */
  readonly rtcpPort: number;
  /** RTCP's address where `a=rtcp` names another than RTP's (RFC 3605). */
  readonly rtcpAddress?: string;
  /** Offered or, in an agreed description, agreed rtcp-mux. */
  readonly mux: boolean;
  readonly ice?: IceParameters;
  /** Non-empty exactly when keyed by DTLS. */
  readonly fingerprints: readonly Fingerprint[];
  readonly setup?: DtlsSetup;
  /** RFC 8842 §4; echoed by nobody, compared only. */
  readonly tlsId?: string;
  /** In an agreed description at most one line a side. */
  readonly crypto: readonly CryptoLine[];
}

/** A source that an end announces with `a=ssrc` (RFC 5576). */
export interface MediaSource {
  readonly ssrc: number;
  readonly cname?: string;
}

/** The stream and track names of `a=msid` (RFC 8830). */
export interface MediaStreamId {
  readonly stream: string;
  readonly track?: string;
}

/** One m-line of a remote description, understood. */
export interface RemoteMedia {
  /** Position among the m-lines. */
  readonly index: number;
  readonly kind: MediaKind;
  readonly mid?: string;
  /** The remote's view, with `c=` of 0.0.0.0 or :: already read as hold (RFC 3264 §8.4). */
  readonly direction: MediaDirection;
  /** What a transport of ours must be to accept this m-line. */
  readonly transportKind: TransportKind;
  /** The `proto` of the m-line, to be echoed in its answer. */
  readonly protocol: string;
  /** AVPF or SAVPF rather than AVP or SAVP (RFC 4585). */
  readonly rtcpFeedback: boolean;
  readonly transport: TransportParameters;
  /** In the remote's order of preference, with the payload types that it wants to receive. */
  readonly codecs: readonly Codec[];
  readonly extensions: readonly HeaderExtension[];
  readonly extensionsMixed: boolean;
  readonly ptimeMs?: number;
  readonly maxPtimeMs?: number;
  readonly reducedSizeRtcp: boolean;
  readonly sources: readonly MediaSource[];
  readonly streams: readonly MediaStreamId[];
  /** The smallest of `b=AS` and `b=TIAS`, in bit/s. */
  readonly bandwidthBps?: number;
}

/** An m-line that is disabled, of no kind we carry, or not usable; it keeps its place. */
export interface UnusableMedia {
  readonly index: number;
  readonly kind: 'unusable';
  readonly mid?: string;
  /** `audio`, `application`, `image`, … as written. */
  readonly media: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** A stable reason: `disabled`, `unknown_media`, `unknown_protocol`, `no_fingerprint`, … */
  readonly reason: string;
}

export type RemoteLine = RemoteMedia | UnusableMedia;

export interface RemoteDescription {
  readonly origin: RemoteOrigin;
  /** One entry for every m-line, in order. */
  readonly lines: readonly RemoteLine[];
  /** The mids of each `a=group:BUNDLE` (RFC 9143). */
  readonly bundles: readonly (readonly string[])[];
  /** `a=ice-options` of the session and its m-lines, e.g. `trickle`. */
  readonly iceOptions: readonly string[];
}

/** The `o=` line; numbers stay text because peers exceed 2^53. */
export interface RemoteOrigin {
  readonly username: string;
  readonly sessionId: string;
  readonly version: string;
  readonly address: string;
}

/** A codec that we are able to carry; its payload type is only what we would like it to be. */
export type CodecCapability = Codec;

/** What this leg brings to one m-line of an offer or an answer. */
export interface LocalMedia {
  readonly kind: MediaKind;
  /** In our order of preference. */
  readonly codecs: readonly CodecCapability[];
  /** What we want; an answer narrows it to what the offer allows. */
  readonly direction: MediaDirection;
  /** Media of one leg that are bundled share one transport: the same parameters in each. */
  readonly transport: TransportParameters;
  /** Extensions we understand, with the ids we would like. */
  readonly extensions: readonly HeaderExtension[];
  readonly ptimeMs?: number;
  readonly maxPtimeMs?: number;
  readonly source?: MediaSource;
  readonly stream?: MediaStreamId;
}

/** Payload types of telephone-event at one clock rate (RFC 4733, 8, 16 and 48 kHz occur). */
export interface TelephoneEvent {
  readonly clockRate: number;
  readonly sendPayloadType: number;
  readonly receivePayloadType: number;
}

/** One m-line that both sides accepted: everything the media process must know of it. */
export interface AgreedMedia {
  readonly index: number;
  readonly kind: MediaKind;
  readonly mid?: string;
  /** Our view: `sendonly` means that we send and the remote does not. */
  readonly direction: MediaDirection;
  readonly transportKind: TransportKind;
  readonly rtcpFeedback: boolean;
  /** In the order agreed, with the remote's payload types; telephone-event and cn among them. */
  readonly sendCodecs: readonly Codec[];
  /** The same codecs with our payload types. */
  readonly receiveCodecs: readonly Codec[];
  /** One per clock rate of telephone-event that both sides named. */
  readonly telephoneEvents: readonly TelephoneEvent[];
  /** Extensions in use; an answer keeps the offer's ids, so they hold in both directions. */
  readonly extensions: readonly HeaderExtension[];
  readonly extensionsMixed: boolean;
  readonly ptimeMs?: number;
  readonly maxPtimeMs?: number;
  readonly reducedSizeRtcp: boolean;
  readonly local: TransportParameters;
  readonly remote: TransportParameters;
  /** Whether this m-line travels on the transport of the first of its bundle. */
  readonly bundledInto?: number;
  readonly localSource?: MediaSource;
  readonly remoteSources: readonly MediaSource[];
  readonly remoteStreams: readonly MediaStreamId[];
  readonly bandwidthBps?: number;
}

/** One m-line as we last described it; a line once written is never taken away. */
export interface NegotiatedLine {
  /** The media type as written on the m-line. */
  readonly media: string;
  readonly protocol: string;
  readonly mid?: string;
  readonly formats: readonly string[];
  readonly rejected: boolean;
}

/** Which codec each payload type has ever meant; RFC 3264 §8.3.2 forbids to bind one anew. */
export interface PayloadTypeBindings {
  readonly [payloadType: string]: string;
}

/** Which header extension each id has ever meant, offered ones that nobody took included. */
export interface ExtensionBindings {
  readonly [id: string]: string;
}

/**
 * The whole offer/answer state of one leg: a plain JSON value, replaced and never altered.
 * `pending` holds what our unanswered offer said, and is absent in the stable state.
 */
export interface Negotiation {
  readonly transportKind: TransportKind;
  /** Whether our offers name AVPF rather than AVP. */
  readonly rtcpFeedback: boolean;
  readonly sessionId: string;
  /** What our `o=` lines name: the address of the first transport described. */
  readonly originAddress?: string;
  /** The version of our last `o=` line; zero before the first. */
  readonly version: number;
  /** Our last description, with which the next is compared before the version rises. */
  readonly localSdp?: string;
  readonly lines: readonly NegotiatedLine[];
  readonly receiveBindings: PayloadTypeBindings;
  readonly extensionBindings: ExtensionBindings;
  readonly pending?: PendingOffer;
  readonly agreed: readonly AgreedMedia[];
}

/** Our own outstanding offer; `lines` come into force with its answer. */
export interface PendingOffer {
  readonly media: readonly OfferedMedia[];
  readonly lines: readonly NegotiatedLine[];
}

/** An m-line of our own outstanding offer that is not disabled. */
export interface OfferedMedia {
  readonly index: number;
  readonly mid?: string;
  readonly local: LocalMedia;
  /** What we announced: our payload types. */
  readonly codecs: readonly Codec[];
  readonly extensions: readonly HeaderExtension[];
}
