/** A baresip on a machine of its own: told at its start whom to call, heard when it has ended. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tonePcm } from '../../../support/sound/tone.ts';
import { baresipConfiguration } from '../../support/baresip.ts';
import { Program } from '../../support/commands.ts';
import { readWav, writeWav } from '../../support/wav-file.ts';

export interface PlacedBaresipOptions {
  /** What makes it run on its machine. */
  readonly prefix: readonly string[];
  readonly address: string;
  /** Its line in the file of accounts. */
  readonly account: string;
  readonly hertz: number;
  readonly dials?: string;
}

const TONE_SECONDS = 60;
const RATE = 48_000;
const PORTS = { sipPort: 5_060, controlPort: 4_444, rtpPort: 10_000 };

export class PlacedBaresip {
  readonly #folder: string;
  readonly #program: Program;

  private constructor(folder: string, program: Program) {
    this.#folder = folder;
    this.#program = program;
  }

  static async start(options: PlacedBaresipOptions): Promise<PlacedBaresip> {
    const { prefix, address, account, hertz, dials } = options;
    const folder = await mkdtemp(join(tmpdir(), 'causeway-placed-'));
    await mkdir(join(folder, 'sound'));
    await writeFile(join(folder, 'config'), baresipConfiguration({ address, ...PORTS }, folder));
    await writeFile(join(folder, 'accounts'), `${account}\n`);
    await writeFile(join(folder, 'contacts'), '');
    await writeWav(join(folder, 'tone.wav'), tonePcm(hertz, TONE_SECONDS, RATE), RATE);
    const orders = dials === undefined ? [] : ['-e', `/dial ${dials}`];
    const [program = '', ...args] = [...prefix, 'baresip', '-f', folder, '-v', '-s', ...orders];
    return new PlacedBaresip(folder, new Program(program, args));
  }

  get output(): string {
    return this.#program.output;
  }

  says(text: string | RegExp, withinMs = 15_000): Promise<void> {
    return this.#program.says(text, withinMs);
  }

  /** Ends it and gives what it decoded, as samples from −1 to 1. */
  async stop(): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }> {
    await this.#program.stop();
    const files = await readdir(join(this.#folder, 'sound'));
    const decoded = files.find((file) => /dec\.wav$/.test(file));
    const sound =
      decoded === undefined
        ? { samples: new Float32Array(0), sampleRate: 8_000 }
        : readWav(await readFile(join(this.#folder, 'sound', decoded)));
    await rm(this.#folder, { recursive: true, force: true });
    return sound;
  }
}
