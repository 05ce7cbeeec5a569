/** Names what goes wrong below single legs, within a second of its beginning. */
import type { Log } from '../core/log.ts';
import type { PacketCounters } from '../native/contract.ts';
import type { LoopCounters } from './packet-loop.ts';

/** Each counter that should stand still, with the name that its movement is logged under. */
const WATCHED: readonly (readonly [keyof PacketCounters, string])[] = [
  ['queueFull', 'media.send_queue_full'],
  ['sendWouldBlock', 'media.send_would_block'],
  ['sendNoBuffers', 'media.send_no_buffers'],
  ['sendErrors', 'media.send_failed'],
  ['receiveOverflows', 'media.receive_overflow'],
  ['truncated', 'media.datagram_truncated'],
];

export class HealthWatch {
  readonly #log: Log;
  #before: PacketCounters | undefined;
  #containedBefore = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Asked twice a second; a counter that moved is one line, however far it moved. */
  look(counters: PacketCounters, loop: LoopCounters): void {
    const before = this.#before;
    this.#before = counters;
    for (const [counter, name] of WATCHED) {
      const count = counters[counter] - (before?.[counter] ?? 0);
      if (count > 0) this.#log.warn(name, { count });
    }
    const contained = loop.contained - this.#containedBefore;
    this.#containedBefore = loop.contained;
    if (contained > 0) this.#log.error('media.throws_contained', { count: contained });
  }
}
