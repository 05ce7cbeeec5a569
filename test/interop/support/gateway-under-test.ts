/** A whole gateway, started as an operator starts it, in a network and data folder of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually, Program } from './commands.ts';
import { GatewayNetwork } from './gateway-network.ts';

const ROOT = join(import.meta.dirname, '../../..');

export interface GatewaySettings {
  /** Sections of the configuration, in the spelling of the file. */
  readonly configuration?: { readonly [section: string]: unknown };
  readonly env?: { readonly [name: string]: string };
}

export class GatewayUnderTest {
  readonly network: GatewayNetwork;
  readonly folder: string;
  readonly #program: Program;

  private constructor(network: GatewayNetwork, folder: string, program: Program) {
    this.network = network;
    this.folder = folder;
    this.#program = program;
  }

  static async start(
    settings: GatewaySettings | ((network: GatewayNetwork) => GatewaySettings) = {},
  ): Promise<GatewayUnderTest> {
    const network = await GatewayNetwork.make();
    const { configuration, env } = typeof settings === 'function' ? settings(network) : settings;
    const folder = await mkdtemp(join(tmpdir(), 'causeway-test-'));
    const file = join(folder, 'causeway.yaml');
    const defaults = {
      data_directory: join(folder, 'data'),
      interfaces: [{ name: 'test', bind: network.gatewayAddress }],
      media: { processes: 1 },
      log: { level: 'debug', format: 'json' },
    };
    await writeFile(file, stringify({ ...defaults, ...configuration }));
    const [program = '', ...prefix] = network.prefix;
    const args = [...prefix, process.execPath, join(ROOT, 'gateway/main.ts')];
    const gateway = new GatewayUnderTest(
      network,
      folder,
      new Program(program, args, { cwd: ROOT, env: { CAUSEWAY_CONFIG: file, ...env } }),
    );
    await gateway.ready();
    return gateway;
  }

  get address(): string {
    return this.network.gatewayAddress;
  }

  get httpUrl(): string {
    return `http://${this.address}:8080`;
  }

  get httpsUrl(): string {
    return `https://${this.address}:8443`;
  }

  get webSocketUrl(): string {
    return `ws://${this.address}:8080/janus`;
  }

  get restUrl(): string {
    return `${this.httpUrl}/janus`;
  }

  get output(): string {
    return this.#program.output;
  }

  get pid(): number | undefined {
    return this.#program.pid;
  }

  async ready(): Promise<void> {
    const isReady = async () => {
      const answer = await fetch(`${this.httpUrl}/readyz`).catch(() => undefined);
      return answer?.ok ? true : undefined;
    };
    await eventually('the gateway is ready', isReady, 20_000).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  /** Asks the gateway's own HTTP API from its own machine, as an operator would. */
  async ask(path: string): Promise<unknown> {
    const script = `fetch('${this.httpUrl}${path}').then((r) => r.text()).then(console.log)`;
    return JSON.parse(await this.network.run(process.execPath, '-e', script));
  }

  async stop(): Promise<void> {
    await this.#program.stop(10_000);
    await this.network.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}
