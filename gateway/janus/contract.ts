/** What goes into the Janus face and what comes out of it, as values. */
import type {
  ClientAccountCommand,
  ClientAccountEvent,
} from '../account/client-accounts-contract.ts';
import type { IncomingLeg, LegCommand, LegEvent, LegId } from '../call/leg-contract.ts';
import type { Secret } from '../core/log.ts';
import type { JsonObject, JsonValue } from './json.ts';

/**
 * Names where an answer goes: a WebSocket for as long as it lives, or one HTTP request, which takes
 * one answer and is then forgotten.
 */
export type ConnectionId = string;

/** Who is at the other end of a connection. */
export interface ApiPeer {
  readonly address: string;
  readonly loopback: boolean;
  /** Over TLS. */
  readonly secure: boolean;
}

export type JanusInput =
  /** A request in JSON, over a WebSocket or in an HTTP body. */
  | {
      readonly type: 'request';
      readonly connection: ConnectionId;
      /** Whether events can be sent on this connection later. */
      readonly persistent: boolean;
      readonly peer: ApiPeer;
      readonly text: string;
      /** The ids in an HTTP path. */
      readonly path?: { readonly session?: number; readonly handle?: number };
      readonly wallClockMs: number;
    }
  /** An HTTP long poll. */
  | {
      readonly type: 'poll';
      readonly connection: ConnectionId;
      readonly session: number;
      /** Absent: one object; present: an array of at most so many. */
      readonly maximumEvents?: number;
      readonly apiSecret?: string;
      readonly token?: string;
      readonly wallClockMs: number;
    }
  /**
   * The WebSocket was closed, or the client of an HTTP request went away. `clean`: by the client's
   * own choice, as when its page is left, and not because the network failed.
   */
  | { readonly type: 'closed'; readonly connection: ConnectionId; readonly clean: boolean }
  | { readonly type: 'leg-command'; readonly leg: LegId; readonly command: LegCommand }
  | { readonly type: 'account-event'; readonly event: ClientAccountEvent }
  | { readonly type: 'call-facts'; readonly request: number; readonly facts: JsonObject };

export type JanusOutput =
  | { readonly type: 'send'; readonly connection: ConnectionId; readonly body: JsonValue }
  /** Answers an HTTP request with a bare status. */
  | { readonly type: 'refuse'; readonly connection: ConnectionId; readonly status: 403 | 404 }
  | { readonly type: 'incoming-leg'; readonly leg: IncomingLeg }
  | { readonly type: 'leg-event'; readonly leg: LegId; readonly event: LegEvent }
  | { readonly type: 'account-command'; readonly command: ClientAccountCommand }
  /** Asks what is known of a leg's call, to be given back as `call-facts`. */
  | { readonly type: 'inspect'; readonly leg: LegId; readonly request: number }
  /** A message about a leg, for its trace. */
  | {
      readonly type: 'trace';
      readonly leg: LegId;
      readonly direction: 'in' | 'out';
      readonly message: JsonObject;
    };

export interface JanusOptions {
  readonly apiSecret?: Secret;
  readonly tokens: readonly Secret[];
  /** Verifies tokens that carry their own expiry; absent where they are not in use. */
  readonly tokenSigningKey?: Secret;
  readonly sessionTimeoutMs: number;
  readonly reclaimTimeoutMs: number;
  readonly longPollMs: number;
  readonly candidatesTimeoutMs: number;
  readonly maximumSessions: number;
  readonly maximumHandlesPerSession: number;
  /** The configured interface that browsers' media legs use. */
  readonly mediaInterface: string;
  readonly serverName: string;
  readonly version: string;
}
