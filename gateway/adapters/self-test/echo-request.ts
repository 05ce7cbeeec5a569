/** What the process of the test call is told on its standard input, and what it writes. */
import type { EchoFacts } from '../../ops/self-test/echo-verdict.ts';

export interface EchoRequest {
  /** Of the Janus API, over WebSocket. */
  readonly url: string;
  readonly apiSecret?: string;
}

export type EchoReply =
  | { readonly ok: true; readonly facts: EchoFacts }
  | { readonly ok: false; readonly detail: string };
