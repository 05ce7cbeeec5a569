/** Serves the media contract on a Unix socket, to one signalling process after another. */
import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../../core/log.ts';
import { MOST_CONTRACT_CONNECTIONS } from '../../media/limits.ts';
import type {
  ContractFrame,
  MediaCommand,
  MediaEvent,
  MediaReply,
} from '../../media-contract/contract.ts';
import { EventJournal } from './event-journal.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';
import { ReplyMemory } from './reply-memory.ts';

export interface ContractServerOptions {
  readonly socketPath: string;
  readonly execute: (command: MediaCommand) => MediaReply;
  readonly log: Log;
  /** Nobody has spoken for signalling for so long: `onOrphaned` is called. */
  readonly orphanMs: number;
  readonly onOrphaned: () => void;
}

/** Only the owner of the process may speak to it. */
const SOCKET_MODE = 0o600;

/**
 * Whoever said hello last is signalling: events go there. Others may ask (a census, say) and get
 * no events.
 */
export class ContractServer {
  readonly #options: ContractServerOptions;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #journal = new EventJournal();
  readonly #replies = new ReplyMemory();
  #signalling: Socket | undefined;
  #orphanTimer: NodeJS.Timeout | undefined;

  constructor(options: ContractServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    // Once it listens, this only tells that somebody could not be accepted: they try again.
    this.#server.on('error', ({ message }) =>
      options.log.warn('contract.cannot_accept', { message }),
    );
  }

  async listen(): Promise<void> {
    const { socketPath } = this.#options;
    // A socket left by a process that was killed: binding would fail for ever.
    if (existsSync(socketPath)) unlinkSync(socketPath);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath, resolve);
    });
    chmodSync(socketPath, SOCKET_MODE);
    this.#awaitSignalling();
  }

  publish(event: MediaEvent): void {
    const frame = this.#journal.append(event);
    this.#signalling?.write(encodeFrame(frame));
  }

  async close(): Promise<void> {
    clearTimeout(this.#orphanTimer);
    // Whoever closes waits for nobody to come back.
    this.#signalling = undefined;
    for (const socket of this.#connections) socket.end();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= MOST_CONTRACT_CONNECTIONS) {
      socket.destroy();
      return;
    }
    this.#connections.add(socket);
    const decoder = new FrameDecoder();
    socket.on('data', (chunk: Buffer) => {
      const frames = decoder.push(chunk);
      if (!frames.ok) return this.#refuse(socket, frames.fault.code);
      for (const frame of frames.value) if (!socket.destroyed) this.#take(socket, frame);
    });
    socket.on('error', (error) =>
      this.#options.log.warn('contract.broken', { why: error.message }),
    );
    socket.on('close', () => this.#lose(socket));
  }

  #take(socket: Socket, frame: ContractFrame): void {
    if (frame.frame === 'acknowledge') {
      this.#journal.acknowledge(frame.sequence);
    } else if (frame.frame === 'command') {
      const { id, command } = frame;
      const reply = this.#replies.replyTo(id, () => this.#options.execute(command));
      socket.write(encodeFrame({ frame: 'reply', id, reply }));
      if (command.op === 'hello' && reply.op === 'hello') this.#welcome(socket);
    } else {
      this.#refuse(socket, 'contract.wrong_direction');
    }
  }

  /** A new signalling process hears what no earlier one has acknowledged. */
  #welcome(socket: Socket): void {
    clearTimeout(this.#orphanTimer);
    if (this.#signalling !== undefined && this.#signalling !== socket) this.#signalling.end();
    this.#signalling = socket;
    for (const frame of this.#journal.kept) socket.write(encodeFrame(frame));
  }

  #refuse(socket: Socket, code: string): void {
    this.#options.log.warn('contract.refused', { code });
    socket.destroy();
  }

  #lose(socket: Socket): void {
    this.#connections.delete(socket);
    if (this.#signalling !== socket) return;
    this.#signalling = undefined;
    this.#options.log.warn('contract.signalling_lost');
    this.#awaitSignalling();
  }

  #awaitSignalling(): void {
    clearTimeout(this.#orphanTimer);
    this.#orphanTimer = setTimeout(() => this.#options.onOrphaned(), this.#options.orphanMs);
  }
}
