/** Digest challenges and credentials as comma-separated parameters (RFC 3261 §20.7, RFC 8760). */
import { endOfQuotes, isToken, quote, unquote } from './characters.ts';
import { MAX_PARAMETERS } from './limits.ts';

/** A challenge or credentials value: its scheme, and its parameters unquoted. */
export interface AuthenticationValue {
  /** In lower case: `digest`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** undefined for anything but `scheme name=value, …` with distinct names. */
export function parseAuthentication(text: string): AuthenticationValue | undefined {
  const gap = text.search(/[ \t]/);
  const scheme = gap === -1 ? text : text.slice(0, gap);
  if (!isToken(scheme)) return undefined;
  const parameters = new Map<string, string>();
  let at = gap === -1 ? text.length : gap;
  while (at < text.length) {
    at = skip(text, at);
    if (at >= text.length) break;
    const equals = text.indexOf('=', at);
    if (equals === -1) return undefined;
    const name = text.slice(at, equals).trim().toLowerCase();
    const start = skipSpace(text, equals + 1);
    const end = endOfValue(text, start);
    if (end === -1 || !isToken(name) || parameters.has(name)) return undefined;
    if (parameters.size >= MAX_PARAMETERS) return undefined;
    parameters.set(name, unquote(text.slice(start, end).trim()));
    at = end;
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

function skip(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text[at]!)) at += 1;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') {
    const close = endOfQuotes(text, start);
    return close === -1 ? -1 : close + 1;
  }
  const comma = text.indexOf(',', start);
  return comma === -1 ? text.length : comma;
}

/** Parameters that stand without quotes (RFC 3261 §25.1: algorithm, stale, nc, qop in replies). */
const BARE = new Set(['algorithm', 'stale', 'nc']);

/** `Digest name="value", …` in the order given; absent values are left out. */
export function serialiseDigest(
  parameters: readonly (readonly [name: string, value: string | undefined])[],
  bareNames: ReadonlySet<string> = BARE,
): string {
  const parts = parameters.flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`${name}=${bareNames.has(name) ? value : quote(value)}`];
  });
  return `Digest ${parts.join(', ')}`;
}

/** In credentials `qop` stands without quotes too (RFC 3261 §25.1 message-qop). */
export const BARE_IN_CREDENTIALS: ReadonlySet<string> = new Set([...BARE, 'qop']);
