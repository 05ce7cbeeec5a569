/** What TypeScript sees of the native primitives: types, and the layout of shared memory. */

declare const kind: unique symbol;
/** A positive 31-bit integer, index and generation: a stale one is refused, never reused. */
type Handle<K extends string> = number & { readonly [kind]: K };
export type SocketHandle = Handle<'socket'>;
export type PathHandle = Handle<'path'>;
export type SrtpHandle = Handle<'srtp'>;
export type DtlsHandle = Handle<'dtls'>;
export type DtlsIdentityHandle = Handle<'dtls identity'>;

/**
 * The `code` of every Error that the primitives throw. They throw for our own mistakes and for a
 * resource that is not there, never because of what a peer sent.
 */
export type NativeErrorCode =
  | 'native.not_built'
  | 'native.openssl_mismatch'
  | 'native.bad_argument'
  | 'native.out_of_range'
  | 'native.stale_handle'
  | 'native.wrong_direction'
  | 'native.too_many'
  | 'native.closed'
  | 'native.bad_address'
  | 'native.address_in_use'
  | 'native.address_not_available'
  | 'native.permission_denied'
  | 'native.no_descriptors'
  | 'native.not_connected'
  | 'native.system_failure'
  | 'native.crypto_failure';

export interface NativeError extends Error {
  readonly code: NativeErrorCode;
}

/**
 * The arena is cut into slots: receive slots first, then the ring of transmit slots. A received
 * datagram starts HEADROOM_BYTES into its slot and leaves TAILROOM_BYTES behind it, so that a
 * header grows and an authentication tag is added in place. A slot is an odd number of cache lines;
 * with a power of two, the headers of a batch would compete for the same few places of a cache.
 */
export const SLOT_BYTES = 2112;
export const HEADROOM_BYTES = 64;
export const TAILROOM_BYTES = 160;
export const MAX_DATAGRAM_BYTES = SLOT_BYTES - HEADROOM_BYTES - TAILROOM_BYTES;
/** One call of `onBatch` brings at most this many datagrams. */
export const RECEIVE_SLOTS = 64;
/** Transmit slots, and the datagrams that may be queued before the queue flushes itself. */
export const TRANSMIT_SLOTS = 256;

/** `receiveInfo` holds this many words for each datagram of a batch; their meaning follows. */
export const DATAGRAM_WORDS = 16;
/** The SocketHandle it arrived on. */
export const WORD_SOCKET = 0;
/** Its offset in the arena, and its length. */
export const WORD_OFFSET = 1;
export const WORD_LENGTH = 2;
/** A union of the FLAG_ bits. */
export const WORD_FLAGS = 3;
/** 4 or 6, of both addresses. */
export const WORD_FAMILY = 4;
export const WORD_REMOTE_PORT = 5;
/** Four words of address in network order, most significant first; IPv4 uses the first only. */
export const WORD_REMOTE_ADDRESS = 6;
/** The address it was sent to, in the same form; the one to answer from. */
export const WORD_LOCAL_ADDRESS = 10;
/** When it was read: CLOCK_MONOTONIC in microseconds, low 32 bits. */
export const WORD_TIME_MICROS = 14;
/** The interface it came in by where a link-local address needs it, else 0. */
export const WORD_INTERFACE = 15;
/** The datagram was longer than MAX_DATAGRAM_BYTES and is cut. */
export const FLAG_TRUNCATED = 1;

export interface SocketOptions {
  /** A literal IPv4 or IPv6 address; a wildcard is allowed, IPv6 sockets never take IPv4. */
  readonly address: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly receiveBufferBytes?: number;
  readonly sendBufferBytes?: number;
  /** The traffic class (TOS) octet of what is sent, DSCP in its upper six bits: EF is 184. */
  readonly trafficClass?: number;
}

export interface PathOptions {
  readonly socket: SocketHandle;
  /** The source address to pin where the socket is bound to a wildcard. */
  readonly localAddress?: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Overrides the socket's own. */
  readonly trafficClass?: number;
  /** The value of WORD_INTERFACE, for link-local peers. */
  readonly interfaceIndex?: number;
}

