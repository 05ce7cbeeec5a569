/** The TCP listeners and connections of SIP: reuse, caps, connecting (RFC 3261 §18, RFC 5923). */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { parseIpAddress } from '../../core/ip-address.ts';
import type { Flow, FlowKey, Hop, SipInterface } from '../../sip/endpoint-contract.ts';
import { MAX_CONNECTIONS, MAX_CONNECTIONS_PER_SOURCE } from './stream-limits.ts';
import { TcpConnection } from './tcp-connection.ts';

export interface TcpTransportPorts {
  received(flow: Flow, bytes: Uint8Array): void;
  closed(flow: FlowKey, reason: string, unsent: readonly string[]): void;
  /** A peer was turned away because of a cap. */
  refused(remoteAddress: string): void;
}

export class TcpTransport {
  readonly #ports: TcpTransportPorts;
  readonly #maxConnections: number;
  readonly #servers = new Map<string, Server>();
  readonly #interfaces = new Map<string, SipInterface>();
  readonly #connections = new Map<FlowKey, TcpConnection>();
  /** The newest connection to each remote address and port. */
  readonly #byRemote = new Map<string, TcpConnection>();
  readonly #perSource = new Map<string, number>();
  #count = 0;

  constructor(ports: TcpTransportPorts, maxConnections = MAX_CONNECTIONS) {
    this.#ports = ports;
    this.#maxConnections = maxConnections;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Listens; rejects if the address or port cannot be had. */
  async open(choice: SipInterface): Promise<number> {
    const server = createServer({ allowHalfOpen: false }, (socket) => this.#accept(choice, socket));
    this.#servers.set(choice.name, server);
    this.#interfaces.set(choice.name, choice);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    const host = choice.bindAddress;
    server.listen({ port: choice.port, host, ipv6Only: host.includes(':') }, resolve);
    await promise;
    server.off('error', reject);
    server.on('error', () => {
      // Running out of descriptors while accepting: the peer tries again, calls go on.
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : choice.port;
  }

  /** On the flow while it lives, else on any connection to that address, else on a new one. */
  send(hop: Hop, bytes: Uint8Array, transaction: string): boolean {
    const connection =
      this.#connections.get(hop.flow ?? '') ??
      this.#byRemote.get(remoteOf(hop.interfaceName, hop.address, hop.port)) ??
      this.#connect(hop);
    return connection?.send(bytes, transaction) ?? false;
  }

  closeFlow(flow: FlowKey, reason: string): void {
    this.#connections.get(flow)?.close(reason);
  }

  async close(): Promise<void> {
    for (const connection of [...this.#connections.values()]) connection.close('shutting down');
    const closing = [...this.#servers.values()].map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    this.#servers.clear();
    await Promise.all(closing);
  }

  #connect(hop: Hop): TcpConnection | undefined {
    const choice = this.#interfaces.get(hop.interfaceName);
    if (choice === undefined || this.#connections.size >= this.#maxConnections) return undefined;
    const { address: host, port } = hop;
    const localAddress = isWildcard(choice.bindAddress) ? undefined : choice.bindAddress;
    const socket = connect({ host, port, localAddress });
    return this.#keep(socket, this.#flowOf(choice, host, port));
  }

  #accept(choice: SipInterface, socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined) {
      socket.destroy();
      return;
    }
    const source = sourceOf(remoteAddress);
    const isTooMany =
      this.#connections.size >= this.#maxConnections ||
      (this.#perSource.get(source) ?? 0) >= MAX_CONNECTIONS_PER_SOURCE;
    if (isTooMany) {
      socket.destroy();
      this.#ports.refused(remoteAddress);
      return;
    }
    this.#keep(socket, this.#flowOf(choice, remoteAddress, remotePort));
  }

  #keep(socket: Socket, flow: Flow): TcpConnection {
    const source = sourceOf(flow.remoteAddress);
    const remote = remoteOf(flow.interfaceName, flow.remoteAddress, flow.remotePort);
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1);
    const connection = new TcpConnection(socket, flow, {
      received: (from, bytes) => this.#ports.received(from, bytes),
      closed: (closed, reason, unsent) => {
        this.#connections.delete(closed.flow.key);
        if (this.#byRemote.get(remote) === closed) this.#byRemote.delete(remote);
        const left = (this.#perSource.get(source) ?? 1) - 1;
        if (left === 0) this.#perSource.delete(source);
        else this.#perSource.set(source, left);
        this.#ports.closed(closed.flow.key, reason, unsent);
      },
    });
    this.#connections.set(flow.key, connection);
    this.#byRemote.set(remote, connection);
    return connection;
  }

  #flowOf(choice: SipInterface, remoteAddress: string, remotePort: number): Flow {
    this.#count += 1;
    return {
      key: `tcp/${choice.name}/${this.#count}`,
      transport: 'tcp',
      interfaceName: choice.name,
      localAddress: choice.bindAddress,
      localPort: choice.port,
      remoteAddress,
      remotePort,
    };
  }
}

function remoteOf(interfaceName: string, address: string, port: number): string {
  return `${interfaceName}/${address}/${port}`;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** What counts as one source: an IPv4 address, or an IPv6 /64. */
export function sourceOf(address: string): string {
  const bytes = address.includes(':') ? parseIpAddress(address) : undefined;
  return bytes === undefined ? address : Buffer.from(bytes.subarray(0, 8)).toString('hex');
}
