/** SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966) as values. */
import { fail, type Result, succeed } from '../../core/result.ts';
import { decodeEscapes, hasWholeEscapes, isUriParameterPart, isUserPart } from './characters.ts';
import { parseHostPort } from './host-port.ts';
import { MAX_PARAMETERS } from './limits.ts';
import { NO_PARAMETERS, type Parameter, type Parameters, parameter } from './parameters.ts';

export interface SipUri {
  /** In lower case: `sip`, `sips`, `tel`, or anything else (then only `text` means something). */
  readonly scheme: string;
  /** Unescaped; for `tel` the number. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; an IPv6 literal without brackets; empty for other schemes. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: Parameters;
  /** The part after `?`, undecoded. */
  readonly headers: string | undefined;
  /** The URI as written. */
  readonly text: string;
}

/** Parses all of `text`; URIs of unknown schemes succeed with nothing but their text. */
export function parseUri(text: string): Result<SipUri> {
  const colon = text.indexOf(':');
  if (colon <= 0) return fail('sip.uri', 'no scheme');
  const scheme = text.slice(0, colon).toLowerCase();
  switch (scheme) {
    case 'sip':
    case 'sips':
      return parseSipUri(text, scheme, colon + 1);
    case 'tel':
      return parseTelUri(text, colon + 1);
    default:
      return parseOtherUri(text, scheme);
  }
}

function parseSipUri(text: string, scheme: string, start: number): Result<SipUri> {
  const at = text.indexOf('@', start);
  let user: string | undefined;
  let password: string | undefined;
  if (at !== -1) {
    const colon = text.indexOf(':', start);
    const userEnd = colon !== -1 && colon < at ? colon : at;
    user = text.slice(start, userEnd);
    if (!isUserPart(user) || !hasWholeEscapes(user)) return fail('sip.uri', 'bad user part');
    user = decodeEscapes(user);
    if (userEnd < at) password = text.slice(userEnd + 1, at);
    if (password && !isUserPart(password)) return fail('sip.uri', 'bad password');
  }
  const rest = at === -1 ? start : at + 1;
  const question = text.indexOf('?', rest);
  const end = question === -1 ? text.length : question;
  const headers = question === -1 ? undefined : text.slice(question + 1);
  if (headers !== undefined && !isPrintable(headers)) return fail('sip.uri', 'bad headers');
  const semicolon = text.indexOf(';', rest);
  const hostEnd = semicolon !== -1 && semicolon < end ? semicolon : end;
  const hostPort = parseHostPort(text.slice(rest, hostEnd));
  if (hostPort === undefined) return fail('sip.uri', 'bad host or port');
  const parameters = parseUriParameters(text, hostEnd, end);
  if (parameters === undefined) return fail('sip.uri', 'bad parameters');
  const { host, port } = hostPort;
  return succeed({ scheme, user, password, host, port, parameters, headers, text });
}

function parseUriParameters(text: string, start: number, end: number): Parameters | undefined {
  if (start === end) return NO_PARAMETERS;
  const parameters: Parameter[] = [];
  for (const part of text.slice(start + 1, end).split(';')) {
    if (parameters.length >= MAX_PARAMETERS) return undefined;
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    const value = equals === -1 ? null : part.slice(equals + 1);
    if (!isUriParameterPart(name) || !hasWholeEscapes(part)) return undefined;
    if (value !== null && !isUriParameterPart(value)) return undefined;
    parameters.push({ name: decodeEscapes(name).toLowerCase(), value });
  }
  return parameters;
}

function parseTelUri(text: string, start: number): Result<SipUri> {
  const semicolon = text.indexOf(';', start);
  const end = semicolon === -1 ? text.length : semicolon;
  const user = text.slice(start, end);
  if (!/^\+?[0-9A-Fa-f*#().-]{1,64}$/.test(user)) return fail('sip.uri', 'bad number');
  const parameters = parseUriParameters(text, end, text.length);
  if (parameters === undefined) return fail('sip.uri', 'bad parameters');
  const bare = { password: undefined, host: '', port: undefined, headers: undefined };
  return succeed({ scheme: 'tel', user, parameters, ...bare, text });
}

function parseOtherUri(text: string, scheme: string): Result<SipUri> {
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) return fail('sip.uri', 'bad scheme');
  if (!isPrintable(text)) return fail('sip.uri', 'bad characters');
  const bare = { user: undefined, password: undefined, host: '', port: undefined };
  return succeed({ scheme, ...bare, parameters: NO_PARAMETERS, headers: undefined, text });
}

/** No white space, no controls, nothing that ends a URI in a header. */
function isPrintable(text: string): boolean {
  return /^[\x21\x23-\x3b\x3d\x3f-\x7e]*$/.test(text);
}

export function isSipScheme(uri: SipUri): boolean {
  return uri.scheme === 'sip' || uri.scheme === 'sips';
}

/** The host that a request to the URI is sent to: `maddr` overrides the host part (§19.1.1). */
export function targetHost(uri: SipUri): string {
  const address = uriParameter(uri, 'maddr') ?? undefined;
  return address === undefined ? uri.host : address.replace(/[[\]]/g, '');
}

/** A URI parameter's value in lower case, as the registered ones are compared. */
export function uriParameter(uri: SipUri, name: string): string | null | undefined {
  return parameter(uri.parameters, name)?.toLowerCase() ?? parameter(uri.parameters, name);
}

/** Parameters that must match even when only one URI has them (RFC 3261 §19.1.4). */
const ALWAYS_COMPARED = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** Equality of SIP URIs by RFC 3261 §19.1.4; other schemes compare as text. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme) return false;
  if (!isSipScheme(a)) return a.text.toLowerCase() === b.text.toLowerCase();
  if (a.user !== b.user || (a.password ?? '') !== (b.password ?? '')) return false;
  if (a.host !== b.host || a.port !== b.port) return false;
  if (!ALWAYS_COMPARED.every((name) => uriParameter(a, name) === uriParameter(b, name))) {
    return false;
  }
  const clash = a.parameters.some(({ name }) => {
    const other = uriParameter(b, name);
    return other !== undefined && other !== uriParameter(a, name);
  });
  return !clash && sameUriHeaders(a.headers ?? '', b.headers ?? '');
}

function sameUriHeaders(a: string, b: string): boolean {
  const sorted = (text: string) => text.toLowerCase().split('&').sort().join('&');
  return a === b || sorted(a) === sorted(b);
}
