/** What a SIP endpoint is given at construction: its options and the ports that it asks. */
import type { SipHeader } from '../wire/sip/message.ts';
import type { AccountKey, Hop, Identity, ReceivedRequest, SipInterface } from './endpoint-terms.ts';

/** Digest credentials of ours: a password, or its HA1 per algorithm. */
export interface DigestCredentials {
  readonly username: string;
  readonly password?: string | undefined;
  readonly ha1?: { readonly [algorithm in DigestAlgorithm]?: string } | undefined;
}

export type DigestAlgorithm = 'MD5' | 'SHA-256';

export type Verdict =
  | { readonly type: 'accept'; readonly identity: Identity }
  /** Digest is wanted; the endpoint checks it and asks again with `authenticated` set. */
  | {
      readonly type: 'challenge';
      readonly realm: string;
      /** In the order offered; default MD5 alone. */
      readonly algorithms?: readonly DigestAlgorithm[] | undefined;
      /** 407 and Proxy-Authenticate instead of 401. */
      readonly proxy?: boolean | undefined;
    }
  | {
      readonly type: 'reject';
      readonly status: number;
      readonly reason?: string | undefined;
      readonly headers?: readonly SipHeader[] | undefined;
    }
  | { readonly type: 'drop' };

export interface AuthorisationQuery {
  readonly received: ReceivedRequest;
  /** Set on the second question, after the digest was verified. */
  readonly authenticated?: { readonly username: string; readonly realm: string } | undefined;
}

export interface SipPorts {
  /** Asked for every dialog-forming or stand-alone request before any state is made. */
  authorise(query: AuthorisationQuery): Verdict;
  /** The verifier's side: what we know of a user who claims to be `username` in `realm`. */
  userCredentials(realm: string, username: string): DigestCredentials | undefined;
  /** The client's side: only for the destination and realm that own the account. */
  accountCredentials(query: {
    readonly account: AccountKey;
    readonly realm: string;
    readonly destination: Hop;
  }): DigestCredentials | undefined;
}

export interface SipOptions {
  readonly interfaces: readonly SipInterface[];
  /** The User-Agent and Server headers. */
  readonly productName: string;
  /** Methods handed to the application as `incoming-request`; others meet 405 or 501. */
  readonly applicationMethods: readonly string[];
  /** Option tags that the application understands: Supported, and no 420. */
  readonly extensions: readonly string[];
  /** Body types accepted in INVITE; others meet 415. */
  readonly acceptedBodyTypes: readonly string[];
  readonly registrar: RegistrarOptions;
  /** Key of the digest nonces: the same in every process that shares users; 32 octets in hex. */
  readonly nonceKey: string;
  readonly maxTransactions?: number | undefined;
  readonly maxLegs?: number | undefined;
}

export interface RegistrarOptions {
  readonly minExpiresSeconds: number;
  readonly defaultExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  /** Of one address of record; the one that ends soonest gives way. */
  readonly maxContacts: number;
  /** Of all of them; a further one is refused. */
  readonly maxBindings?: number | undefined;
}
