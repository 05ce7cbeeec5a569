/** One UDP socket of a SIP interface: a datagram is a message (RFC 3261 §18). */
import { createSocket, type Socket } from 'node:dgram';
import type { Flow, SipInterface } from '../../sip/endpoint-contract.ts';

/** Keep-alives and other crumbs that are no message (RFC 5626 §4.4, RFC 6223). */
const MIN_MESSAGE_BYTES = 20;
/** For bursts of REGISTER; the kernel may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface UdpListenerPorts {
  received(flow: Flow, bytes: Uint8Array): void;
  failed(error: Error): void;
}

export class UdpListener {
  readonly #interface: SipInterface;
  readonly #ports: UdpListenerPorts;
  readonly #socket: Socket;
  #port = 0;

  constructor(choice: SipInterface, ports: UdpListenerPorts) {
    this.#interface = choice;
    this.#ports = ports;
    const isIpv6 = choice.bindAddress.includes(':');
    this.#socket = createSocket({
      type: isIpv6 ? 'udp6' : 'udp4',
      ipv6Only: isIpv6,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
  }

  /** Binds; rejects if the address or port cannot be had. */
  async open(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#socket.once('error', reject);
    this.#socket.bind(this.#interface.port, this.#interface.bindAddress, resolve);
    await promise;
    this.#socket.off('error', reject);
    this.#socket.on('error', (error) => this.#ports.failed(error));
    this.#port = this.#socket.address().port;
    this.#socket.on('message', (bytes, remote) => {
      if (bytes.length < MIN_MESSAGE_BYTES) return;
      this.#ports.received(this.#flowTo(remote.address, remote.port), bytes);
    });
  }

  get port(): number {
    return this.#port;
  }

  send(bytes: Uint8Array, address: string, port: number, failed: (error: Error) => void): void {
    try {
      this.#socket.send(bytes, port, address, (error) => {
        if (error !== null) failed(error);
      });
    } catch (error) {
      // A port of zero or a socket just closed throws before anything is sent.
      failed(error as Error);
    }
  }

  close(): void {
    try {
      this.#socket.close();
    } catch {
      // Closed already.
    }
  }

  #flowTo(address: string, port: number): Flow {
    const { name, bindAddress } = this.#interface;
    return {
      key: `udp/${name}/${address}/${port}`,
      transport: 'udp',
      interfaceName: name,
      localAddress: bindAddress,
      localPort: this.#port,
      remoteAddress: address,
      remotePort: port,
    };
  }
}
