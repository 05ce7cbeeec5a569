/** The way of every packet: a batch from the native layer, each datagram to its socket's sink. */
import type { Log } from '../core/log.ts';
import type { Millis } from '../core/time.ts';
import { type PacketIo, RECEIVE_SLOTS, type SocketHandle } from '../native/contract.ts';
import { Datagram } from './datagram.ts';

/** Whoever a datagram can hurt: a throw while it is handled ends this and nothing else. */
export interface ContainmentUnit {
  fail(error: unknown, now: Millis): void;
}

/** What takes the datagrams of one socket: a leg's port, a draining one, a port of many peers. */
export interface DatagramSink {
  /** Gives the unit that the datagram belonged to, found or not, through `loop.unit`. */
  receive(datagram: Datagram, now: Millis, loop: PacketLoop): void;
  /**
   * Reads here and there of what this datagram will need, and changes nothing; a sink that needs
   * little is without it. The number is for nobody: it keeps the compiler from leaving out reads.
   */
  fetchAhead?(datagram: Datagram): number;
}

export interface LoopCounters {
  truncated: number;
  /** Datagrams on a socket that nothing listens to any more. */
  unclaimed: number;
  /** Throws contained to one leg. */
  contained: number;
}

/**
 * Allocates nothing per packet, logs nothing, awaits nothing. A sink sets `unit` as soon as it
 * knows whose datagram it has; a throw after that is the unit's, one before it is ours.
 */
export class PacketLoop {
  readonly counters: LoopCounters = { truncated: 0, unclaimed: 0, contained: 0 };
  unit: ContainmentUnit | undefined;
  readonly #sinks = new Map<number, DatagramSink>();
  /** The sinks of the batch at hand. */
  readonly #taking: (DatagramSink | undefined)[] = new Array(RECEIVE_SLOTS).fill(undefined);
  readonly #datagram: Datagram;
  readonly #log: Log;
  /** How many there are in the batch at hand. */
  #count = 0;
  /** Of no meaning: what `fetchAhead` read has to go somewhere. */
  touched = 0;

  constructor(packetIo: Pick<PacketIo, 'arena' | 'receiveInfo'>, log: Log) {
    this.#datagram = new Datagram(packetIo);
    this.#log = log;
  }

  get sockets(): number {
    return this.#sinks.size;
  }

  listen(socket: SocketHandle, sink: DatagramSink): void {
    this.#sinks.set(socket, sink);
    this.#redirect(socket, sink);
  }

  forget(socket: SocketHandle): void {
    this.#sinks.delete(socket);
    this.#redirect(socket, undefined);
  }

  /** Takes the batch of `count` datagrams that lies in the shared memory. */
  receive(count: number, now: Millis): void {
    const datagram = this.#datagram;
    this.#count = count;
    this.#fetchAhead();
    for (let index = 0; index < count; index += 1) {
      datagram.point(index);
      const sink = this.#taking[index];
      this.#taking[index] = undefined;
      if (sink === undefined) this.counters.unclaimed += 1;
      else if (datagram.isTruncated) this.counters.truncated += 1;
      else this.#deliver(sink, datagram, now);
    }
    this.#count = 0;
  }

  /** Contains a throw of `work` to `unit`; also for what timers do. */
  contain(unit: ContainmentUnit, now: Millis, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(unit, error, now);
    }
  }

  /** What of the batch at hand is still to come has another sink now. */
  #redirect(socket: SocketHandle, sink: DatagramSink | undefined): void {
    for (let index = 0; index < this.#count; index += 1) {
      if (this.#datagram.socketOf(index) === socket) this.#taking[index] = sink;
    }
  }

  /**
   * Between two datagrams of a call, 20 ms apart, what is known of it has left the cache. Touched
   * for a whole batch at once, memory is waited for in parallel; packet by packet it would be one
   * wait after another.
   */
  #fetchAhead(): void {
    const datagram = this.#datagram;
    let touched = 0;
    for (let index = 0; index < this.#count; index += 1) {
      datagram.point(index);
      const sink = this.#sinks.get(datagram.socket);
      this.#taking[index] = sink;
      if (sink?.fetchAhead !== undefined) touched |= sink.fetchAhead(datagram);
    }
    this.touched = touched;
  }

  #deliver(sink: DatagramSink, datagram: Datagram, now: Millis): void {
    this.unit = undefined;
    try {
      sink.receive(datagram, now, this);
    } catch (error) {
      if (this.unit === undefined) throw error;
      this.#fail(this.unit, error, now);
    }
  }

  #fail(unit: ContainmentUnit, error: unknown, now: Millis): void {
    this.counters.contained += 1;
    this.#log.error('media.contained', { error: describe(error) });
    unit.fail(error, now);
  }
}

/** A throw in words: the stable code of a native error before its message, and where it was. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? `${String(error.code)}: ` : '';
  const [, at = ''] = (error.stack ?? '').split('\n');
  return `${code}${error.message} ${at.trim()}`.trim();
}
