/** Name-addr values: From, To, Contact, Route, Record-Route (RFC 3261 §20, §25.1). */
import { fail, type Result, succeed } from '../../core/result.ts';
import { endOfQuotes, quote, unquote } from './characters.ts';
import {
  type Parameters,
  parameter,
  parseHeaderParameters,
  serialiseParameters,
} from './parameters.ts';
import { parseUri, type SipUri } from './uri.ts';

export interface NameAddress {
  /** Unquoted. */
  readonly displayName: string | undefined;
  readonly uri: SipUri;
  /** Header parameters (`tag`, `q`, `expires`), not the URI's. */
  readonly parameters: Parameters;
}

/** Parses all of `text` as `[display-name] <addr-spec> *(;param)` or `addr-spec *(;param)`. */
export function parseNameAddress(text: string): Result<NameAddress> {
  if (text.startsWith('"')) {
    const close = endOfQuotes(text, 0);
    if (close === -1) return fail('sip.name-address', 'open quote');
    const open = skipSpace(text, close + 1);
    if (text[open] !== '<') return fail('sip.name-address', 'no angle bracket');
    return parseBracketed(text, open, unquote(text.slice(0, close + 1)));
  }
  const open = text.indexOf('<');
  if (open === -1) return parseBare(text);
  const displayName = text.slice(0, open).trim();
  // Tokens and white space only: a comma or colon here would be another value or a URI.
  if (!/^[\w.!%*+`'~ \t\u0080-\uffff-]*$/.test(displayName)) {
    return fail('sip.name-address', 'display name wants quotes');
  }
  return parseBracketed(text, open, displayName === '' ? undefined : displayName);
}

function parseBracketed(
  text: string,
  open: number,
  displayName: string | undefined,
): Result<NameAddress> {
  const close = text.indexOf('>', open);
  if (close === -1) return fail('sip.name-address', 'open angle bracket');
  const uri = parseUri(text.slice(open + 1, close));
  if (!uri.ok) return uri;
  const parameters = parseHeaderParameters(text, skipSpace(text, close + 1));
  if (!parameters.ok) return parameters;
  return succeed({ displayName, uri: uri.value, parameters: parameters.value });
}

/** Without brackets everything after the first semicolon belongs to the header (§20.10). */
function parseBare(text: string): Result<NameAddress> {
  const semicolon = text.indexOf(';');
  const end = semicolon === -1 ? text.length : semicolon;
  const uri = parseUri(text.slice(0, end).trimEnd());
  if (!uri.ok) return uri;
  if (uri.value.headers !== undefined) return fail('sip.name-address', '? wants angle brackets');
  const parameters = parseHeaderParameters(text, end);
  if (!parameters.ok) return parameters;
  return succeed({ displayName: undefined, uri: uri.value, parameters: parameters.value });
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  return at;
}

export function serialiseNameAddress(address: NameAddress): string {
  const name = address.displayName === undefined ? '' : `${quote(address.displayName)} `;
  return `${name}<${address.uri.text}>${serialiseParameters(address.parameters)}`;
}

/** The `tag` parameter; RFC 2543 peers have none. */
export function tagOf(address: NameAddress): string | undefined {
  return parameter(address.parameters, 'tag') ?? undefined;
}
