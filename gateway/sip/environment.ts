/** What every part of the endpoint shares: options, ports, time, randomness, timers, outputs. */
import { type Random, randomHex } from '../core/random.ts';
import type { Millis } from '../core/time.ts';
import { MAGIC_COOKIE } from '../wire/sip/via.ts';
import { Deadlines } from './deadlines.ts';
import type {
  Hop,
  LegKey,
  SipEvent,
  SipOptions,
  SipOutput,
  SipPorts,
} from './endpoint-contract.ts';
import { bytesOf, type Wire } from './request-draft.ts';

export class SipEnvironment {
  readonly options: SipOptions;
  readonly ports: SipPorts;
  readonly random: Random;
  readonly deadlines = new Deadlines();
  /** The instant of the input that is being handled. */
  now: Millis = 0;
  /** Set by the owner of the legs; traces name the leg while it lives. */
  legOfCall: (callId: string) => LegKey | undefined = () => undefined;
  readonly #outputs: SipOutput[] = [];
  #drained = 0;

  constructor(options: SipOptions, ports: SipPorts, random: Random) {
    this.options = options;
    this.ports = ports;
    this.random = random;
  }

  newBranch(): string {
    return `${MAGIC_COOKIE}${randomHex(this.random, 10)}`;
  }

  newTag(): string {
    return randomHex(this.random, 6);
  }

  newCallId(): string {
    return randomHex(this.random, 12);
  }

  emit(event: SipEvent): void {
    this.output({ type: 'event', event });
  }

  output(output: SipOutput): void {
    this.#outputs.push(output);
  }

  /** Sends and traces a message. */
  send(hop: Hop, wire: Wire, transaction: string, trace: TraceNote): void {
    const bytes = bytesOf(wire);
    this.output({ type: 'send', hop, bytes, transaction });
    this.output({
      type: 'trace',
      record: {
        direction: 'out',
        callId: trace.callId,
        leg: this.legOfCall(trace.callId),
        transport: hop.transport,
        remoteAddress: hop.address,
        remotePort: hop.port,
        summary: trace.summary,
        bytes,
      },
    });
  }

  poll(): SipOutput | undefined {
    const next = this.#outputs[this.#drained];
    if (next === undefined) {
      this.#outputs.length = 0;
      this.#drained = 0;
      return undefined;
    }
    this.#drained += 1;
    return next;
  }
}

export interface TraceNote {
  readonly callId: string;
  readonly summary: string;
}
