/** What a command may put on the wire: no header of ours, no line end, only URIs that parse. */
import { type Fault, fail, type Result, succeed } from '../core/result.ts';
import { isToken } from '../wire/sip/characters.ts';
import { canonicalName } from '../wire/sip/header-names.ts';
import type { SipBody, SipHeader } from '../wire/sip/message.ts';
import { parseNameAddress, serialiseNameAddress, tagOf } from '../wire/sip/name-address.ts';
import { parseUri } from '../wire/sip/uri.ts';

/** Headers that the endpoint alone writes, but where a command's own sense asks for one. */
const RESERVED = new Set([
  'Authorization',
  'CSeq',
  'Call-ID',
  'Contact',
  'Content-Length',
  'Content-Type',
  'From',
  'Max-Forwards',
  'Proxy-Authorization',
  'RAck',
  'RSeq',
  'Record-Route',
  'Route',
  'To',
  'Via',
]);

/** Headers with canonical names, or why they are refused. */
export function checkHeaders(
  headers: readonly SipHeader[] | undefined,
  allowed: readonly string[] = [],
): Result<readonly SipHeader[]> {
  const checked: SipHeader[] = [];
  for (const header of headers ?? []) {
    const name = canonicalName(header.name);
    if (!isToken(name)) return fail('sip.header-name', 'not a token');
    if (RESERVED.has(name) && !allowed.includes(name)) return fail('sip.header-reserved', name);
    if (hasControl(header.value)) return fail('sip.header-value', name);
    checked.push({ name, value: header.value.trim() });
  }
  return succeed(checked);
}

/** The same, with headers that only some commands may write left out of the result. */
export function takeHeader(
  headers: readonly SipHeader[],
  name: string,
): { readonly value: string | undefined; readonly rest: readonly SipHeader[] } {
  const found = headers.find((header) => header.name === name);
  return { value: found?.value, rest: headers.filter((header) => header.name !== name) };
}

/** From or To as it goes out: bracketed, and without the tag that is the endpoint's to choose. */
export function checkAddress(text: string): Result<string> {
  if (hasControl(text)) return fail('sip.name-address', 'control character');
  const parsed = parseNameAddress(text.trim());
  if (!parsed.ok) return parsed;
  if (tagOf(parsed.value) !== undefined) return fail('sip.name-address', 'has a tag');
  return succeed(serialiseNameAddress(parsed.value));
}

export function checkUri(text: string): Fault | undefined {
  const parsed = parseUri(text);
  if (!parsed.ok) return parsed.fault;
  return parsed.value.headers === undefined ? undefined : fail('sip.uri', 'has headers').fault;
}

export function checkRoutes(routes: readonly string[] | undefined): Fault | undefined {
  for (const route of routes ?? []) {
    if (hasControl(route) || !route.startsWith('<')) return fail('sip.route', 'no name-addr').fault;
    const parsed = parseNameAddress(route);
    if (!parsed.ok) return parsed.fault;
  }
  return undefined;
}

export function checkBody(body: SipBody | undefined): Fault | undefined {
  if (body === undefined || /^[\w.+-]+\/[\w.+-]+[^\r\n\0]*$/.test(body.contentType)) {
    return undefined;
  }
  return fail('sip.content-type', 'not a media type').fault;
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are its subject
  return /[\0-\x08\x0a-\x1f\x7f]/.test(text);
}
