/** Who is at the other end of an HTTP connection. */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ApiPeer } from '../../janus/contract.ts';

/** A request that a proxy passed on is not its sender's, however near the proxy is. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'via'] as const;

export function peerOf(request: IncomingMessage): ApiPeer {
  const address = unmapped(request.socket.remoteAddress ?? '');
  const isForwarded = FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined);
  return {
    address,
    loopback: !isForwarded && (isLoopback(address) || isOwn(request)),
    secure: request.socket instanceof TLSSocket,
  };
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** A connection to an address from that same address never left this machine. */
function isOwn({ socket }: IncomingMessage): boolean {
  return socket.remoteAddress !== undefined && socket.remoteAddress === socket.localAddress;
}

/** IPv4 peers of a dual-stack socket, as IPv4. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
