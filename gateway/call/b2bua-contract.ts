/** The inputs and outputs of the back-to-back user agent, as plain values. */
import type {
  MediaCommand,
  MediaEvent,
  MediaProcessId,
  MediaReply,
} from '../media-contract/contract.ts';
import type { CallRecord } from './call-record.ts';
import type {
  CallId,
  Cause,
  IncomingLeg,
  LegCommand,
  LegEvent,
  LegId,
  Signalling,
} from './leg-contract.ts';

export type B2buaInput =
  | { readonly type: 'incoming'; readonly leg: IncomingLeg }
  | { readonly type: 'leg-event'; readonly leg: LegId; readonly event: LegEvent }
  | {
      readonly type: 'media-reply';
      readonly process: MediaProcessId;
      readonly id: string;
      readonly reply: MediaReply;
    }
  | {
      readonly type: 'media-event';
      readonly process: MediaProcessId;
      readonly event: MediaEvent;
    }
  /** A media process can take calls. */
  | { readonly type: 'media-up'; readonly process: MediaProcessId }
  /** A media process is gone with everything in it. */
  | { readonly type: 'media-down'; readonly process: MediaProcessId }
  /** An operator or an API ends one call. */
  | { readonly type: 'hang-up'; readonly call: CallId; readonly cause: Cause }
  /** Every call is ended and no new one is taken. */
  | { readonly type: 'stop'; readonly cause: Cause };

export type B2buaOutput =
  | {
      readonly type: 'leg-command';
      readonly signalling: Signalling;
      readonly leg: LegId;
      readonly command: LegCommand;
    }
  | {
      readonly type: 'media-command';
      readonly process: MediaProcessId;
      /** Unique for ever; the reply carries it. */
      readonly id: string;
      readonly command: MediaCommand;
    }
  /** An answered call changed: what would be needed to end it cleanly after a restart. */
  | {
      readonly type: 'recovery';
      readonly process: MediaProcessId;
      readonly call: CallId;
      readonly legs: readonly { readonly leg: LegId; readonly signalling: Signalling }[];
    }
  /** Something worth remembering of a call, for its trace and the log. */
  | { readonly type: 'fact'; readonly fact: CallFact }
  | { readonly type: 'record'; readonly record: CallRecord };

export interface CallFact {
  readonly call: CallId;
  readonly leg?: LegId;
  /** Dotted and stable: `call.routed`, `leg.answered`, `media.connected`. */
  readonly event: string;
  readonly fields: { readonly [name: string]: string | number | boolean };
}

/** What is alive, for leak checks and metrics. */
export interface CallCounts {
  readonly calls: number;
  readonly legs: number;
  readonly timers: number;
  readonly commands: number;
}
