/** Drives baresip as a phone: it plays a tone and records what it decodes. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tonePcm } from '../../support/sound/tone.ts';
import { eventually, Program } from './commands.ts';
import { readWav, writeWav } from './wav-file.ts';

export interface BaresipOptions {
  readonly address: string;
  readonly sipPort: number;
  /** Its control socket, on loopback. */
  readonly controlPort: number;
  /** The first of the UDP ports that its media uses. */
  readonly rtpPort: number;
  readonly user: string;
  /** In the order of its offers: `PCMU`, `PCMA`, `opus`, `G722`. */
  readonly codecs: readonly string[];
  readonly encryption: 'none' | 'sdes' | 'dtls';
  readonly hertz: number;
  readonly answers?: 'auto' | 'manual';
}

/** `account` comes after the codecs, which an account's list of codecs is looked up in. */
const MODULES = ['g711', 'opus', 'g722', 'srtp', 'dtls_srtp', 'aufile', 'aubridge', 'account'];
const MODULE_FOLDER = '/usr/lib/baresip/modules';
const MEDIA_ENCRYPTION = { none: '', sdes: ';mediaenc=srtp-mand', dtls: ';mediaenc=dtls_srtp' };
const TONE_SECONDS = 60;

export class Baresip {
  readonly options: BaresipOptions;
  readonly #folder: string;
  readonly #program: Program;
  readonly #control: Socket;
  readonly events: { readonly type: string; readonly [name: string]: unknown }[] = [];
  #received = Buffer.alloc(0);

  private constructor(options: BaresipOptions, folder: string, program: Program, control: Socket) {
    this.options = options;
    this.#folder = folder;
    this.#program = program;
    this.#control = control;
    control.on('data', (chunk) => this.#receive(chunk));
    control.on('error', () => {});
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-baresip-'));
    await mkdir(join(folder, 'sound'));
    await writeFile(join(folder, 'config'), baresipConfiguration(options, folder));
    await writeFile(join(folder, 'accounts'), `${account(options)}\n`);
    await writeFile(join(folder, 'contacts'), '');
    await writeWav(join(folder, 'tone.wav'), tonePcm(options.hertz, TONE_SECONDS, 48_000), 48_000);
    const program = new Program('baresip', ['-f', folder, '-v', '-s']);
    try {
      const control = await eventually('baresip is ready', () => open(options.controlPort));
      return new Baresip(options, folder, program, control);
    } catch (error) {
      await program.stop();
      throw new Error(`${String(error)}\n${program.output}`);
    }
  }

  get uri(): string {
    return `sip:${this.options.user}@${this.options.address}:${this.options.sipPort}`;
  }

  get output(): string {
    return this.#program.output;
  }

  dial(uri: string): void {
    this.#command('dial', uri);
  }

  answer(): void {
    this.#command('accept', '');
  }

  hangup(): void {
    this.#command('hangup', '');
  }

  /** Resolves once an event of the type has come: `CALL_ESTABLISHED`, `CALL_CLOSED`, … */
  async reaches(type: string, withinMs = 20_000): Promise<void> {
    const seen = () => this.events.some((event) => event.type === type) || undefined;
    await eventually(`baresip ${this.options.user} reaches ${type}`, seen, withinMs).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${this.output}`);
      },
    );
  }

  /** Ends it and gives what it decoded, as samples from −1 to 1. */
  async stop(): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }> {
    this.#control.destroy();
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

  /** Netstrings of JSON: `LENGTH:TEXT,`. */
  #command(command: string, params: string): void {
    const text = JSON.stringify({ command, params, token: command });
    this.#control.write(`${Buffer.byteLength(text)}:${text},`);
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#received.subarray(0, colon).toString());
      const end = colon + 1 + length;
      if (this.#received.length <= end) return;
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString());
      this.#received = this.#received.subarray(end + 1);
      if (message.event === true) this.events.push(message);
    }
  }
}

function account(options: BaresipOptions): string {
  const { user, address, codecs, encryption, answers = 'auto' } = options;
  const codecList = codecs.map((codec) => `${codec}/${codec === 'opus' ? '48000/2' : '8000/1'}`);
  return [
    `<sip:${user}@${address};transport=udp>;regint=0;answermode=${answers}`,
    `${MEDIA_ENCRYPTION[encryption]};audio_codecs=${codecList.join(',')}`,
  ].join('');
}

/** What its `config` file says; its sound goes to `sound` in the folder. */
export function baresipConfiguration(
  options: Pick<BaresipOptions, 'address' | 'sipPort' | 'controlPort' | 'rtpPort'>,
  folder: string,
): string {
  const { address, sipPort, controlPort, rtpPort } = options;
  return [
    'poll_method epoll',
    `sip_listen ${address}:${sipPort}`,
    'call_local_timeout 120',
    'call_max_calls 1',
    `audio_source aufile,${join(folder, 'tone.wav')}`,
    'audio_player aubridge,nowhere',
    'audio_alert aubridge,nowhere',
    'audio_level no',
    'auplay_srate 48000',
    'ausrc_srate 48000',
    `rtp_ports ${rtpPort}-${rtpPort + 19}`,
    'rtp_stats no',
    `net_interface ${address}`,
    'jitter_buffer_type fixed',
    'jitter_buffer_delay 5-10',
    `module_path ${MODULE_FOLDER}`,
    ...MODULES.map((module) => `module ${module}.so`),
    'module sndfile.so',
    `snd_path ${join(folder, 'sound')}`,
    'module_app ctrl_tcp.so',
    'module_app menu.so',
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    'opus_bitrate 64000',
    '',
  ].join('\n');
}

function open(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
