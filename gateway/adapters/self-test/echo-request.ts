/** What the process of the test call is told on its standard input. */
import type { BoundAddresses } from '../../ops/self-test/answer-from-here.ts';

export interface EchoRequest {
  /** Of the Janus API, over WebSocket. */
  readonly url: string;
  readonly apiSecret?: string;
  readonly token?: string;
  readonly addresses: BoundAddresses;
}
