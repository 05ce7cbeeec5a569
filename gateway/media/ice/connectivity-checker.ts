/** A minimal controlling checker towards a lite peer, which sends no checks (RFC 8445 §6.1.1). */
import { randomHex, randomUint32 } from '../../core/random.ts';
import type { Millis } from '../../core/time.ts';
import type { IceCredentials } from '../../media-contract/transport.ts';
import type { PathHandle, SocketHandle } from '../../native/contract.ts';
import { buildBindingRequest } from '../../wire/stun/build.ts';
import { hasIntegrity } from '../../wire/stun/integrity.ts';
import { type StunMessage, TRANSACTION_ID_BYTES } from '../../wire/stun/message.ts';
import { Task } from '../agenda.ts';
import type { Datagram } from '../datagram.ts';
import { type MediaEnvironment, sendCopy } from '../environment.ts';
import { MOST_CHECKED_CANDIDATES } from '../limits.ts';
import type { ContainmentUnit } from '../packet-loop.ts';
import { hostText, isSameAddress } from '../udp-address.ts';
import { hostPriority, type RemoteCandidate } from './candidates.ts';
import type { IceTuple } from './ice-agent.ts';

/** RFC 8445 §14.2: Ta between checks; consent is refreshed as RFC 7675 §5.1 asks. */
const PACE_MS = 50;
const RETRY_MS = 500;
const CONSENT_MS = 5_000;

export interface CheckerPorts {
  readonly socket: SocketHandle;
  readonly localUfrag: () => string;
  /** From now on, or no longer, an answer with this transaction id is ours. */
  readonly expectAnswer: (transactionId: string) => void;
  readonly expectNoAnswer: (transactionId: string) => void;
  readonly confirmed: (tuple: IceTuple, now: Millis) => void;
  readonly unit: ContainmentUnit;
}

interface Pair {
  readonly candidate: RemoteCandidate;
  readonly path: PathHandle;
  transactionId: string;
  dueAt: Millis;
  /** Where the pair leads, once it has been answered. */
  tuple: IceTuple | undefined;
}

export class ConnectivityChecker extends Task {
  readonly #environment: MediaEnvironment;
  readonly #ports: CheckerPorts;
  readonly #pairs: Pair[] = [];
  readonly #tieBreaker: bigint;
  #remote: IceCredentials | undefined;
  #nominated: Pair | undefined;
  #startedAt: Millis = 0;

  constructor(environment: MediaEnvironment, ports: CheckerPorts) {
    super();
    this.#environment = environment;
    this.#ports = ports;
    this.#tieBreaker = BigInt(`0x${randomHex(environment.random, 8)}`);
  }

  configure(remote: IceCredentials, now: Millis): void {
    if (this.#remote?.ufrag !== remote.ufrag) this.#nominated = undefined;
    this.#remote = remote;
    this.#startedAt = now;
    this.#environment.agenda.plan(this, now);
  }

  add(candidate: RemoteCandidate): void {
    const isKnown = this.#pairs.some((pair) =>
      isSameAddress(pair.candidate.address, candidate.address),
    );
    if (isKnown || this.#pairs.length >= MOST_CHECKED_CANDIDATES) return;
    const path = this.#environment.packetIo.openPath({
      socket: this.#ports.socket,
      remoteAddress: hostText(candidate.address),
      remotePort: candidate.address.port,
    });
    this.#pairs.push({ candidate, path, transactionId: '', dueAt: 0, tuple: undefined });
    this.#pairs.sort((a, b) => b.candidate.priority - a.candidate.priority);
    this.#environment.agenda.plan(this, this.#startedAt);
  }

  run(now: Millis): void {
    this.#environment.loop.contain(this.#ports.unit, now, () => {
      const candidates = this.#nominated === undefined ? this.#pairs : [this.#nominated];
      const due = candidates.find((pair) => pair.dueAt <= now);
      if (due !== undefined) this.#check(due, now);
      const next = Math.min(...candidates.map((pair) => pair.dueAt));
      if (Number.isFinite(next)) this.#environment.agenda.plan(this, Math.max(next, now + PACE_MS));
    });
  }

  /** An answer to one of our checks; anything else leaves no trace. */
  handleResponse(message: StunMessage, datagram: Datagram, now: Millis): void {
    const id = Buffer.from(message.transactionId).toString('hex');
    const pair = this.#pairs.find(
      (each) => each.transactionId === id && datagram.isFrom(each.candidate.address),
    );
    if (pair === undefined || message.class !== 'success' || this.#remote === undefined) return;
    if (!hasIntegrity(message, this.#remote.pwd)) return;
    this.#ports.expectNoAnswer(id);
    pair.transactionId = '';
    pair.tuple ??= {
      socket: datagram.socket,
      remote: datagram.remote(),
      local: datagram.local(),
      checkedAt: now,
      priority: pair.candidate.priority,
    };
    // Regular nomination: the first pair that works is checked once more, with USE-CANDIDATE.
    if (this.#nominated === undefined) {
      this.#nominated = pair;
      pair.dueAt = now;
      this.#environment.agenda.plan(this, now);
    } else if (this.#nominated === pair) {
      pair.dueAt = now + CONSENT_MS;
      this.#environment.agenda.plan(this, pair.dueAt);
      this.#ports.confirmed(pair.tuple, now);
    }
  }

  close(): void {
    this.#environment.agenda.cancel(this);
    for (const { path, transactionId } of this.#pairs) {
      this.#ports.expectNoAnswer(transactionId);
      this.#environment.packetIo.closePath(path);
    }
    this.#pairs.length = 0;
    this.#nominated = undefined;
  }

  #check(pair: Pair, now: Millis): void {
    if (this.#remote === undefined) return;
    const transactionId = this.#environment.random.bytes(TRANSACTION_ID_BYTES);
    this.#ports.expectNoAnswer(pair.transactionId);
    pair.transactionId = Buffer.from(transactionId).toString('hex');
    this.#ports.expectAnswer(pair.transactionId);
    pair.dueAt = now + RETRY_MS + (randomUint32(this.#environment.random) % PACE_MS);
    const request = buildBindingRequest({
      transactionId,
      username: `${this.#remote.ufrag}:${this.#ports.localUfrag()}`,
      key: this.#remote.pwd,
      priority: hostPriority(0),
      role: 'controlling',
      tieBreaker: this.#tieBreaker,
      useCandidate: pair === this.#nominated,
    });
    sendCopy(this.#environment.packetIo, pair.path, request);
  }
}
