/** Drives the call layer: one timer, and outputs to SIP, browsers, media, traces and the log. */

import type { ClientAccountEvent } from '../../account/client-accounts-contract.ts';
import type { B2buaOutput, CallFact } from '../../call/b2bua-contract.ts';
import type { CallRecord } from '../../call/call-record.ts';
import type { LegCommand, LegId } from '../../call/leg-contract.ts';
import type { Switchboard, SwitchboardInput, SwitchboardOutput } from '../../call/switchboard.ts';
import type { Clock } from '../../core/time.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { MediaCommand, MediaProcessId, MediaReply } from '../../media-contract/contract.ts';
import type { SipCommand } from '../../sip/endpoint-contract.ts';

/** The rest of signalling, as the call layer needs it. */
export interface CallSinks {
  sip(command: SipCommand): void;
  janus(leg: LegId, command: LegCommand): void;
  accountEvent(event: ClientAccountEvent): void;
  /** Never rejects. */
  media(process: MediaProcessId, command: MediaCommand): Promise<MediaReply>;
  recovery(output: Extract<B2buaOutput, { type: 'recovery' }>): void;
  fact(fact: CallFact): void;
  record(record: CallRecord): void;
}

/** The longest that a timer may sleep, so that a suspended machine wakes up soon. */
const MAX_SLEEP_MS = 60_000;

export class CallDriver {
  readonly #switchboard: Switchboard;
  readonly #clock: Clock;
  readonly #sinks: CallSinks;
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;

  constructor(switchboard: Switchboard, clock: Clock, sinks: CallSinks) {
    this.#switchboard = switchboard;
    this.#clock = clock;
    this.#sinks = sinks;
  }

  /** May be called from within a sink; outputs are then drained by the call that is under way. */
  feed(input: SwitchboardInput): void {
    this.#switchboard.handle(input, this.#clock.now());
    this.#drain();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      const board = this.#switchboard;
      for (let output = board.poll(); output !== undefined; output = board.poll()) {
        this.#carryOut(output);
      }
    } finally {
      this.#isDraining = false;
    }
    this.#wake();
  }

  #carryOut(output: SwitchboardOutput): void {
    switch (output.type) {
      case 'sip':
        return this.#sinks.sip(output.command);
      case 'janus':
        return this.#sinks.janus(output.leg, output.command);
      case 'account-event':
        return this.#sinks.accountEvent(output.event);
      case 'media-command':
        return this.#execute(output);
      case 'recovery':
        return this.#sinks.recovery(output);
      case 'fact':
        return this.#sinks.fact(output.fact);
      case 'record':
        return this.#sinks.record(output.record);
      default:
        return unreachable(output);
    }
  }

  #execute({ process, id, command }: Extract<SwitchboardOutput, { type: 'media-command' }>): void {
    void this.#sinks.media(process, command).then((reply) => {
      this.feed({ type: 'media-reply', process, id, reply });
    });
  }

  #wake(): void {
    clearTimeout(this.#timer);
    const deadline = this.#switchboard.deadline();
    if (deadline === undefined) return;
    const delay = Math.max(0, Math.ceil(deadline - this.#clock.now()));
    this.#timer = setTimeout(
      () => {
        this.#switchboard.handleTimeout(this.#clock.now());
        this.#drain();
      },
      Math.min(delay, MAX_SLEEP_MS),
    );
  }
}
