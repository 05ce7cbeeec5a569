/** A simulated network with a seed: SIP endpoints, loss, delay, reordering, restarts, one clock. */
import type { Millis } from '../../../gateway/core/time.ts';
import { SipEndpoint, type SipSnapshot } from '../../../gateway/sip/endpoint.ts';
import type {
  Flow,
  Hop,
  SipCommand,
  SipCounts,
  SipEvent,
  SipInput,
  SipOptions,
  SipOutput,
  SipPorts,
  SipTransportName,
} from '../../../gateway/sip/endpoint-contract.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

export interface NetworkOptions {
  readonly seed?: number;
  readonly loss?: number;
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** Chance that a node is restarted from its snapshot before each of its inputs. */
  readonly restarts?: number;
}

export const acceptAll: SipPorts = {
  authorise: () => ({ type: 'accept', identity: { kind: 'anonymous', name: '' } }),
  userCredentials: () => undefined,
  accountCredentials: () => undefined,
};

export function optionsAt(address: string, more: Partial<SipOptions> = {}): SipOptions {
  const at = { bindAddress: address, port: 5060 };
  return {
    interfaces: [
      { name: 'main', transport: 'udp', ...at },
      { name: 'main', transport: 'tcp', ...at },
    ],
    productName: 'Causeway-test',
    applicationMethods: ['INFO', 'MESSAGE', 'UPDATE'],
    extensions: [],
    acceptedBodyTypes: ['application/sdp'],
    registrar: {
      minExpiresSeconds: 60,
      defaultExpiresSeconds: 3600,
      maxExpiresSeconds: 7200,
      maxContacts: 3,
    },
    nonceKey: '00'.repeat(32),
    ...more,
  };
}

/** A message on the wire, as an observer between the two sees it. */
export interface Seen {
  readonly at: Millis;
  readonly from: string;
  readonly to: string;
  readonly transport: SipTransportName;
  readonly text: string;
}

/** One endpoint with its address, and the events it has told so far. */
export class Node {
  readonly address: string;
  readonly events: SipEvent[] = [];
  readonly random: SeededRandom;
  /** What the call layer above does with an event. */
  onEvent: (event: SipEvent) => void = () => {};
  #endpoint: SipEndpoint;
  readonly #options: SipOptions;
  readonly #ports: SipPorts;

  constructor(address: string, seed: number, options: SipOptions, ports: SipPorts) {
    this.address = address;
    this.random = new SeededRandom(seed);
    this.#options = options;
    this.#ports = ports;
    this.#endpoint = new SipEndpoint(options, ports, this.random);
  }

  get endpoint(): SipEndpoint {
    return this.#endpoint;
  }

