/** A media process as the supervisor starts it, alone and driven through the media contract. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ContractClient } from '../../../gateway/adapters/media-link/contract-client.ts';
import { mediaPlaces } from '../../../gateway/adapters/process/media-places.ts';
import type {
  LegStatistics,
  MediaCensus,
  MediaCommand,
  MediaEvent,
  MediaReply,
} from '../../../gateway/media-contract/contract.ts';
import { eventually, Program, run } from './commands.ts';

const ROOT = join(import.meta.dirname, '../../..');
export const GATEWAY_ADDRESS = '127.0.0.1';
export const INTERFACE = 'test';
const READY_MS = 20_000;

let started = 0;

export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

export interface MediaProcessSettings {
  readonly mediaNetworks?: readonly string[];
  readonly env?: { readonly [name: string]: string };
}

export class MediaProcessUnderTest {
  readonly webRtcPort: number;
  readonly firstRtpPort: number;
  readonly lastRtpPort: number;
  readonly events: MediaEvent[] = [];
  readonly #folder: string;
  readonly #program: Program;
  readonly #client: ContractClient;

  private constructor(
    folder: string,
    firstPort: number,
    program: Program,
    makeClient: (onEvent: (event: MediaEvent) => void) => ContractClient,
  ) {
    this.#folder = folder;
    this.webRtcPort = firstPort;
    this.firstRtpPort = firstPort + 10;
    this.lastRtpPort = firstPort + 109;
    this.#program = program;
    this.#client = makeClient((event) => this.events.push(event));
  }

  static async start(settings: MediaProcessSettings = {}): Promise<MediaProcessUnderTest> {
    started += 1;
    const firstPort = 31_000 + ((process.pid * 7 + started) % 140) * 200;
    const folder = await mkdtemp(join(tmpdir(), 'causeway-media-'));
    const data = join(folder, 'data');
    const file = join(folder, 'causeway.yaml');
    const { mediaNetworks = [], env } = settings;
    const place = { name: INTERFACE, bind: GATEWAY_ADDRESS, media_networks: mediaNetworks };
    const configuration = {
      data_directory: data,
      interfaces: [place],
      webrtc: { port: firstPort, include_host_address: false },
      rtp: { ports: `${firstPort + 10}-${firstPort + 109}` },
      media: { processes: 1 },
      log: { level: 'debug', format: 'json' },
    };
    await writeFile(file, stringify(configuration));
    await run('mkdir', '-p', join(data, 'run'));
    const [{ socket } = { socket: '' }] = mediaPlaces(data, 1, 1);
    const program = new Program(process.execPath, [join(ROOT, 'gateway/media-process.ts'), '0'], {
      cwd: ROOT,
      env: { ...env, CAUSEWAY_CONFIG: file },
    });
    await program.says('media.ready', READY_MS);
    let back = () => {};
    const isBack = new Promise<void>((resolve) => {
      back = resolve;
    });
    const media = new MediaProcessUnderTest(folder, firstPort, program, (onEvent) => {
      return new ContractClient({
        socketPath: socket,
        signallingEpoch: `test-${process.pid}-${started}`,
        onEvent,
        onLost: () => {},
        onBack: () => back(),
      });
    });
    media.#client.start();
    await isBack;
    return media;
  }

  /** Does a command; a fault is the test's failure. */
  async execute(command: MediaCommand): Promise<MediaReply> {
    const reply = await this.#client.execute(command);
    if (reply.op === 'fault') throw new Error(`${command.op}: ${JSON.stringify(reply.fault)}`);
    return reply;
  }

  async census(): Promise<MediaCensus> {
    const reply = await this.execute({ op: 'census' });
    if (reply.op !== 'census') throw new Error(`no census but ${reply.op}`);
    return reply.census;
  }

  async statistics(leg: string): Promise<LegStatistics> {
    const reply = await this.execute({ op: 'statistics', leg });
    if (reply.op !== 'statistics') throw new Error(`no statistics but ${reply.op}`);
    return reply.statistics;
  }

  /** Resolves with the first event of a type that a leg told or tells. */
  async tells<Type extends MediaEvent['type']>(
    leg: string,
    type: Type,
    withinMs = 10_000,
  ): Promise<Extract<MediaEvent, { type: Type }>> {
    const what = `leg ${leg} tells ${type}`;
    return eventually(what, () => this.told(leg, type)[0], withinMs).catch((error: Error) => {
      throw new Error(`${error.message}\n${JSON.stringify(this.events)}\n${this.output}`);
    });
  }

  told<Type extends MediaEvent['type']>(
    leg: string,
    type: Type,
  ): readonly Extract<MediaEvent, { type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<MediaEvent, { type: Type }> =>
        event.leg === leg && event.type === type,
    );
  }

  get output(): string {
    return this.#program.output;
  }

  /** What it has logged under a name. */
  logged(event: string): readonly LogLine[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.flatMap(parseLine).filter((line) => line.event === event);
  }

  /** Resolves to its exit status. */
  ends(withinMs: number): Promise<number | null> {
    return this.#program.ends(withinMs);
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A line may be cut off where the output was. */
function parseLine(text: string): readonly LogLine[] {
  try {
    return [JSON.parse(text) as LogLine];
  } catch {
    return [];
  }
}
