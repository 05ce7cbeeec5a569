/** How a source is received: sequence, loss, jitter (RFC 3550 A.1, A.3, A.8). */
import { distance16 } from '../../core/serial.ts';

/** RFC 3550 A.1: farther ahead is another numbering, farther back too. */
const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;
const NO_SEQUENCE = -1;
/** RFC 3550 A.8: jitter gains a sixteenth of each difference. Counted in 256ths, it is exact. */
const PARTS = 256;
const GAINED_PARTS = 16;
const HALF = 8;

/** A packet that `jumped` counts for nothing; if the next goes on from it, that `restarted`. */
export type Sequencing = 'newer' | 'older' | 'jumped' | 'restarted';

export interface LossReport {
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitterUnits: number;
}

export class Reception {
  received = 0;
  #base = NO_SEQUENCE;
  #highest = 0;
  /** In 256ths of units of the RTP timestamp: whole numbers lie in the object itself. */
  #jitterParts = 0;
  #lastTimestamp = 0;
  #lastMicros = 0;
  #hasTransit = false;
  #cycles = 0;
  #expectedNext = NO_SEQUENCE;
  #expectedPrior = 0;
  #receivedPrior = 0;

  update(sequence: number): Sequencing {
    if (this.#base === NO_SEQUENCE) {
      this.#begin(sequence);
      return 'restarted';
    }
    const ahead = distance16(this.#highest, sequence);
    if (ahead > 0 && ahead < MAX_DROPOUT) {
      if (sequence < this.#highest) this.#cycles += 1;
      this.#highest = sequence;
      this.received += 1;
      return 'newer';
    }
    if (ahead <= 0 && ahead > -MAX_MISORDER) {
      this.received += 1;
      return 'older';
    }
    if (sequence !== this.#expectedNext) {
      this.#expectedNext = (sequence + 1) & 0xffff;
      return 'jumped';
    }
    this.#begin(sequence);
    return 'restarted';
  }

  /** Of media packets only: an event's packets all carry the timestamp of its start. */
  updateJitter(timestamp: number, arrivalMicros: number, clockRate: number): void {
    if (this.#hasTransit) {
      const arrivedAfter = ((arrivalMicros - this.#lastMicros) | 0) * (clockRate / 1e6);
      const sentAfter = (timestamp - this.#lastTimestamp) | 0;
      const difference = Math.round(Math.abs(arrivedAfter - sentAfter));
      // A pause in sending, or a clock that jumped, is no jitter.
      if (difference < clockRate) {
        const before = this.#jitterParts;
        this.#jitterParts = before + difference * GAINED_PARTS - ((before + HALF) >> 4);
      }
    }
    this.#hasTransit = true;
    this.#lastTimestamp = timestamp | 0;
    this.#lastMicros = arrivalMicros;
  }

  get jitterUnits(): number {
    return this.#jitterParts / PARTS;
  }

  /** Packets that the sequence numbers say were sent. */
  get expected(): number {
    if (this.#base === NO_SEQUENCE) return 0;
    return this.#cycles * 0x10000 + this.#highest - this.#base + 1;
  }

  get lost(): number {
    return this.expected - this.received;
  }

  /** Closes an interval: the fraction is of what was expected since the last report. */
  report(): LossReport {
    const expected = this.expected - this.#expectedPrior;
    const received = this.received - this.#receivedPrior;
    this.#expectedPrior = this.expected;
    this.#receivedPrior = this.received;
    const lost = expected - received;
    return {
      fractionLost:
        expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      cumulativeLost: this.lost,
      highestSequence: ((this.#cycles << 16) | this.#highest) >>> 0,
      jitterUnits: Math.round(this.jitterUnits),
    };
  }

  #begin(sequence: number): void {
    this.#base = sequence;
    this.#highest = sequence;
    this.#cycles = 0;
    this.received = 1;
    this.#expectedNext = NO_SEQUENCE;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#hasTransit = false;
  }
}