  /** As after a crash: through JSON, into a new machine. */
  restart(): void {
    const snapshot = JSON.parse(JSON.stringify(this.#endpoint.snapshot())) as SipSnapshot;
    this.#endpoint = new SipEndpoint(this.#options, this.#ports, this.random, snapshot);
  }

  counts(): SipCounts {
    return this.#endpoint.counts();
  }

  eventsOf<T extends SipEvent['type']>(type: T): (SipEvent & { type: T })[] {
    return this.events.filter((event): event is SipEvent & { type: T } => event.type === type);
  }
}

type Scheduled =
  | { readonly at: Millis; readonly order: number; readonly node: Node; readonly input: SipInput }
  | { readonly at: Millis; readonly order: number; readonly act: () => void };

export class Network {
  now: Millis = 0;
  readonly seen: Seen[] = [];
  readonly outputs: SipOutput[] = [];
  /** Addresses that swallow everything. */
  readonly blackHoles = new Set<string>();
  /** What a resolver would find. */
  readonly names = new Map<string, string>();
  /** Decides on single messages before chance does. */
  filter: (seen: Seen) => 'deliver' | 'drop' | undefined = () => undefined;
  readonly #options: Required<NetworkOptions>;
  readonly #random: SeededRandom;
  /** Its own, so that restarts change nothing else of a run. */
  readonly #restartRandom: SeededRandom;
  readonly #nodes = new Map<string, Node>();
  readonly #queue: Scheduled[] = [];
  #order = 0;

  constructor(options: NetworkOptions = {}) {
    this.#options = { seed: 1, loss: 0, delayMs: 10, jitterMs: 0, restarts: 0, ...options };
    this.#random = new SeededRandom(this.#options.seed);
    this.#restartRandom = new SeededRandom(this.#options.seed + 1);
  }

  add(address: string, options = optionsAt(address), ports: SipPorts = acceptAll): Node {
    const seed = this.#options.seed * 1000 + this.#nodes.size;
    const node = new Node(address, seed, options, ports);
    this.#nodes.set(address, node);
    return node;
  }

  command(node: Node, command: SipCommand): void {
    this.#feed(node, { type: 'command', command });
  }

  /** Puts a raw message on the wire from an address that need not be a node's. */
  inject(from: string, to: string, text: string, transport: SipTransportName = 'udp'): void {
    const bytes = Buffer.from(text, 'latin1');
    const node = this.#nodes.get(to);
    if (node !== undefined) {
      const flow = flowBetween(to, from, transport);
      this.#feed(node, { type: 'received', bytes, flow });
    }
  }

  at(delay: Millis, act: () => void): void {
    this.#schedule({ at: this.now + delay, order: this.#nextOrder(), act });
  }

  /** Runs until nothing is left to do, or until `until`. */
  run(until: Millis = Number.POSITIVE_INFINITY): void {
    for (let steps = 0; steps < 200_000; steps += 1) {
      const next = this.#nextTime();
      if (next === undefined || next > until) break;
      this.now = Math.max(this.now, next);
      this.#step(this.now);
    }
    if (Number.isFinite(until)) this.now = Math.max(this.now, until);
  }

  #nextTime(): Millis | undefined {
    const times = [...this.#nodes.values()].map((node) => node.endpoint.deadline());
    const all = [this.#queue[0]?.at, ...times].filter((at) => at !== undefined);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  #step(now: Millis): void {
    const first = this.#queue[0];
    if (first !== undefined && first.at <= now) {
      this.#queue.shift();
      if ('act' in first) first.act();
      else this.#feed(first.node, first.input);
      return;
    }
    for (const node of this.#nodes.values()) {
      const deadline = node.endpoint.deadline();
      if (deadline === undefined || deadline > now) continue;
      this.#maybeRestart(node);
      node.endpoint.handleTimeout(now);
      this.#drain(node);
      return;
    }
  }

  #feed(node: Node, input: SipInput): void {
    this.#maybeRestart(node);
    node.endpoint.handle(input, this.now);
    this.#drain(node);
  }

  #maybeRestart(node: Node): void {
    if (this.#restartRandom.next() < this.#options.restarts) node.restart();
  }

  #drain(node: Node): void {
    for (let output = node.endpoint.poll(); output; output = node.endpoint.poll()) {
      this.outputs.push(output);
      if (output.type === 'send') this.#carry(node, output.hop, output);
      else if (output.type === 'resolve') this.#resolve(node, output);
      else if (output.type === 'event') this.#tell(node, output.event);
    }
  }

  /** Events reach the call layer after the machine has been drained, as in the real driver. */
  #tell(node: Node, event: SipEvent): void {
    node.events.push(event);
    this.at(0, () => node.onEvent(event));
  }

  #resolve(node: Node, output: SipOutput & { type: 'resolve' }): void {
    const address = this.names.get(output.host);
    const { query, port = 5060, transport = 'udp' } = output;
    const addresses = address === undefined ? [] : [{ transport, address, port }];
    const input: SipInput = { type: 'resolved', query, addresses };
    this.#schedule({ at: this.now + 1, order: this.#nextOrder(), node, input });
  }

  #carry(node: Node, hop: Hop, output: SipOutput & { type: 'send' }): void {
    const text = Buffer.from(output.bytes).toString('latin1');
    const { transport } = hop;
    const seen: Seen = { at: this.now, from: node.address, to: hop.address, transport, text };
    this.seen.push(seen);
    const target = this.#nodes.get(hop.address);
    if (target === undefined || this.blackHoles.has(hop.address)) return;
    const verdict = this.filter(seen);
    const isLossy = transport === 'udp' && verdict === undefined;
    if (verdict === 'drop' || (isLossy && this.#random.next() < this.#options.loss)) return;
    const jitter = transport === 'udp' ? this.#random.next() * this.#options.jitterMs : 0;
    const flow = flowBetween(hop.address, node.address, transport);
    const at = this.now + this.#options.delayMs + jitter;
    const input: SipInput = { type: 'received', bytes: output.bytes, flow };
    this.#schedule({ at, order: this.#nextOrder(), node: target, input });
  }

  #nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  #schedule(item: Scheduled): void {
    const index = this.#queue.findIndex((other) => other.at > item.at);
    if (index === -1) this.#queue.push(item);
    else this.#queue.splice(index, 0, item);
  }
}

export function flowBetween(
  localAddress: string,
  remoteAddress: string,
  transport: SipTransportName,
): Flow {
  return {
    key: `${transport}/${localAddress}/${remoteAddress}`,
    transport,
    interfaceName: 'main',
    localAddress,
    localPort: 5060,
    remoteAddress,
    remotePort: 5060,
  };
}
