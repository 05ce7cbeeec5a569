/** Counts what was not let through, by reason, for statistics instead of log lines. */
import { MOST_REFUSAL_REASONS } from './limits.ts';

export class Refusals {
  readonly #counts = new Map<string, number>();

  count(reason: string): void {
    const before = this.#counts.get(reason);
    if (before === undefined && this.#counts.size >= MOST_REFUSAL_REASONS) return;
    this.#counts.set(reason, (before ?? 0) + 1);
  }

  toRecord(): { [reason: string]: number } {
    return Object.fromEntries(this.#counts);
  }
}
