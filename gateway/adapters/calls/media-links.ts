/** Signalling's links to every media process, and what is found there after a separation. */
import { fail } from '../../core/result.ts';
import type {
  MediaCommand,
  MediaEvent,
  MediaProcessId,
  MediaReply,
  SessionSnapshot,
} from '../../media-contract/contract.ts';
import { ContractClient } from '../media-link/contract-client.ts';

export interface MediaLinksPorts {
  event(process: MediaProcessId, event: MediaEvent): void;
  up(process: MediaProcessId): void;
  down(process: MediaProcessId): void;
  /** A session that the process has; true if a call of ours owns it. Others are closed. */
  found(process: MediaProcessId, session: SessionSnapshot): boolean;
}

export interface MediaLinkPlace {
  readonly id: MediaProcessId;
  readonly socket: string;
}

export class MediaLinks {
  readonly #clients = new Map<MediaProcessId, ContractClient>();
  readonly #ports: MediaLinksPorts;

  constructor(places: readonly MediaLinkPlace[], signallingEpoch: string, ports: MediaLinksPorts) {
    this.#ports = ports;
    for (const { id, socket } of places) {
      const client = new ContractClient({
        socketPath: socket,
        signallingEpoch,
        onEvent: (event) => ports.event(id, event),
        onLost: () => ports.down(id),
        onBack: () => void this.#reconcile(id),
      });
      this.#clients.set(id, client);
    }
  }

  start(): void {
    for (const client of this.#clients.values()) client.start();
  }

  /** Never rejects: what cannot be done is a fault. */
  execute(process: MediaProcessId, command: MediaCommand): Promise<MediaReply> {
    const client = this.#clients.get(process);
    if (client !== undefined) return client.execute(command);
    return Promise.resolve({ op: 'fault', fault: fail('media.lost', process).fault });
  }

  get ids(): readonly MediaProcessId[] {
    return [...this.#clients.keys()];
  }

  /** Processes that answer now. */
  get ready(): readonly MediaProcessId[] {
    return this.ids.filter((id) => this.#clients.get(id)?.isReady === true);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  /** New calls come only when the remains of former ones are known. */
  async #reconcile(process: MediaProcessId): Promise<void> {
    const reply = await this.execute(process, { op: 'snapshot' });
    if (reply.op === 'snapshot') {
      for (const session of reply.sessions) {
        if (this.#ports.found(process, session)) continue;
        void this.execute(process, { op: 'close-session', session: session.session });
      }
    }
    if (this.#clients.get(process)?.isReady === true) this.#ports.up(process);
  }
}
