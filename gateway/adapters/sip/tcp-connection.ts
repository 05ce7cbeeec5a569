/** One TCP connection that carries SIP, made by a peer or by us (RFC 3261 §18, RFC 5626 §4.4.1). */
import type { Socket } from 'node:net';
import type { Flow } from '../../sip/endpoint-contract.ts';
import { StreamFraming } from '../../wire/sip/stream-framing.ts';
import {
  CONNECT_DEADLINE,
  FIRST_MESSAGE_DEADLINE,
  IDLE_DEADLINE,
  MAX_UNSENT_BYTES,
  MAX_WAITING_MESSAGES,
  MESSAGE_DEADLINE,
} from './stream-limits.ts';

export interface TcpConnectionPorts {
  received(flow: Flow, bytes: Uint8Array): void;
  /** Once, with the transactions whose messages were never sent. */
  closed(connection: TcpConnection, reason: string, unsent: readonly string[]): void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly transaction: string;
}

const PONG = Buffer.from('\r\n');

export class TcpConnection {
  readonly flow: Flow;
  readonly #socket: Socket;
  readonly #ports: TcpConnectionPorts;
  readonly #framing = new StreamFraming();
  #waiting: Waiting[] = [];
  #state: 'connecting' | 'open' | 'closed';
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, flow: Flow, ports: TcpConnectionPorts) {
    this.flow = flow;
    this.#socket = socket;
    this.#ports = ports;
    this.#state = socket.connecting ? 'connecting' : 'open';
    socket.setNoDelay(true);
    socket.on('connect', () => this.#connected());
    socket.on('data', (chunk) => this.#push(chunk));
    socket.on('error', (error) => this.close(error.message));
    socket.on('end', () => this.close('ended by the peer'));
    socket.on('close', () => this.close('closed'));
    this.#arm(this.#state === 'connecting' ? CONNECT_DEADLINE : FIRST_MESSAGE_DEADLINE);
  }

  get isOpen(): boolean {
    return this.#state !== 'closed';
  }

  /** false if the message can not be taken. */
  send(bytes: Uint8Array, transaction: string): boolean {
    switch (this.#state) {
      case 'closed':
        return false;
      case 'connecting':
        if (this.#waiting.length >= MAX_WAITING_MESSAGES) return false;
        this.#waiting.push({ bytes, transaction });
        return true;
      default:
        if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
          this.close('does not read');
          return false;
        }
        this.#socket.write(bytes);
        return true;
    }
  }

  close(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#timer);
    const unsent = this.#waiting.map(({ transaction }) => transaction);
    this.#waiting = [];
    this.#socket.destroy();
    this.#ports.closed(this, reason, unsent);
  }

  #connected(): void {
    this.#state = 'open';
    this.#arm(IDLE_DEADLINE);
    for (const { bytes } of this.#waiting) this.#socket.write(bytes);
    this.#waiting = [];
  }

  #push(chunk: Uint8Array): void {
    const wasPartial = this.#framing.isPartial;
    const frames = this.#framing.push(chunk);
    for (const framed of frames) {
      if (this.#state === 'closed') return;
      if (framed.type === 'message') this.#ports.received(this.flow, framed.bytes);
      else if (framed.type === 'ping') this.send(PONG, 'keep-alive');
      else if (framed.type === 'fault') this.close(`${framed.fault.code} ${framed.fault.detail}`);
    }
    if (this.#state === 'closed') return;
    // The deadline of a message runs from its first octet: further octets do not extend it.
    if (!this.#framing.isPartial) this.#arm(IDLE_DEADLINE);
    else if (!wasPartial || frames.length > 0) this.#arm(MESSAGE_DEADLINE);
  }

  #arm(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close('deadline'), delay);
    this.#timer.unref();
  }
}
