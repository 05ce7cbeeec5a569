/** Which SSRC of an m-line is passed on when more than one arrives. */
import type { Millis } from '../../core/time.ts';
import type { ReceivedStream } from './received-stream.ts';

/** A source silent for longer than this has stopped: the next one takes its place at once. */
const STOPPED_MS = 60;
/** So many packets of another source without one of the present one say the same. */
const TAKEOVER_RUN = 2;

/** One source at a time: two in turns would be neither. */
export class StreamSelection {
  #current: ReceivedStream | undefined;
  #currentAt: Millis = 0;
  #challenger: ReceivedStream | undefined;
  #run = 0;

  get current(): ReceivedStream | undefined {
    return this.#current;
  }

  /** Whether a packet of `stream` is to be passed on. */
  admits(stream: ReceivedStream, now: Millis): boolean {
    if (stream === this.#current) {
      this.#currentAt = now;
      this.#run = 0;
      return true;
    }
    this.#run = stream === this.#challenger ? this.#run + 1 : 1;
    this.#challenger = stream;
    const hasStopped = this.#current === undefined || now - this.#currentAt > STOPPED_MS;
    if (!hasStopped && this.#run < TAKEOVER_RUN) return false;
    this.#current = stream;
    this.#currentAt = now;
    this.#run = 0;
    return true;
  }

  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number {
    return this.#run;
  }

  forget(stream: ReceivedStream): void {
    if (this.#current === stream) this.#current = undefined;
    if (this.#challenger === stream) this.#challenger = undefined;
  }
}