/** Totals since the PacketIo was opened; each only grows. */
export interface PacketCounters {
  readonly received: number;
  readonly receivedBytes: number;
  readonly sent: number;
  readonly sentBytes: number;
  readonly batches: number;
  readonly flushes: number;
  /** Datagrams longer than a slot takes. */
  readonly truncated: number;
  /** Datagrams the kernel dropped because a socket's receive buffer was full. */
  readonly receiveOverflows: number;
  /** Datagrams lost on the way out: the socket's buffer, the device's queue, anything else. */
  readonly sendWouldBlock: number;
  readonly sendNoBuffers: number;
  readonly sendErrors: number;
  /** Errors that a socket reported instead of a datagram, ICMP among them; none ends anything. */
  readonly icmpErrors: number;
  /** Times that a full queue, or a ring about to overtake it, had to flush itself. */
  readonly queueFull: number;
}

export interface SocketCounters {
  readonly received: number;
  readonly sent: number;
  readonly receiveOverflows: number;
}

/**
 * Batched UDP over many sockets behind one readiness event. What is queued inside `onBatch` is
 * flushed when it returns; what is queued anywhere else waits for `flush()`.
 */
export interface PacketIo {
  readonly arena: Uint8Array;
  /** RECEIVE_SLOTS times DATAGRAM_WORDS, valid inside `onBatch` only. */
  readonly receiveInfo: Int32Array;
  openSocket(options: SocketOptions): { readonly handle: SocketHandle; readonly port: number };
  /** Flushes first. The socket's paths become stale with it. */
  closeSocket(socket: SocketHandle): void;
  openPath(options: PathOptions): PathHandle;
  closePath(path: PathHandle): void;
  /** Queues `length` octets at `arenaOffset`; they must stay untouched until they are flushed. */
  send(path: PathHandle, arenaOffset: number, length: number): void;
  /** Sends all that is queued, one system call a socket, and gives the number sent. */
  flush(): number;
  /** The arena offset (headroom included) of the next transmit slot, flushing if it is queued. */
  allocateTransmit(): number;
  /**
   * 0 reads as soon as a socket is readable; 1 to 5 reads every so many milliseconds instead,
   * which under small batches saves most wake-ups. When to choose which is the caller's policy.
   */
  setReadInterval(millis: number): void;
  /**
   * Begins to read. A throw out of `onBatch` is an uncaught exception and ends the process.
   * Sockets keep the process alive from here until `close`.
   */
  start(onBatch: (count: number) => void): void;
  counters(): PacketCounters;
  socketCounters(socket: SocketHandle): SocketCounters;
  /** Closes every socket and path; may be called twice. */
  close(): void;
}

/** Named as RFC 4568 §6.2, RFC 6188 and RFC 7714 §14 name them in SDP. */
export type SrtpProfile =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

/** 'protect' is what we send with a key, 'unprotect' what we receive with one; never both. */
export type SrtpDirection = 'protect' | 'unprotect';

export interface SrtpOptions {
  readonly profile: SrtpProfile;
  readonly direction: SrtpDirection;
  /** 16 or 32 octets, as the profile says. */
  readonly masterKey: Uint8Array;
  /** 14 octets, 12 for the AEAD profiles. */
  readonly masterSalt: Uint8Array;
  /** Packets back from the highest index that are told apart; 64 to 1024, default 128. */
  readonly replayWindow?: number;
  /** SSRCs that this key may serve; 1 to 4096, default 256. */
  readonly maxStreams?: number;
  /** A Master Key Identifier of 1 to 4 octets, appended to and expected in every packet. */
  readonly mki?: Uint8Array;
}

/** Where one SSRC stands under a key, to be handed over to another context with the same key. */
export interface SrtpStreamState {
  readonly rolloverCounter: number;
  readonly highestSequence: number;
  /** The highest SRTCP index used or seen; -1 before the first. */
  readonly rtcpIndex: number;
  /** Whether any RTP has been seen; if not, the first two fields mean nothing. */
  readonly rtpStarted: boolean;
}

/** What the four packet functions return instead of a length. */
export const SRTP_MALFORMED = -1;
export const SRTP_AUTHENTICATION_FAILED = -2;
/** The index was used or seen before, or is older than the window. */
export const SRTP_REPLAYED = -3;
/** 2^48 RTP or 2^31 RTCP packets: the key is used up (RFC 3711 §9.2). */
export const SRTP_INDEX_EXHAUSTED = -4;
export const SRTP_TOO_MANY_STREAMS = -5;
/** The packet with its tag would not fit in its slot. */
export const SRTP_NO_ROOM = -6;
/** The cipher itself failed; the packet is spoilt. */
export const SRTP_CIPHER_FAILED = -7;

