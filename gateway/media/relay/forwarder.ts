/** Whoever passes an m-line's packets on, as the m-line sees it. */
import type { Millis } from '../../core/time.ts';
import type { ContainmentUnit } from '../packet-loop.ts';
import type { ReceivedStream } from './received-stream.ts';

export interface Forwarder {
  /** The leg that the packets go to. */
  readonly towards: ContainmentUnit;
  /** The octets are the forwarder's to change. */
  forward(
    bytes: Uint8Array,
    offset: number,
    length: number,
    stream: ReceivedStream,
    now: Millis,
  ): void;
  /** Touches what the next packet will need (`DatagramSink` tells why). */
  fetchAhead(): number;
  /** The stream will not come again. */
  forget(stream: ReceivedStream): void;
  close(): void;
}
