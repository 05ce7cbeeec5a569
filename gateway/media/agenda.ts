/** What is due when, for every leg of a media process, behind the one timer that it has. */
import type { Millis } from '../core/time.ts';

/** Something with a next instant. It stands in at most one agenda, and at most once. */
export abstract class Task {
  /** Kept by the agenda: its place in the heap, or NOT_PLANNED. */
  place = NOT_PLANNED;
  /** Kept by the agenda: when it is due. */
  dueAt: Millis = 0;
  abstract run(now: Millis): void;
}

const NOT_PLANNED = -1;

/** What need not be punctual wakes the process at most once in so many milliseconds. */
const LOOSE_GRID_MS = 50;

/** A binary heap of tasks, earliest first. Planning a task again moves it. */
export class Agenda {
  readonly #heap: Task[] = [];

  get size(): number {
    return this.#heap.length;
  }

  deadline(): Millis | undefined {
    return this.#heap[0]?.dueAt;
  }

  plan(task: Task, dueAt: Millis): void {
    task.dueAt = dueAt;
    if (task.place === NOT_PLANNED) {
      task.place = this.#heap.length;
      this.#heap.push(task);
    }
    this.#settle(task);
  }

  /** Plans a task that may be some milliseconds late, together with others like it. */
  planLoosely(task: Task, dueAt: Millis): void {
    this.plan(task, Math.ceil(dueAt / LOOSE_GRID_MS) * LOOSE_GRID_MS);
  }

  cancel(task: Task): void {
    const { place } = task;
    if (place === NOT_PLANNED) return;
    task.place = NOT_PLANNED;
    const last = this.#heap.pop()!;
    if (last === task) return;
    this.#put(last, place);
    this.#settle(last);
  }

  /** Takes the earliest task off and gives it if it is due; the caller runs it. */
  takeDue(now: Millis): Task | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.dueAt > now) return undefined;
    this.cancel(first);
    return first;
  }

  #settle(task: Task): void {
    let { place } = task;
    while (place > 0) {
      const parent = this.#heap[(place - 1) >> 1]!;
      if (parent.dueAt <= task.dueAt) break;
      this.#put(parent, place);
      place = (place - 1) >> 1;
    }
    for (;;) {
      const child = this.#earlierChild(place);
      if (child === undefined || child.dueAt >= task.dueAt) break;
      const childPlace = child.place;
      this.#put(child, place);
      place = childPlace;
    }
    this.#put(task, place);
  }

  #earlierChild(place: number): Task | undefined {
    const left = this.#heap[2 * place + 1];
    const right = this.#heap[2 * place + 2];
    if (left === undefined || right === undefined) return left;
    return left.dueAt <= right.dueAt ? left : right;
  }

  #put(task: Task, place: number): void {
    this.#heap[place] = task;
    task.place = place;
  }
}
