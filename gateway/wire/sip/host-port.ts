/** `host [ ":" port ]` of URIs and Via (RFC 3261 §25.1 hostport, RFC 5118 for IPv6). */

import { parseIpAddress } from '../../core/ip-address.ts';
import { decimal, isHostPart } from './characters.ts';

export interface HostPort {
  /** In lower case; an IPv6 literal without brackets. */
  readonly host: string;
  readonly port: number | undefined;
}

/** undefined unless all of `text` is a host with an optional port from 1 to 65535. */
export function parseHostPort(text: string): HostPort | undefined {
  if (text.startsWith('[')) return parseBracketed(text);
  const colon = text.indexOf(':');
  const host = colon === -1 ? text : text.slice(0, colon).trimEnd();
  if (!isHostPart(host)) return undefined;
  return withPort(host, colon === -1 ? undefined : text.slice(colon + 1).trimStart());
}

function parseBracketed(text: string): HostPort | undefined {
  const close = text.indexOf(']');
  if (close === -1) return undefined;
  // A third colon before an embedded IPv4 address was once in the grammar (RFC 5118 §4.10).
  const host = text.slice(1, close).replace(/:::(?=\d+\.)/, '::');
  if (!host.includes(':') || parseIpAddress(host) === undefined) return undefined;
  const rest = text.slice(close + 1).trimStart();
  if (rest === '') return withPort(host, undefined);
  return rest.startsWith(':') ? withPort(host, rest.slice(1).trimStart()) : undefined;
}

function withPort(host: string, portText: string | undefined): HostPort | undefined {
  if (portText === undefined) return { host: host.toLowerCase(), port: undefined };
  const port = decimal(portText, 65_535);
  return port === undefined || port === 0 ? undefined : { host: host.toLowerCase(), port };
}
