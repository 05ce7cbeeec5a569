/** The first hop of a request from its Route or Request-URI (RFC 3261 §8.1.2, RFC 3263 §4). */

import { isIpAddress } from '../core/ip-address.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { parseNameAddress } from '../wire/sip/name-address.ts';
import { isSipScheme, parseUri, type SipUri, targetHost, uriParameter } from '../wire/sip/uri.ts';
import type {
  Destination,
  Hop,
  ResolvedAddress,
  SipInterface,
  SipTransportName,
} from './endpoint-contract.ts';
import { chooseInterface } from './interfaces.ts';

/** Either hops to try in order, or a host name that someone must resolve first. */
export type NextHop =
  | { readonly type: 'hops'; readonly hops: readonly Hop[] }
  | {
      readonly type: 'name';
      readonly host: string;
      readonly port: number | undefined;
      readonly transport: SipTransportName | undefined;
      readonly secure: boolean;
    };

/** Where a request with this Route set and Request-URI goes. */
export function nextHop(
  interfaces: readonly SipInterface[],
  requestUri: string,
  routes: readonly string[],
  interfaceName?: string,
): Result<NextHop> {
  const uri = routes[0] === undefined ? parseUri(requestUri) : routeUri(routes[0]);
  if (!uri.ok) return uri;
  if (!isSipScheme(uri.value)) return fail('sip.no-route', `scheme ${uri.value.scheme}`);
  const host = hostOf(uri.value);
  const transport = transportOf(uri.value);
  const secure = uri.value.scheme === 'sips';
  if (transport === undefined) return fail('sip.no-route', 'unknown transport');
  if (!isIpAddress(host)) {
    const named = uriParameter(uri.value, 'transport') === undefined ? undefined : transport;
    return succeed({ type: 'name', host, port: uri.value.port, transport: named, secure });
  }
  const port = uri.value.port ?? defaultPort(transport);
  return hopTo(interfaces, { transport, address: host, port }, interfaceName);
}

function routeUri(route: string): Result<SipUri> {
  const parsed = parseNameAddress(route);
  return parsed.ok ? succeed(parsed.value.uri) : parsed;
}

function hostOf(uri: SipUri): string {
  const host = targetHost(uri);
  return host === 'localhost' ? '127.0.0.1' : host;
}

function transportOf(uri: SipUri): SipTransportName | undefined {
  const named = uriParameter(uri, 'transport');
  const secure = uri.scheme === 'sips';
  switch (named) {
    case undefined:
      return secure ? 'tls' : 'udp';
    case 'udp':
      return secure ? undefined : 'udp';
    case 'tcp':
      return secure ? 'tls' : 'tcp';
    case 'tls':
      return 'tls';
    case 'ws':
      return secure ? 'wss' : 'ws';
    case 'wss':
      return 'wss';
    default:
      return undefined;
  }
}

export function defaultPort(transport: SipTransportName): number {
  return transport === 'tls' || transport === 'wss' ? 5061 : 5060;
}

/** A hop to an explicit destination. */
export function hopTo(
  interfaces: readonly SipInterface[],
  destination: Destination,
  interfaceName?: string,
): Result<NextHop> {
  const { transport, address, port, flow } = destination;
  const choice = chooseInterface(interfaces, transport, address, interfaceName);
  if (choice === undefined) {
    return fail('sip.no-interface', `none for ${transport} towards the target`);
  }
  return succeed({
    type: 'hops',
    hops: [{ transport, interfaceName: choice.name, address, port, flow }],
  });
}

/** The hops for what a resolver found, in its order; addresses that nothing reaches fall out. */
export function hopsTo(
  interfaces: readonly SipInterface[],
  addresses: readonly ResolvedAddress[],
  interfaceName: string | undefined,
  serverName: string,
): readonly Hop[] {
  return addresses.flatMap((found) => {
    const next = hopTo(interfaces, found, interfaceName);
    if (!next.ok || next.value.type !== 'hops') return [];
    return next.value.hops.map((hop) => ({ ...hop, serverName }));
  });
}
