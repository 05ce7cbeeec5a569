/**
 * A whole gateway on a loopback address of its own, whose every process can be counted and killed.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { MediaCensus } from '../../../gateway/media-contract/contract.ts';
import { eventually, Program } from '../../interop/support/commands.ts';
import type { Place } from '../parties/descriptions.ts';

const ROOT = join(import.meta.dirname, '../../..');
const HTTP_PORT = 38_080;
const SIP_PORT = 35_060;
const CENSUS_INTERVAL_MS = 150;
const READY_MS = 30_000;
const OUTPUT_SHOWN = 4_000;

let started = 0;

/** What the gateway says of itself at `/v1/census`. */
export interface Census {
  readonly signalling: {
    readonly calls: Counts;
    readonly sip: Counts;
    readonly janus: Counts;
    readonly descriptors: number;
    readonly heapUsedBytes: number;
    readonly residentBytes: number;
  };
  readonly media: readonly ({ readonly process: string } & MediaCensus)[];
}

export interface Counts {
  readonly [name: string]: number;
}

export interface GatewaySettings {
  /** Sections of the configuration, in the spelling of the file. */
  readonly configuration?: { readonly [section: string]: unknown };
}

export class RunningGateway {
  readonly address: string;
  readonly #folder: string;
  readonly #program: Program;

  private constructor(address: string, folder: string, program: Program) {
    this.address = address;
    this.#folder = folder;
    this.#program = program;
  }

  /** Its processes can be told to collect their garbage. */
  static async start(settings: GatewaySettings = {}): Promise<RunningGateway> {
    const { configuration = {} } = settings;
    started += 1;
    const address = `127.${64 + (process.pid % 128)}.${started}.1`;
    const folder = await mkdtemp(join(tmpdir(), 'causeway-running-'));
    const file = join(folder, 'causeway.yaml');
    const defaults = {
      data_directory: join(folder, 'data'),
      interfaces: [{ name: 'test', bind: address }],
      http: { port: HTTP_PORT },
      sip: { port: SIP_PORT },
      webrtc: { port: 30_000, include_host_address: false },
      rtp: { ports: '40000-49999' },
      media: { processes: 1 },
      log: { level: 'info', format: 'json' },
    };
    await writeFile(file, stringify({ ...defaults, ...configuration }));
    const options = '--expose-gc';
    const env = { CAUSEWAY_CONFIG: file, NODE_OPTIONS: options };
    const program = new Program(process.execPath, [join(ROOT, 'gateway/main.ts')], {
      cwd: ROOT,
      env,
    });
    const gateway = new RunningGateway(address, folder, program);
    try {
      await gateway.ready();
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  get sip(): Place {
    return { address: this.address, port: SIP_PORT };
  }

  get webSocketUrl(): string {
    return `ws://${this.address}:${HTTP_PORT}/janus`;
  }

  /** The last of its log. */
  get output(): string {
    return this.#program.output.slice(-OUTPUT_SHOWN);
  }

  /** The SIP address of somebody at this gateway. */
  addressOf(name: string): string {
    return `sip:${name}@${this.address}:${SIP_PORT}`;
  }

  async ready(): Promise<void> {
    const isReady = async () => {
      const answer = await this.#ask('/readyz').catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    };
    await eventually('the gateway is ready', isReady, READY_MS).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
  }

  /** `collected`: after every process has collected its garbage. */
  async census({ collected = false } = {}): Promise<Census> {
    return JSON.parse((await this.#ask(`/v1/census${collected ? '/collected' : ''}`)).text);
  }

  /** Resolves with a census that satisfies `isSo`; tells the last one when none does in time. */
  async censusWhere(isSo: (census: Census) => boolean, withinMs: number): Promise<Census> {
    let last: Census | undefined;
    const probe = async () => {
      last = await this.census().catch(() => undefined);
      if (last !== undefined && isSo(last)) return last;
      await wait(CENSUS_INTERVAL_MS);
      return undefined;
    };
    return eventually('the census is as expected', probe, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(last)}\n${this.output}`);
    });
  }

  /** The process id of `signalling` or of `media-m0`. */
  async pidOf(name: string): Promise<number | undefined> {
    const file = join(this.#folder, 'data/run', `${name}.pid`);
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    return Number.isSafeInteger(pid) ? pid : undefined;
  }

  /** Descriptors as the kernel counts them, whatever the process says. */
  async descriptorsOf(name: string): Promise<number> {
    return (await readdir(`/proc/${await this.pidOf(name)}/fd`)).length;
  }

  /** `kill -9`; gives the process id that was killed. */
  async kill(name: string): Promise<number> {
    const pid = await this.pidOf(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** Resolves once the supervisor has started the process anew. */
  async restarted(name: string, killed: number): Promise<void> {
    const probe = async () => {
      const pid = await this.pidOf(name);
      return pid !== undefined && pid !== killed ? pid : undefined;
    };
    await eventually(`${name} runs again`, probe);
    await this.ready();
  }

  async stop(): Promise<void> {
    await this.#program.stop(15_000);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** One connection a question, so that the census counts the same one every time. */
  #ask(path: string): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const options = { host: this.address, port: HTTP_PORT, path, agent: false, timeout: 10_000 };
      const request = get(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('timeout', () => request.destroy(new Error(`no answer to ${path}`)));
      request.on('error', reject);
    });
  }
}
