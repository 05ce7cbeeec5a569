/** Users of our own: found by address or by digest name, and what proves that somebody is one. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { DigestCredentials } from '../sip/endpoint-contract.ts';
import type { ClientSecret } from './client-accounts-contract.ts';

/** Names a user over all domains. */
export type UserKey = string;

export interface User {
  readonly name: string;
  /** Lower case; absent for a user at every address of ours. */
  readonly domain?: string;
  readonly displayName?: string;
  readonly password?: string;
  /** MD5 of `user:realm:password` in hexadecimal (RFC 7616 §3.4.2). */
  readonly ha1?: string;
  readonly interface?: string;
  readonly codecs: readonly string[];
  /** Takes media from any source inside the window. */
  readonly mediaFromAnywhere: boolean;
}

export function userKey(user: User): UserKey {
  return user.domain === undefined ? user.name : `${user.name}@${user.domain}`;
}

export class Users {
  readonly #byKey = new Map<UserKey, User>();
  readonly #realm: string;

  constructor(users: readonly User[], realm: string) {
    for (const user of users) this.#byKey.set(userKey(user), user);
    this.#realm = realm;
  }

  get(key: UserKey): User | undefined {
    return this.#byKey.get(key);
  }

  /** The user at `name@host`, where `host` is an address or a domain of ours. */
  at(name: string, host: string): User | undefined {
    return this.#byKey.get(`${name}@${host}`) ?? this.#byKey.get(name);
  }

  keyAt(name: string, host: string): UserKey | undefined {
    const user = this.at(name, host);
    return user === undefined ? undefined : userKey(user);
  }

  /** What a digest of `username` is checked with: `alice`, or `alice@example.org`. */
  credentials(realm: string, username: string): DigestCredentials | undefined {
    const user = this.#byKey.get(username);
    if (user === undefined || realm !== this.#realm) return undefined;
    const ha1 = user.ha1 === undefined ? undefined : { MD5: user.ha1 };
    return { username, password: user.password, ha1 };
  }

  /** Whether a client of another protocol knows the secret of `user`. */
  admits(user: User, secret: ClientSecret): boolean {
    if (secret.type === 'none') return false;
    const given =
      secret.type === 'ha1' ? secret.ha1.toLowerCase() : this.#ha1(user, secret.password);
    const known = user.ha1?.toLowerCase() ?? this.#ha1(user, user.password);
    if (given === undefined || known === undefined || given.length !== known.length) return false;
    return timingSafeEqual(Buffer.from(given), Buffer.from(known));
  }

  #ha1(user: User, password: string | undefined): string | undefined {
    if (password === undefined) return undefined;
    const text = `${user.name}:${this.#realm}:${password}`;
    return createHash('md5').update(text).digest('hex');
  }
}
