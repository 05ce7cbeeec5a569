/**
 * What a STUN message of ICE says, as a value, and the numbers behind its names (RFC 8489, 8445).
 */

export const STUN_HEADER_BYTES = 20;
export const STUN_MAGIC_COOKIE = 0x2112a442;
export const TRANSACTION_ID_BYTES = 12;
export const BINDING_METHOD = 0x001;

/** Larger than any message of ICE; keeps a hostile one from costing anything. */
export const LONGEST_STUN_MESSAGE = 1500;
export const MOST_STUN_ATTRIBUTES = 32;
/** RFC 8489 §14.3: fewer than 509 octets. */
export const LONGEST_USERNAME_BYTES = 508;

export const INTEGRITY_BYTES = 20;
/** RFC 8489 §14.7: what the CRC is XORed with, "STUN" in ASCII. */
export const FINGERPRINT_XOR = 0x5354554e;

/** RFC 8489 §18.3 and RFC 8445 §16.1. Below 0x8000 an unknown one must not be ignored. */
export const attributeTypes = {
  mappedAddress: 0x0001,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  realm: 0x0014,
  nonce: 0x0015,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  software: 0x8022,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

export type StunClass = 'request' | 'indication' | 'success' | 'error';

export interface StunAddress {
  readonly address: string;
  readonly port: number;
}

export interface StunErrorCode {
  /** 300 to 699. */
  readonly code: number;
  readonly reason: string;
}

export interface StunMessage {
  /** The whole message as received: a view, valid as long as the buffer beneath it. */
  readonly bytes: Uint8Array;
  readonly class: StunClass;
  readonly method: number;
  /** A view of twelve octets. */
  readonly transactionId: Uint8Array;
  readonly username?: string;
  readonly priority?: number;
  readonly useCandidate: boolean;
  /** The tie-breaker of the role that the sender claims (RFC 8445 §7.3.1.1). */
  readonly iceControlling?: bigint;
  readonly iceControlled?: bigint;
  /** XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS of servers that know only that. */
  readonly mappedAddress?: StunAddress;
  readonly errorCode?: StunErrorCode;
  /** The types named by UNKNOWN-ATTRIBUTES in an error response. */
  readonly unknownAttributes: readonly number[];
  /** Attributes that must be understood and are not: a request with any is answered 420. */
  readonly unknownRequired: readonly number[];
  /** Where MESSAGE-INTEGRITY starts in `bytes`; absent if there is none. */
  readonly integrityAt?: number;
  /** Whether there is a FINGERPRINT; a wrong one is refused while parsing. */
  readonly fingerprinted: boolean;
}
