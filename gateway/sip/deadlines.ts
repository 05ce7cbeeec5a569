/** The endpoint's timers: one deadline per key, the earliest first, in an indexed binary heap. */
import type { Millis } from '../core/time.ts';

interface Entry {
  readonly key: string;
  at: Millis;
}

/**
 * Setting and clearing cost O(log n), so 5,000 standing calls cost nothing per message. Ties go
 * by key, so that the order does not depend on history and a restored endpoint behaves the same.
 */
export class Deadlines {
  readonly #heap: Entry[] = [];
  readonly #position = new Map<string, number>();

  get size(): number {
    return this.#heap.length;
  }

  get earliest(): Millis | undefined {
    return this.#heap[0]?.at;
  }

  /** Sets, moves or, with undefined, clears the deadline of `key`. */
  set(key: string, at: Millis | undefined): void {
    const position = this.#position.get(key);
    if (at === undefined) {
      if (position !== undefined) this.#remove(position);
    } else if (position === undefined) {
      this.#heap.push({ key, at });
      this.#position.set(key, this.#heap.length - 1);
      this.#rise(this.#heap.length - 1);
    } else {
      this.#heap[position]!.at = at;
      this.#rise(position);
      this.#sink(position);
    }
  }

  /** Takes out the key whose deadline is earliest and not after `now`. */
  takeDue(now: Millis): string | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > now) return undefined;
    this.#remove(0);
    return first.key;
  }

  #remove(position: number): void {
    const last = this.#heap.pop()!;
    const gone = position === this.#heap.length ? last : this.#heap[position]!;
    this.#position.delete(gone.key);
    if (gone === last) return;
    this.#place(last, position);
    this.#rise(position);
    this.#sink(this.#position.get(last.key)!);
  }

  #rise(from: number): void {
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      if (!this.#precedes(position, parent)) return;
      this.#swap(position, parent);
      position = parent;
    }
  }

  #sink(from: number): void {
    let position = from;
    for (;;) {
      let least = position;
      for (const child of [2 * position + 1, 2 * position + 2]) {
        if (child < this.#heap.length && this.#precedes(child, least)) least = child;
      }
      if (least === position) return;
      this.#swap(position, least);
      position = least;
    }
  }

  #precedes(a: number, b: number): boolean {
    const left = this.#heap[a]!;
    const right = this.#heap[b]!;
    return left.at < right.at || (left.at === right.at && left.key < right.key);
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a]!;
    this.#place(this.#heap[b]!, a);
    this.#place(left, b);
  }

  #place(entry: Entry, position: number): void {
    this.#heap[position] = entry;
    this.#position.set(entry.key, position);
  }
}
