/** The digest calculation that both sides share (RFC 7616 §3.4, RFC 8760, RFC 3261 §22.4). */
import { createHash } from 'node:crypto';
import type { DigestAlgorithm, DigestCredentials } from './endpoint-contract.ts';

export interface DigestParts {
  readonly algorithm: DigestAlgorithm;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Without qop the calculation is RFC 2069's. */
  readonly qop?: 'auth' | undefined;
  readonly nc?: string | undefined;
  readonly cnonce?: string | undefined;
}

export function hash(algorithm: DigestAlgorithm, text: string): string {
  const name = algorithm === 'MD5' ? 'md5' : 'sha256';
  return createHash(name).update(text, 'utf8').digest('hex');
}

/** H(username:realm:password), given or computed; undefined if neither is possible. */
export function ha1Of(
  credentials: DigestCredentials,
  realm: string,
  algorithm: DigestAlgorithm,
): string | undefined {
  const given = credentials.ha1?.[algorithm];
  if (given !== undefined) return given.toLowerCase();
  if (credentials.password === undefined) return undefined;
  return hash(algorithm, `${credentials.username}:${realm}:${credentials.password}`);
}

export function digestResponse(ha1: string, parts: DigestParts): string {
  const ha2 = hash(parts.algorithm, `${parts.method}:${parts.uri}`);
  const middle =
    parts.qop === undefined
      ? parts.nonce
      : `${parts.nonce}:${parts.nc}:${parts.cnonce}:${parts.qop}`;
  return hash(parts.algorithm, `${ha1}:${middle}:${ha2}`);
}

/** The algorithm that a challenge or credentials name; MD5 when they name none. */
export function algorithmNamed(name: string | undefined): DigestAlgorithm | undefined {
  switch ((name ?? 'MD5').toUpperCase()) {
    case 'MD5':
      return 'MD5';
    case 'SHA-256':
      return 'SHA-256';
    default:
      return undefined;
  }
}
