/** Values that come when they come: kept until somebody asks, awaited for a bounded time. */

/** A loaded machine is slow; nothing that works takes so long. */
const PATIENCE_MS = 20_000;

/** What arrives, in order; each value is taken once. */
export class Inbox<T> {
  readonly #what: string;
  readonly #arrived: T[] = [];
  readonly #waiting: ((value: T) => void)[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  put(value: T): void {
    const taker = this.#waiting.shift();
    if (taker === undefined) this.#arrived.push(value);
    else taker(value);
  }

  take(withinMs = PATIENCE_MS): Promise<T> {
    const value = this.#arrived.shift();
    if (value !== undefined) return Promise.resolve(value);
    return inTime(new Promise<T>((resolve) => this.#waiting.push(resolve)), this.#what, withinMs);
  }
}

export async function inTime<T>(
  promise: Promise<T>,
  what: string,
  withinMs = PATIENCE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`waited in vain for ${what}`));
    timer = setTimeout(fail, withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
