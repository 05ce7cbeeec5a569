/** Signalling's end of the media contract: reconnects, tells events in order and once. */
import { createConnection, type Socket } from 'node:net';
import { fail } from '../../core/result.ts';
import {
  CONTRACT_VERSION,
  type ContractFrame,
  type MediaCommand,
  type MediaEvent,
  type MediaPort,
  type MediaProcessId,
  type MediaReply,
} from '../../media-contract/contract.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';

export interface ContractClientOptions {
  readonly socketPath: string;
  /** New at every start of signalling; makes command ids unique. */
  readonly signallingEpoch: string;
  readonly onEvent: (event: MediaEvent) => void;
  /** The connection is gone, and with it, perhaps, the process. Called once a loss. */
  readonly onLost: () => void;
  /**
   * Connected and greeted. `isNew`: its legs are not those of the process we knew, if we knew one;
   * every command that waited has been answered with a fault.
   */
  readonly onBack: (process: MediaProcessId, isNew: boolean) => void;
}

/** A Unix socket is there or it isn't: trying costs nothing. */
const RETRY_MS = 50;
/** An answer takes well under a millisecond; who takes so long is not there. */
const REPLY_TIMEOUT_MS = 5_000;

interface PendingCommand {
  readonly command: MediaCommand;
  readonly resolve: (reply: MediaReply) => void;
  readonly timer: NodeJS.Timeout;
}

type State = 'idle' | 'connecting' | 'greeting' | 'ready' | 'closed';

export class ContractClient implements MediaPort {
  readonly #options: ContractClientOptions;
  readonly #pending = new Map<string, PendingCommand>();
  #state: State = 'idle';
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #commands = 0;
  #epoch: string | undefined;
  #lastEvent = 0;

  constructor(options: ContractClientOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  start(): void {
    if (this.#state === 'idle') this.#connect();
  }

  /**
   * Never rejects: what cannot be done is a reply of op `fault`, with code `media.lost` if the
   * process is gone and `media.no_reply` if it does not answer.
   */
  execute(command: MediaCommand): Promise<MediaReply> {
    if (this.#state === 'closed') return Promise.resolve(faulty('media.lost', 'closed'));
    this.#commands += 1;
    const id = `${this.#options.signallingEpoch}-${this.#commands}`;
    return new Promise((resolve) => {
      const giveUp = () => this.#settle(id, faulty('media.no_reply', command.op));
      const timer = setTimeout(giveUp, REPLY_TIMEOUT_MS);
      this.#pending.set(id, { command, resolve, timer });
      if (this.#state === 'ready') this.#send({ frame: 'command', id, command });
    });
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#retry);
    this.#socket?.destroy();
    this.#failPending('closed');
  }

  #connect(): void {
    this.#state = 'connecting';
    const decoder = new FrameDecoder();
    const socket = createConnection(this.#options.socketPath);
    this.#socket = socket;
    socket.on('connect', () => this.#greet());
    socket.on('data', (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      if (!frames.ok) socket.destroy();
      else for (const frame of frames.value) this.#take(frame);
    });
    // What went wrong matters less than that the connection is gone, which 'close' tells.
    socket.on('error', () => {});
    socket.on('close', () => this.#lose());
  }

  #greet(): void {
    this.#state = 'greeting';
    this.#commands += 1;
    const { signallingEpoch } = this.#options;
    const command = { op: 'hello', version: CONTRACT_VERSION, signallingEpoch } as const;
    this.#send({ frame: 'command', id: `${signallingEpoch}-${this.#commands}`, command });
  }

  #take(frame: ContractFrame): void {
    if (frame.frame === 'event') this.#takeEvent(frame.sequence, frame.event);
    if (frame.frame !== 'reply') return;
    if (frame.reply.op === 'hello') this.#welcome(frame.reply);
    else if (this.#state === 'greeting') this.#socket?.destroy();
    else this.#settle(frame.id, frame.reply);
  }

  #takeEvent(sequence: number, event: MediaEvent): void {
    this.#send({ frame: 'acknowledge', sequence });
    if (sequence <= this.#lastEvent) return;
    this.#lastEvent = sequence;
    this.#options.onEvent(event);
  }

  #welcome({ process, epoch }: Extract<MediaReply, { op: 'hello' }>): void {
    const isNew = this.#epoch !== epoch;
    if (isNew) {
      this.#lastEvent = 0;
      if (this.#epoch !== undefined) this.#failPending('another process');
    }
    this.#epoch = epoch;
    this.#state = 'ready';
    for (const [id, { command }] of this.#pending) this.#send({ frame: 'command', id, command });
    this.#options.onBack(process, isNew);
  }

  #settle(id: string, reply: MediaReply): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.resolve(reply);
  }

  #failPending(why: string): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, faulty('media.lost', why));
  }

  #lose(): void {
    if (this.#state === 'closed') return;
    const wasReady = this.#state === 'ready';
    this.#state = 'connecting';
    this.#retry = setTimeout(() => this.#connect(), RETRY_MS);
    if (wasReady) this.#options.onLost();
  }

  #send(frame: ContractFrame): void {
    this.#socket?.write(encodeFrame(frame));
  }
}

function faulty(code: string, detail: string): MediaReply {
  return { op: 'fault', fault: fail(code, detail).fault };
}
