/** Three machines: a gateway on a public network, a NAT on it, a phone behind the NAT. */
import { run } from '../../support/commands.ts';

/** Public by RFC 5737, and nobody's. */
export const GATEWAY = '198.51.100.1';
export const NAT = '198.51.100.2';
/** Two more machines on the public network, in the NAT's namespace but not behind it. */
export const OFFICE = '198.51.100.3';
export const STRANGER = '198.51.100.66';
const HOME_ROUTER = '192.168.77.1';
export const PHONE = '192.168.77.2';

/** Ports are chosen anew, so that neither address nor port is what the phone believes. */
const REWRITING = [
  'table ip nat {',
  'chain post {',
  'type nat hook postrouting priority 100;',
  `ip saddr 192.168.77.0/24 oifname "public" snat to ${NAT} fully-random`,
  '}',
  '}',
].join('\n');

export type Machine = 'gateway' | 'nat' | 'phone';

export class NatNetwork {
  readonly #suffix: string;

  private constructor(suffix: string) {
    this.#suffix = suffix;
  }

  static async make(): Promise<NatNetwork> {
    const network = new NatNetwork(String(process.pid));
    try {
      await network.#build();
    } catch (error) {
      await network.remove();
      throw error;
    }
    return network;
  }

  /** The words before a command that make it run on a machine. */
  prefixOf(machine: Machine): readonly string[] {
    return ['ip', 'netns', 'exec', `causeway-${machine}-${this.#suffix}`];
  }

  async remove(): Promise<void> {
    for (const machine of ['gateway', 'nat', 'phone'] as const) {
      await run('ip', 'netns', 'delete', `causeway-${machine}-${this.#suffix}`).catch(() => {});
    }
  }

  async #build(): Promise<void> {
    const [gateway, nat, phone] = (['gateway', 'nat', 'phone'] as const).map(
      (machine) => `causeway-${machine}-${this.#suffix}`,
    );
    for (const name of [gateway, nat, phone]) await run('ip', 'netns', 'add', name!);
    await this.#join(gateway!, 'public', nat!, 'public');
    await this.#join(nat!, 'home', phone!, 'home');
    await this.#address('gateway', 'public', GATEWAY);
    // The first is what a socket without an address of its own sends from: the office's for RTP.
    for (const address of [OFFICE, NAT, STRANGER]) await this.#address('nat', 'public', address);
    await this.#address('nat', 'home', HOME_ROUTER);
    await this.#address('phone', 'home', PHONE);
    await this.#on('phone', 'ip', 'route', 'add', 'default', 'via', HOME_ROUTER);
    await this.#on('nat', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await this.#on('nat', 'nft', REWRITING);
  }

  async #join(a: string, nameAtA: string, b: string, nameAtB: string): Promise<void> {
    const peer = ['peer', 'name', nameAtB, 'netns', b];
    await run('ip', 'link', 'add', nameAtA, 'netns', a, 'type', 'veth', ...peer);
    await run('ip', '-n', a, 'link', 'set', nameAtA, 'up');
    await run('ip', '-n', b, 'link', 'set', nameAtB, 'up');
    for (const name of [a, b]) await run('ip', '-n', name, 'link', 'set', 'lo', 'up');
  }

  async #address(machine: Machine, link: string, address: string): Promise<void> {
    await this.#on(machine, 'ip', 'address', 'add', `${address}/24`, 'dev', link);
  }

  async #on(machine: Machine, ...command: string[]): Promise<void> {
    const [program = '', ...args] = [...this.prefixOf(machine), ...command];
    await run(program, ...args);
  }
}