/** SRTP and SRTCP contexts that work in place on one arena. Each has one master key. */
export interface Srtp {
  open(options: SrtpOptions): SrtpHandle;
  /** Each gives the packet's new length, or one of the negative SRTP_ codes. */
  protectRtp(context: SrtpHandle, arenaOffset: number, length: number): number;
  unprotectRtp(context: SrtpHandle, arenaOffset: number, length: number): number;
  protectRtcp(context: SrtpHandle, arenaOffset: number, length: number): number;
  unprotectRtcp(context: SrtpHandle, arenaOffset: number, length: number): number;
  streamState(context: SrtpHandle, ssrc: number): SrtpStreamState | undefined;
  /** An index at or below the one set counts as used; one below the present is out of range. */
  setStreamState(context: SrtpHandle, ssrc: number, state: SrtpStreamState): void;
  /** Wipes the keys. */
  close(context: SrtpHandle): void;
}

/** Hash functions of `a=fingerprint` (RFC 8122 §5) that are still worth checking. */
export type FingerprintHash = 'sha-1' | 'sha-224' | 'sha-256' | 'sha-384' | 'sha-512';

export interface DtlsIdentity {
  readonly handle: DtlsIdentityHandle;
  /** Upper-case hexadecimal with colons, as SDP wants it. */
  readonly fingerprints: { readonly [hash in FingerprintHash]: string };
}

export type DtlsRole = 'client' | 'server';
export type DtlsStatus = 'handshaking' | 'connected' | 'closed' | 'failed';

export interface DtlsOptions {
  readonly identity: DtlsIdentityHandle;
  readonly role: DtlsRole;
  /** The largest datagram to make; 256 to 1452, default 1200. */
  readonly mtu?: number;
  /** Offered or accepted, in order of preference; default GCM-128, CM-128-80, CM-128-32. */
  readonly profiles?: readonly SrtpProfile[];
}

/** What RFC 5764 §4.2 derives: what we send is protected with local, what we get with remote. */
export interface DtlsSrtpKeys {
  readonly profile: SrtpProfile;
  readonly localKey: Uint8Array;
  readonly localSalt: Uint8Array;
  readonly remoteKey: Uint8Array;
  readonly remoteSalt: Uint8Array;
}

/**
 * DTLS endpoints without sockets: datagrams in, datagrams out, a deadline. The handshake proves
 * that the peer holds the key of the certificate it shows; that the certificate is the one that
 * the signalling promised is for the caller to check by `peerFingerprint`, before any media.
 */
export interface Dtls {
  /** A fresh self-signed ECDSA P-256 certificate. */
  createIdentity(): DtlsIdentity;
  /** Associations that use it go on. */
  closeIdentity(identity: DtlsIdentityHandle): void;
  /** A client has its first flight ready at once. */
  open(options: DtlsOptions): DtlsHandle;
  receive(association: DtlsHandle, datagram: Uint8Array): DtlsStatus;
  /** The next datagram to send; drain it after open, receive, handleTimeout and shutdown. */
  takeOutgoing(association: DtlsHandle): Uint8Array | undefined;
  /** Milliseconds from now until `handleTimeout` is due, or -1. */
  timeoutMillis(association: DtlsHandle): number;
  handleTimeout(association: DtlsHandle): DtlsStatus;
  status(association: DtlsHandle): DtlsStatus;
  /** Why the status is 'failed', in OpenSSL's words; undefined otherwise. */
  failure(association: DtlsHandle): string | undefined;
  /** Throws 'native.not_connected' before the handshake is done, as does `exportSrtp`. */
  peerFingerprint(association: DtlsHandle, hash: FingerprintHash): string;
  exportSrtp(association: DtlsHandle): DtlsSrtpKeys;
  /** Queues close_notify; the status becomes 'closed'. */
  shutdown(association: DtlsHandle): void;
  close(association: DtlsHandle): void;
}

/** The addon, as `loadNative` gives it. What it opens lives no longer than its environment. */
export interface NativeAddon {
  /** The version text of the OpenSSL that the running Node exports. */
  readonly openSslVersion: string;
  openPacketIo(): PacketIo;
  /** An arena of so many slots apart from any PacketIo. */
  createArena(slots: number): Uint8Array;
  /** `arena` must come from `openPacketIo` or `createArena` of the same environment. */
  openSrtp(arena: Uint8Array): Srtp;
  openDtls(): Dtls;
}
