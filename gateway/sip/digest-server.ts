/** Digest as a server: signed nonces that expire, counts that rise (RFC 7616 §3.3, RFC 8760). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Random, randomHex } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { parseAuthentication, serialiseDigest } from '../wire/sip/challenge.ts';
import { headerFields, type SipHeader } from '../wire/sip/message.ts';
import { algorithmNamed, digestResponse, ha1Of } from './digest.ts';
import type { DigestAlgorithm, DigestCredentials } from './endpoint-contract.ts';

/** How long a nonce is good for; clients renew it on `stale` without asking anybody. */
export const NONCE_LIFETIME: Millis = 300_000;
/** Nonces of authenticated users whose counts are remembered; the oldest fall out. */
export const MAX_TRACKED_NONCES = 100_000;

export interface DigestQuestion {
  readonly method: string;
  readonly headers: readonly SipHeader[];
  readonly realm: string;
  readonly algorithms: readonly DigestAlgorithm[];
  readonly proxy: boolean;
  credentials(realm: string, username: string): DigestCredentials | undefined;
}

export type DigestVerdict =
  | { readonly type: 'valid'; readonly username: string }
  /** Answer with `challenges`: none, wrong, unknown and replayed credentials look the same. */
  | { readonly type: 'challenge'; readonly headers: readonly SipHeader[] };

export interface DigestSnapshot {
  /** [nonce, highest count] in the order of first use. */
  readonly counts: readonly (readonly [string, number])[];
}

export class DigestServer {
  readonly #key: Buffer;
  readonly #random: Random;
  readonly #counts: Map<string, number>;

  constructor(nonceKey: string, random: Random, from?: DigestSnapshot) {
    this.#key = Buffer.from(nonceKey, 'hex');
    this.#random = random;
    this.#counts = new Map(from?.counts);
  }

  get size(): number {
    return this.#counts.size;
  }

  snapshot(): DigestSnapshot {
    return { counts: [...this.#counts] };
  }

  verify(question: DigestQuestion, now: Millis): DigestVerdict {
    const name = question.proxy ? 'Proxy-Authorization' : 'Authorization';
    for (const text of headerFields(question.headers, name)) {
      const value = parseAuthentication(text);
      if (value?.scheme !== 'digest' || value.parameters.get('realm') !== question.realm) continue;
      const verdict = this.#check(question, value.parameters, now);
      if (verdict.type === 'valid') return verdict;
      return this.#challenge(question, now, verdict.type === 'stale');
    }
    return this.#challenge(question, now, false);
  }

  #check(
    question: DigestQuestion,
    given: ReadonlyMap<string, string>,
    now: Millis,
  ): { type: 'valid'; username: string } | { type: 'wrong' } | { type: 'stale' } {
    const algorithm = algorithmNamed(given.get('algorithm'));
    const nonce = given.get('nonce') ?? '';
    const username = given.get('username') ?? '';
    const qop = given.get('qop');
    const nc = given.get('nc');
    if (algorithm === undefined || !question.algorithms.includes(algorithm)) return WRONG;
    if (qop !== undefined && (qop !== 'auth' || !/^[0-9a-f]{8}$/i.test(nc ?? ''))) return WRONG;
    const issuedAt = this.#issuedAt(nonce, question.realm);
    if (issuedAt === undefined) return WRONG;
    const credentials = question.credentials(question.realm, username);
    // An unknown user costs the same work and fails in the same way.
    const ha1 = credentials && ha1Of({ ...credentials, username }, question.realm, algorithm);
    const expected = digestResponse(ha1 ?? this.#decoy(username), {
      algorithm,
      method: question.method,
      uri: given.get('uri') ?? '',
      nonce,
      qop: qop === undefined ? undefined : 'auth',
      nc,
      cnonce: given.get('cnonce'),
    });
    if (!sameText(expected, (given.get('response') ?? '').toLowerCase())) return WRONG;
    if (ha1 === undefined) return WRONG;
    if (now - issuedAt > NONCE_LIFETIME || issuedAt > now) return { type: 'stale' };
    // Without qop there is no count, so a nonce serves once.
    const count = nc === undefined || qop === undefined ? 1 : Number.parseInt(nc, 16);
    return this.#use(nonce, count, now) ? { type: 'valid', username } : { type: 'stale' };
  }

  /** Records the use of a nonce; false if this count, or a later one, was seen already. */
  #use(nonce: string, count: number, now: Millis): boolean {
    if (count <= (this.#counts.get(nonce) ?? 0)) return false;
    this.#forgetExpired(now);
    this.#counts.set(nonce, count);
    return true;
  }

  /** Nonces expire in the order in which they were first used, near enough. */
  #forgetExpired(now: Millis): void {
    for (const nonce of this.#counts.keys()) {
      const age = now - (issueTime(nonce) ?? 0);
      if (age <= NONCE_LIFETIME && this.#counts.size < MAX_TRACKED_NONCES) return;
      this.#counts.delete(nonce);
    }
  }

  #challenge(question: DigestQuestion, now: Millis, isStale: boolean): DigestVerdict {
    const name = question.proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate';
    const nonce = this.#newNonce(question.realm, now);
    const headers = question.algorithms.map((algorithm) => ({
      name,
      value: serialiseDigest([
        ['realm', question.realm],
        ['nonce', nonce],
        ['algorithm', algorithm],
        ['qop', 'auth'],
        ['stale', isStale ? 'true' : undefined],
      ]),
    }));
    return { type: 'challenge', headers };
  }

  /** Time, randomness and a signature over both and the realm; nothing is stored. */
  #newNonce(realm: string, now: Millis): string {
    const stem = `${Math.floor(now).toString(36)}.${randomHex(this.#random, 6)}`;
    return `${stem}.${this.#sign(`${stem}|${realm}`)}`;
  }

  #issuedAt(nonce: string, realm: string): Millis | undefined {
    const dot = nonce.lastIndexOf('.');
    const stem = nonce.slice(0, Math.max(dot, 0));
    if (!sameText(nonce.slice(dot + 1), this.#sign(`${stem}|${realm}`))) return undefined;
    return issueTime(nonce);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url').slice(0, 22);
  }

  #decoy(username: string): string {
    return this.#sign(`decoy|${username}`);
  }
}

const WRONG = { type: 'wrong' } as const;

function issueTime(nonce: string): Millis | undefined {
  const time = Number.parseInt(nonce.slice(0, nonce.indexOf('.')), 36);
  return Number.isSafeInteger(time) ? time : undefined;
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
