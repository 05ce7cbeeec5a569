/** A UDP network in memory: addresses, delay, loss, reordering and NATs, all by one seed. */
import { SeededRandom } from '../../../support/seeded-random.ts';

export interface NetworkDatagram {
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
}

export interface NetworkConditions {
  readonly delayMs: number;
  /** Added to the delay at random: what reorders. */
  readonly jitterMs: number;
  readonly lossShare: number;
  readonly duplicateShare: number;
}

export const CLEAN: NetworkConditions = {
  delayMs: 1,
  jitterMs: 0,
  lossShare: 0,
  duplicateShare: 0,
};

type Receiver = (datagram: NetworkDatagram, now: number) => void;

/** Addresses are `host:port`. Whatever is due is delivered by `deliver`, in order of time. */
export class SimulatedNetwork {
  conditions: NetworkConditions = CLEAN;
  /** Everything that was sent, for a third observer. */
  readonly sent: NetworkDatagram[] = [];
  readonly #receivers = new Map<string, Receiver>();
  /** Inside address to the outside one that a NAT shows. */
  readonly #outside = new Map<string, string>();
  readonly #inside = new Map<string, string>();
  readonly #random: SeededRandom;
  #queue: { at: number; datagram: NetworkDatagram }[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  attach(address: string, receiver: Receiver): void {
    this.#receivers.set(address, receiver);
  }

  detach(address: string): void {
    this.#receivers.delete(address);
  }

  isTaken(address: string): boolean {
    return this.#receivers.has(address);
  }

  /** From now on `inside` is seen as `outside`; what was seen before leads nowhere. */
  translate(inside: string, outside: string): void {
    const before = this.#outside.get(inside);
    if (before !== undefined) this.#inside.delete(before);
    this.#outside.set(inside, outside);
    this.#inside.set(outside, inside);
  }

  send(from: string, to: string, bytes: Uint8Array, now: number): void {
    const datagram = { from: this.#outside.get(from) ?? from, to, bytes: bytes.slice() };
    this.sent.push(datagram);
    const { delayMs, jitterMs, lossShare, duplicateShare } = this.conditions;
    const copies = this.#random.next() < duplicateShare ? 2 : 1;
    for (let i = 0; i < copies; i += 1) {
      const isLost = this.#random.next() < lossShare;
      const at = now + delayMs + this.#random.next() * jitterMs;
      if (!isLost) this.#queue.push({ at, datagram });
    }
  }

  nextAt(): number | undefined {
    return this.#queue.reduce<number | undefined>(
      (earliest, { at }) => (earliest === undefined || at < earliest ? at : earliest),
      undefined,
    );
  }

  deliver(now: number): void {
    const due = this.#queue.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    this.#queue = this.#queue.filter(({ at }) => at > now);
    for (const { datagram } of due) {
      const to = this.#inside.get(datagram.to) ?? datagram.to;
      this.#receivers.get(to)?.({ ...datagram, to }, now);
    }
  }
}
