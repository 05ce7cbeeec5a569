/** Which call's deadline comes first: a binary heap whose outdated entries are dropped lazily. */
import type { Millis } from '../core/time.ts';

interface Entry {
  readonly at: Millis;
  readonly id: string;
}

export class DeadlineQueue {
  /** The deadline in force of each id; heap entries that disagree are outdated. */
  readonly #inForce = new Map<string, Millis>();
  readonly #heap: Entry[] = [];

  get size(): number {
    return this.#inForce.size;
  }

  /** Sets, moves or (undefined) clears the deadline of `id`. */
  set(id: string, at: Millis | undefined): void {
    if (this.#inForce.get(id) === at) return;
    if (at === undefined) {
      this.#inForce.delete(id);
      return;
    }
    this.#inForce.set(id, at);
    this.#push({ at, id });
  }

  /** The earliest deadline in force. */
  earliest(): Millis | undefined {
    this.#dropOutdated();
    return this.#heap[0]?.at;
  }

  /** Takes an id whose deadline is not after `now`; its deadline is cleared. */
  takeDue(now: Millis): string | undefined {
    this.#dropOutdated();
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#inForce.delete(first.id);
    this.#removeFirst();
    return first.id;
  }

  #dropOutdated(): void {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#inForce.get(first.id) === first.at) return;
      this.#removeFirst();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (before(heap[parent]!, entry)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (before(last, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

/** Equal instants go by id, so that a restored queue yields the same order. */
function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.id <= b.id);
}
