/** A loudspeaker for browsers on machines that have none: a PulseAudio server with a null sink. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, Program, run } from './commands.ts';

export class SoundDevice {
  readonly #folder: string;
  readonly #server: Program;

  private constructor(folder: string, server: Program) {
    this.#folder = folder;
    this.#server = server;
  }

  static async start(): Promise<SoundDevice> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-sound-'));
    const socket = join(folder, 'native');
    const args = [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--disable-shm=yes',
      '--load=module-null-sink rate=48000',
      `--load=module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    ];
    const env = { HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_RUNTIME_PATH: folder };
    const device = new SoundDevice(folder, new Program('pulseaudio', args, { env }));
    await eventually('the sound device is there', () =>
      run('test', '-S', socket).then(
        () => true,
        () => undefined,
      ),
    );
    return device;
  }

  /** What tells a program to use it. */
  get env(): { readonly [name: string]: string } {
    return { PULSE_SERVER: `unix:${join(this.#folder, 'native')}` };
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
