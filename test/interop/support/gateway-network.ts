/** A network of its own for a gateway: a namespace joined to ours by one pair of interfaces. */
import { run } from './commands.ts';

let made = 0;

export class GatewayNetwork {
  readonly namespace: string;
  /** Our end's interface, where captures listen. */
  readonly interface: string;
  /** Where the gateway is. */
  readonly gatewayAddress: string;
  /** Where browsers and phones are, seen from the gateway. */
  readonly peerAddress: string;

  private constructor(index: number) {
    this.namespace = `causeway-${index}`;
    this.interface = `cw${index}`;
    this.gatewayAddress = `10.213.${index}.1`;
    this.peerAddress = `10.213.${index}.2`;
  }

  static async make(): Promise<GatewayNetwork> {
    made += 1;
    const network = new GatewayNetwork((process.pid * 8 + made) % 250);
    const { namespace, interface: ours } = network;
    const theirs = `${ours}g`;
    await run('ip', 'netns', 'add', namespace);
    await run('ip', 'link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs);
    await run('ip', 'link', 'set', theirs, 'netns', namespace);
    await run('ip', 'address', 'add', `${network.peerAddress}/24`, 'dev', ours);
    await run('ip', 'link', 'set', ours, 'up');
    await network.run('ip', 'address', 'add', `${network.gatewayAddress}/24`, 'dev', theirs);
    await network.run('ip', 'link', 'set', theirs, 'up');
    await network.run('ip', 'link', 'set', 'lo', 'up');
    // A browser may send from any address of ours, and wants its answers there.
    await network.run('ip', 'route', 'add', 'default', 'via', network.peerAddress);
    return network;
  }

  /** The words before a command that make it run in the namespace. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.namespace];
  }

  async run(...command: string[]): Promise<string> {
    const [program = '', ...args] = [...this.prefix, ...command];
    return run(program, ...args);
  }

  async remove(): Promise<void> {
    // The pair goes with its namespaced end.
    await run('ip', 'netns', 'delete', this.namespace);
  }
}
