/** Drives the packet plane of one process: batches in, timers out, one clock for both. */
import type { CodecLibrary } from '../../../transcoder/codec.ts';
import type { Log } from '../../core/log.ts';
import { type Random, randomHex } from '../../core/random.ts';
import type { Clock, Millis } from '../../core/time.ts';
import { Agenda } from '../../media/agenda.ts';
import type { Census } from '../../media/census.ts';
import { MediaEngine } from '../../media/engine.ts';
import { HealthWatch } from '../../media/health-watch.ts';
import type { MediaProcessOptions } from '../../media/options.ts';
import { PacketLoop } from '../../media/packet-loop.ts';
import { ReadPacing } from '../../media/read-pacing.ts';
import type { MediaCommand, MediaEvent, MediaReply } from '../../media-contract/contract.ts';
import type { NativeAddon, PacketIo } from '../../native/contract.ts';

/** Work of timers may take so long before packets have their turn again. */
const TURN_BUDGET_MS = 1;
/**
 * A timer that is so late shows that the process stood still: what came meanwhile is read first.
 */
const LATE_TURN_MS = 3;
const HEALTH_INTERVAL_MS = 500;
const EPOCH_OCTETS = 8;
const LONGEST_TIMER_MS = 60_000;

export interface MediaDriverPorts {
  readonly addon: NativeAddon;
  readonly codecs: CodecLibrary;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly census: Census;
  readonly onEvent: (event: MediaEvent) => void;
}

export class MediaDriver {
  readonly #clock: Clock;
  readonly #startedAt: Millis;
  readonly #packetIo: PacketIo;
  readonly #loop: PacketLoop;
  readonly #engine: MediaEngine;
  readonly #pacing = new ReadPacing();
  readonly #health: HealthWatch;
  #timer: NodeJS.Timeout | undefined;
  #timerAt: Millis = Number.POSITIVE_INFINITY;
  #healthTimer: NodeJS.Timeout | undefined;
  #isTurnOwed = false;

  constructor(options: MediaProcessOptions, ports: MediaDriverPorts) {
    const { addon, clock, log, random } = ports;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#packetIo = addon.openPacketIo();
    this.#loop = new PacketLoop(this.#packetIo, log);
    const dtls = addon.openDtls();
    this.#engine = new MediaEngine({
      options,
      packetIo: this.#packetIo,
      srtp: addon.openSrtp(this.#packetIo.arena),
      dtls,
      identity: dtls.createIdentity(),
      codecs: ports.codecs,
      agenda: new Agenda(),
      loop: this.#loop,
      random,
      log,
      wallClockOriginMs: clock.wallClockMs(),
      census: ports.census,
      emit: ports.onEvent,
      epoch: randomHex(random, EPOCH_OCTETS),
    });
    this.#health = new HealthWatch(log);
  }

  /** Binds the WebRTC port and begins to read. Throws the native error if that cannot be. */
  start(): void {
    this.#engine.start();
    this.#packetIo.start((count) => this.#receive(count));
    this.#healthTimer = setInterval(() => this.#watch(), HEALTH_INTERVAL_MS);
  }

  execute(command: MediaCommand): MediaReply {
    const reply = this.#engine.execute(command, this.#now());
    this.#packetIo.flush();
    this.#planTimer();
    return reply;
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#healthTimer);
    this.#engine.close(this.#now());
    this.#packetIo.flush();
    this.#packetIo.close();
  }

  /**
   * Whole milliseconds since the start. What a packet leaves behind of them are then small
   * integers, which lie in their objects (for the first 24 days); a fraction would lie elsewhere,
   * and that memory would have to be fetched for every packet.
   */
  #now(): Millis {
    return Math.floor(this.#clock.now() - this.#startedAt);
  }

  #receive(count: number): void {
    const now = this.#now();
    this.#loop.receive(count, now);
    if (this.#pacing.note(count, now)) this.#packetIo.setReadInterval(this.#pacing.interval);
    this.#planTimer();
  }

  /** One timer for everything that is due, set again only when something is due sooner. */
  #planTimer(): void {
    const deadline = this.#engine.deadline();
    if (deadline === undefined || deadline >= this.#timerAt || this.#isTurnOwed) return;
    clearTimeout(this.#timer);
    const wait = Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - this.#now()));
    this.#timerAt = deadline;
    this.#timer = setTimeout(() => this.#turn(), wait);
  }

  /** What does not fit into one turn waits until the packets that came meanwhile have been read. */
  #turn(): void {
    this.#isTurnOwed = false;
    const startedAt = this.#now();
    const isLate = startedAt - this.#timerAt > LATE_TURN_MS;
    this.#timerAt = Number.POSITIVE_INFINITY;
    if (isLate) {
      this.#isTurnOwed = true;
      setImmediate(() => this.#turn());
      return;
    }
    let now = startedAt;
    while (this.#engine.handleTimeout(now)) {
      now = this.#now();
      if (now - startedAt >= TURN_BUDGET_MS) break;
    }
    this.#packetIo.flush();
    const deadline = this.#engine.deadline();
    if (deadline !== undefined && deadline <= now) {
      this.#isTurnOwed = true;
      setImmediate(() => this.#turn());
      return;
    }
    this.#planTimer();
  }

  #watch(): void {
    const now = this.#now();
    if (this.#pacing.note(0, now)) this.#packetIo.setReadInterval(this.#pacing.interval);
    this.#health.look(this.#packetIo.counters(), this.#loop.counters);
  }
}
