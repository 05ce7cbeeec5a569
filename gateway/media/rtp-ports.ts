/** Even RTP ports with RTCP beside them (RFC 3550 §11): given out in turn, drained after. */
import { type Fault, fail, type Result, succeed } from '../core/result.ts';
import type { Millis } from '../core/time.ts';
import type { PacketIo, SocketHandle } from '../native/contract.ts';
import { type Agenda, Task } from './agenda.ts';
import type { DatagramSink, PacketLoop } from './packet-loop.ts';

export interface RtpPortPair {
  readonly port: number;
  readonly rtp: SocketHandle;
  /** Absent where RTCP shares the RTP port. */
  readonly rtcp: SocketHandle | undefined;
}

export interface PortCounts {
  readonly inUse: number;
  readonly draining: number;
  readonly free: number;
}

export interface RtpPortsPorts {
  readonly packetIo: PacketIo;
  readonly loop: PacketLoop;
  readonly agenda: Agenda;
}

/** A port that carried media is quiet when nothing has come for so long, and not sooner than … */
const QUIET_MS = 5_000;
const SHORTEST_DRAIN_MS = 30_000;
const LONGEST_DRAIN_MS = 600_000;
/** One that never received anything only waits for what may be on its way. */
const UNUSED_DRAIN_MS = 5_000;
/** DSCP EF in the traffic class octet (RFC 3246): voice. */
export const EXPEDITED_FORWARDING = 0xb8;
/** Foreign sockets may sit on some ports of the range; after so many it is no accident. */
const MOST_TRIES = 64;
const ADDRESS_IN_USE = 'native.address_in_use';

/** The ports of one bind address. First in, first out, so that a freed port rests the longest. */
export class RtpPorts {
  readonly #ports: RtpPortsPorts;
  readonly #address: string;
  readonly #free: number[] = [];
  /** Where the queue begins in `#free`, which is compacted now and then. */
  #head = 0;
  #inUse = 0;
  #draining = 0;

  constructor(ports: RtpPortsPorts, address: string, first: number, last: number) {
    this.#ports = ports;
    this.#address = address;
    for (let port = first + (first & 1); port + 1 <= last; port += 2) this.#free.push(port);
  }

  counts(): PortCounts {
    const free = this.#free.length - this.#head;
    return { inUse: this.#inUse, draining: this.#draining, free };
  }

  /** Faults: `media.no_ports`, or the code of the native error. */
  open(withRtcp: boolean): Result<RtpPortPair> {
    const tries = Math.min(MOST_TRIES, this.#free.length - this.#head);
    for (let i = 0; i < tries; i += 1) {
      const port = this.#takeFirst();
      const pair = this.#bind(port, withRtcp);
      if (pair.ok) {
        this.#inUse += 1;
        return pair;
      }
      this.#free.push(port);
      if (pair.fault.code !== ADDRESS_IN_USE) return pair;
    }
    return fail('media.no_ports', `none of ${this.#address} could be bound`);
  }

  /** Takes a pair back: it discards what still arrives until it is quiet, then closes. */
  release(pair: RtpPortPair, hasCarriedMedia: boolean, now: Millis): void {
    this.#inUse -= 1;
    this.#draining += 1;
    const drain = new Drain(now, hasCarriedMedia, (at) => this.#drained(pair, drain, at));
    this.#ports.loop.listen(pair.rtp, drain);
    if (pair.rtcp !== undefined) this.#ports.loop.listen(pair.rtcp, drain);
    this.#ports.agenda.plan(drain, drain.endsAt());
  }

  #drained(pair: RtpPortPair, drain: Drain, now: Millis): void {
    if (drain.endsAt() > now) {
      this.#ports.agenda.plan(drain, drain.endsAt());
      return;
    }
    this.#close(pair.rtp);
    if (pair.rtcp !== undefined) this.#close(pair.rtcp);
    this.#draining -= 1;
    this.#free.push(pair.port);
  }

  #close(socket: SocketHandle): void {
    this.#ports.loop.forget(socket);
    this.#ports.packetIo.closeSocket(socket);
  }

  #takeFirst(): number {
    const port = this.#free[this.#head]!;
    this.#head += 1;
    if (this.#head * 2 > this.#free.length) {
      this.#free.splice(0, this.#head);
      this.#head = 0;
    }
    return port;
  }

  #bind(port: number, withRtcp: boolean): Result<RtpPortPair> {
    const rtp = this.#openSocket(port);
    if (!rtp.ok) return rtp;
    if (!withRtcp) return succeed({ port, rtp: rtp.value, rtcp: undefined });
    const rtcp = this.#openSocket(port + 1);
    if (!rtcp.ok) {
      this.#ports.packetIo.closeSocket(rtp.value);
      return rtcp;
    }
    return succeed({ port, rtp: rtp.value, rtcp: rtcp.value });
  }

  #openSocket(port: number): Result<SocketHandle> {
    try {
      const { handle } = this.#ports.packetIo.openSocket({
        address: this.#address,
        port,
        trafficClass: EXPEDITED_FORWARDING,
      });
      return succeed(handle);
    } catch (error) {
      return { ok: false, fault: nativeFault(error) };
    }
  }
}

/** A native error that a resource is not there; anything else is a mistake and thrown on. */
export function nativeFault(error: unknown): Fault {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { code: error.code, detail: error.message };
  }
  throw error;
}

/** Discards what arrives on a freed port and knows when that has gone on long enough. */
class Drain extends Task implements DatagramSink {
  readonly #since: Millis;
  readonly #hasCarriedMedia: boolean;
  readonly #onDue: (now: Millis) => void;
  #heardAt: Millis;

  constructor(now: Millis, hasCarriedMedia: boolean, onDue: (now: Millis) => void) {
    super();
    this.#since = now;
    this.#heardAt = now;
    this.#hasCarriedMedia = hasCarriedMedia;
    this.#onDue = onDue;
  }

  receive(_datagram: unknown, now: Millis): void {
    this.#heardAt = now;
  }

  run(now: Millis): void {
    this.#onDue(now);
  }

  endsAt(): Millis {
    const wasUsed = this.#hasCarriedMedia || this.#heardAt > this.#since;
    if (!wasUsed) return this.#since + UNUSED_DRAIN_MS;
    const quietAt = Math.max(this.#heardAt + QUIET_MS, this.#since + SHORTEST_DRAIN_MS);
    return Math.min(quietAt, this.#since + LONGEST_DRAIN_MS);
  }
}
