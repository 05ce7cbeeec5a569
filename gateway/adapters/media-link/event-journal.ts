/** Events in order, kept until they are acknowledged, up to a limit. */
import { MOST_KEPT_EVENTS } from '../../media/limits.ts';
import type { ContractFrame, MediaEvent } from '../../media-contract/contract.ts';

export type EventFrame = Extract<ContractFrame, { frame: 'event' }>;

export class EventJournal {
  readonly #kept: EventFrame[] = [];
  #last = 0;
  #givenUp = 0;

  /** Events that nobody acknowledged before the limit was reached. */
  get givenUp(): number {
    return this.#givenUp;
  }

  get kept(): readonly EventFrame[] {
    return this.#kept;
  }

  append(event: MediaEvent): EventFrame {
    this.#last += 1;
    const frame = { frame: 'event', sequence: this.#last, event } as const;
    this.#kept.push(frame);
    if (this.#kept.length > MOST_KEPT_EVENTS) {
      this.#kept.shift();
      this.#givenUp += 1;
    }
    return frame;
  }

  acknowledge(sequence: number): void {
    const rest = this.#kept.findIndex((frame) => frame.sequence > sequence);
    this.#kept.splice(0, rest < 0 ? this.#kept.length : rest);
  }
}
