/** Drives one SIP endpoint: its sockets, its timer, its resolver (RFC 3261 §18). */
import type { Log } from '../../core/log.ts';
import { Personal } from '../../core/log.ts';
import type { Clock } from '../../core/time.ts';
import type { SipEndpoint } from '../../sip/endpoint.ts';
import type {
  Flow,
  FlowKey,
  ResolvedAddress,
  SipCommand,
  SipEvent,
  SipInput,
  SipInterface,
  SipOutput,
  SipTraceRecord,
} from '../../sip/endpoint-contract.ts';
import { TcpTransport } from './tcp-transport.ts';
import { UdpListener } from './udp-listener.ts';

export type ResolveQuery = SipOutput & { type: 'resolve' };

export interface SipTransportsPorts {
  readonly clock: Clock;
  readonly log: Log;
  onEvent(event: SipEvent): void;
  onTrace?(record: SipTraceRecord): void;
  /** Addresses for a host name, in the order to try; empty when unknown. */
  resolve(query: ResolveQuery): Promise<readonly ResolvedAddress[]>;
}

/** A connection of another adapter that carries SIP: a WebSocket. */
export interface ForeignFlow {
  readonly flow: Flow;
  /** false once the connection is gone. */
  send(bytes: Uint8Array): boolean;
  close(reason: string): void;
}

/** The longest that a timer may sleep, so that a suspended machine wakes up soon. */
const MAX_SLEEP_MS = 60_000;

export class SipTransports {
  readonly #endpoint: SipEndpoint;
  readonly #ports: SipTransportsPorts;
  readonly #udp = new Map<string, UdpListener>();
  readonly #tcp: TcpTransport;
  readonly #foreign = new Map<FlowKey, ForeignFlow>();
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;
  #isClosed = false;

  constructor(endpoint: SipEndpoint, ports: SipTransportsPorts, maxConnections?: number) {
    this.#endpoint = endpoint;
    this.#ports = ports;
    const tcp = {
      received: (flow: Flow, bytes: Uint8Array) => this.#handle({ type: 'received', flow, bytes }),
      closed: (flow: FlowKey, reason: string, unsent: readonly string[]) =>
        this.#connectionClosed(flow, reason, unsent),
      refused: (address: string) => {
        this.#ports.log.warn('sip.connection-refused', { from: new Personal('address', address) });
      },
    };
    this.#tcp = new TcpTransport(tcp, maxConnections);
  }

  /** Opens every UDP and TCP interface; rejects with the first that cannot be had. */
  async open(interfaces: readonly SipInterface[]): Promise<void> {
    for (const choice of interfaces) {
      if (choice.transport === 'udp') {
        const listener = new UdpListener(choice, {
          received: (flow, bytes) => this.#handle({ type: 'received', flow, bytes }),
          failed: (error) => this.#ports.log.error('sip.udp-failed', { detail: error.message }),
        });
        await listener.open();
        this.#udp.set(choice.name, listener);
      } else if (choice.transport === 'tcp') {
        await this.#tcp.open(choice);
      }
    }
    this.#wake();
  }

  command(command: SipCommand): void {
    this.#handle({ type: 'command', command });
  }

  /** A WebSocket joins; its messages come by `received`, its end by `flowClosed`. */
  join(foreign: ForeignFlow): void {
    this.#foreign.set(foreign.flow.key, foreign);
  }

  received(flow: Flow, bytes: Uint8Array): void {
    this.#handle({ type: 'received', flow, bytes });
  }

  flowClosed(flow: FlowKey): void {
    this.#foreign.delete(flow);
    this.#handle({ type: 'flow-closed', flow });
  }

  get connections(): number {
    return this.#tcp.size + this.#foreign.size;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const listener of this.#udp.values()) listener.close();
    this.#udp.clear();
    for (const foreign of this.#foreign.values()) foreign.close('shutting down');
    await this.#tcp.close();
  }

  #handle(input: SipInput): void {
    if (this.#isClosed) return;
    this.#endpoint.handle(input, this.#ports.clock.now());
    this.#drain();
  }

  /** What an event sets off is handled within the same loop, after what came before it. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let output = this.#endpoint.poll(); output; output = this.#endpoint.poll()) {
        this.#carryOut(output);
      }
    } finally {
      this.#isDraining = false;
    }
    this.#wake();
  }

  #carryOut(output: SipOutput): void {
    switch (output.type) {
      case 'send':
        this.#send(output);
        return;
      case 'event':
        this.#ports.onEvent(output.event);
        return;
      case 'trace':
        this.#ports.onTrace?.(output.record);
        return;
      case 'resolve':
        void this.#resolve(output);
        return;
      case 'close-flow':
        this.#tcp.closeFlow(output.flow, output.reason);
        this.#foreign.get(output.flow)?.close(output.reason);
        return;
    }
  }

  #send(output: SipOutput & { type: 'send' }): void {
    const { hop, bytes, transaction } = output;
    const failed = (detail: string) => {
      // Not from within the step that wants to send: the machine is not re-entered.
      setImmediate(() => this.#handle({ type: 'send-failed', transaction, detail }));
    };
    const foreign = this.#foreign.get(hop.flow ?? '');
    if (foreign !== undefined) {
      if (!foreign.send(bytes)) failed('connection closed');
    } else if (hop.transport === 'udp') {
      const listener = this.#udp.get(hop.interfaceName);
      if (listener === undefined) failed('no such interface');
      else listener.send(bytes, hop.address, hop.port, (error) => failed(error.message));
    } else if (hop.transport !== 'tcp' || !this.#tcp.send(hop, bytes, transaction)) {
      failed('no connection');
    }
  }

  #connectionClosed(flow: FlowKey, reason: string, unsent: readonly string[]): void {
    this.#ports.log.debug('sip.connection-closed', { flow, reason });
    for (const transaction of unsent) {
      this.#handle({ type: 'send-failed', transaction, detail: reason });
    }
    this.#handle({ type: 'flow-closed', flow });
  }

  async #resolve(output: ResolveQuery): Promise<void> {
    const { query } = output;
    const addresses = await this.#ports.resolve(output).catch((error: unknown) => {
      this.#ports.log.warn('sip.unresolved', { host: output.host, detail: String(error) });
      return [];
    });
    this.#handle({ type: 'resolved', query, addresses });
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const deadline = this.#endpoint.deadline();
    if (deadline === undefined || this.#isClosed) return;
    const delay = Math.ceil(deadline - this.#ports.clock.now());
    this.#timer = setTimeout(() => this.#timeout(), Math.min(Math.max(delay, 0), MAX_SLEEP_MS));
  }

  #timeout(): void {
    this.#endpoint.handleTimeout(this.#ports.clock.now());
    this.#drain();
  }
}
