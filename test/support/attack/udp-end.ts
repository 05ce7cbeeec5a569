/** One end of UDP in a test: keeps all that arrives, so that silence can be shown too. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Place {
  readonly address: string;
  readonly port: number;
}

export class UdpEnd {
  readonly place: Place;
  readonly received: Buffer[] = [];
  /** Sees each datagram as it comes; what it takes is not kept in `received`. */
  onDatagram: (datagram: Buffer, from: Place) => boolean = () => false;
  readonly #socket: Socket;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.place = socket.address();
    socket.on('message', (datagram, from) => {
      if (!this.onDatagram(datagram, from)) this.received.push(datagram);
    });
    // A port that nobody has any more answers by ICMP: that is part of the game.
    socket.on('error', () => {});
  }

  /** Port 0 lets the kernel choose. */
  static async open(address: string, port = 0): Promise<UdpEnd> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1_024 * 1_024 });
    socket.bind(port, address);
    await once(socket, 'listening');
    return new UdpEnd(socket);
  }

  send(datagram: Uint8Array, to: Place): void {
    if (!this.#isClosed) this.#socket.send(datagram, to.port, to.address);
  }

  close(): void {
    if (!this.#isClosed) this.#socket.close();
    this.#isClosed = true;
  }
}
