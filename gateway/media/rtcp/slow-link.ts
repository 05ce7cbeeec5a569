/** Notices that an m-line loses packets, in either direction, and says so now and then. */
import type { Millis } from '../../core/time.ts';
import type { ReceivedStream } from '../relay/received-stream.ts';

/** So many lost since the last look are worth telling … */
const LOSS_WORTH_TELLING = 4;
/** … at most this often in one direction. */
const INTERVAL_MS = 2_000;
const NEVER = Number.NEGATIVE_INFINITY;

export class SlowLink {
  #toldDownAt: Millis = NEVER;
  #toldUpAt: Millis = NEVER;
  #lostBefore = 0;

  /** Gives the packets lost on the way to us since it was last asked, or 0 if that is no news. */
  downlink(streams: readonly ReceivedStream[], now: Millis): number {
    let lost = 0;
    for (const { reception } of streams) lost += Math.max(0, reception.lost);
    const lately = lost - this.#lostBefore;
    this.#lostBefore = lost;
    if (lately < LOSS_WORTH_TELLING || now - this.#toldDownAt < INTERVAL_MS) return 0;
    this.#toldDownAt = now;
    return lately;
  }

  /** The same for what we send, with what the peer's last report counted. */
  uplink(lostLately: number, now: Millis): number {
    if (lostLately < LOSS_WORTH_TELLING || now - this.#toldUpAt < INTERVAL_MS) return 0;
    this.#toldUpAt = now;
    return lostLately;
  }
}
