/** SIPp as a phone: one call by a scenario, with a tone as its RTP. It records nothing itself. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tonePcm } from '../../support/sound/tone.ts';
import { Program } from './commands.ts';
import { linearToALaw, linearToMuLaw } from './g711-tables.ts';
import { type ReadyTone, readyTone } from './ready-tone.ts';
import { calledScenario, callingScenario, type SippMedia } from './sipp-scenarios.ts';

export interface SippOptions {
  readonly address: string;
  readonly sipPort: number;
  /** Even; RTCP is on the next port. */
  readonly rtpPort: number;
  readonly codec: 'PCMU' | 'PCMA';
  readonly encryption: 'none' | 'sdes';
  readonly hertz: number;
  /** How long its tone lasts. */
  readonly seconds: number;
}

const SAMPLE_RATE = 8_000;

export class Sipp {
  readonly options: SippOptions;
  /** What it sends, and the key under which it does. */
  readonly tone: ReadyTone;
  readonly #folder: string;
  readonly #program: Program;

  private constructor(options: SippOptions, tone: ReadyTone, folder: string, program: Program) {
    this.options = options;
    this.tone = tone;
    this.#folder = folder;
    this.#program = program;
  }

  /** Waits for a call, answers it, plays its tone until the caller hangs up. */
  static answer(options: SippOptions): Promise<Sipp> {
    return Sipp.#start(options, (media) => calledScenario(media), []);
  }

  /** Calls `target` through a SIP server, plays its tone for its time and hangs up. */
  static call(options: SippOptions, target: string, server: string): Promise<Sipp> {
    const scenario = (media: SippMedia) => callingScenario(media, target, options.seconds);
    return Sipp.#start(options, scenario, [server]);
  }

  static async #start(
    options: SippOptions,
    scenario: (media: SippMedia) => string,
    target: readonly string[],
  ): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-sipp-'));
    const tone = readyTone(toneBytes(options), options);
    await writeFile(join(folder, 'tone.pcap'), tone.pcap);
    const media: SippMedia = { codec: options.codec, folder, crypto: tone.cryptoLine };
    await writeFile(join(folder, 'scenario.xml'), scenario(media));
    const args = [
      ...target,
      ...['-sf', join(folder, 'scenario.xml'), '-i', options.address, '-m', '1', '-nostdin'],
      ...['-p', String(options.sipPort), '-mi', options.address, '-mp', String(options.rtpPort)],
      ...['-trace_err', '-error_file', join(folder, 'errors.log'), '-timeout', '90s'],
      ...['-trace_msg', '-message_file', join(folder, 'messages.log')],
    ];
    const program = new Program('sipp', args, { cwd: folder, env: { TERM: 'dumb' } });
    return new Sipp(options, tone, folder, program);
  }

  get uri(): string {
    return `sip:sipp@${this.options.address}:${this.options.sipPort}`;
  }

  /** Resolves when the scenario went through; rejects when it did not. */
  async succeeds(withinMs = 60_000): Promise<void> {
    const status = await this.#program.ends(withinMs);
    if (status === 0) return;
    const log = await readFile(join(this.#folder, 'messages.log'), 'utf8').catch(() => '');
    const output = this.#program.output.slice(-3_000);
    throw new Error(`sipp ended with ${status}:\n${output}\n${log}`);
  }

  /** The key under which the other side sends, from the last description that it gave. */
  async peerKey(): Promise<string> {
    const log = await readFile(join(this.#folder, 'messages.log'), 'utf8');
    const keys = [
      ...log.matchAll(/^a=crypto:\d+ AES_CM_128_HMAC_SHA1_80 inline:([A-Za-z0-9+/=]+)/gm),
    ].map(([, key]) => key);
    const own = this.tone.cryptoLine ?? '';
    return keys.findLast((key) => key !== undefined && !own.includes(key)) ?? '';
  }

  async stop(): Promise<void> {
    this.#program.kill();
    await this.#program.ends();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function toneBytes({ codec, hertz, seconds }: SippOptions): Buffer {
  const encode = codec === 'PCMU' ? linearToMuLaw : linearToALaw;
  return Buffer.from(tonePcm(hertz, seconds, SAMPLE_RATE).map(encode));
}
