/** Whether a request carries the API secret, a known token, or a signed one that still holds. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../core/log.ts';

export interface AuthorisationOptions {
  readonly apiSecret?: Secret;
  readonly tokens: readonly Secret[];
  readonly tokenSigningKey?: Secret;
}

export interface PresentedCredentials {
  readonly apiSecret?: string;
  readonly token?: string;
}

/** With neither a secret nor tokens configured everything is let in; else either of them does. */
export function isAuthorised(
  options: AuthorisationOptions,
  presented: PresentedCredentials,
  wallClockMs: number,
): boolean {
  const { apiSecret, tokens, tokenSigningKey } = options;
  if (apiSecret === undefined && tokens.length === 0 && tokenSigningKey === undefined) return true;
  if (apiSecret !== undefined && isSame(presented.apiSecret, apiSecret.reveal())) return true;
  const { token } = presented;
  if (token === undefined) return false;
  if (tokens.some((known) => isSame(token, known.reveal()))) return true;
  return tokenSigningKey !== undefined && isSignedTokenValid(token, tokenSigningKey, wallClockMs);
}

/** `EXPIRY,janus,PLUGIN…:SIGNATURE`, the signature an HMAC-SHA1 in base64 over what precedes it. */
function isSignedTokenValid(token: string, key: Secret, wallClockMs: number): boolean {
  const colon = token.lastIndexOf(':');
  if (colon < 0) return false;
  const signed = token.slice(0, colon);
  const signature = createHmac('sha1', key.reveal()).update(signed).digest('base64');
  if (!isSame(token.slice(colon + 1), signature)) return false;
  const [expiry, realm] = signed.split(',');
  return realm === 'janus' && Number(expiry) * 1_000 > wallClockMs;
}

/** Compares digests, so that the time taken tells nothing of where two texts differ. */
function isSame(presented: string | undefined, expected: string): boolean {
  if (presented === undefined) return false;
  return timingSafeEqual(digest(presented), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
