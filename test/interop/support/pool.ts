/** Works through a list a few at a time, so that rows may overlap as far as the machine bears. */

/** Starts at once; gives a promise for each item, in order, which settles when its work does. */
export function workThrough<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): readonly Promise<R>[] {
  const waiting = items.map((item) => ({ item, ...Promise.withResolvers<R>() }));
  const queue = [...waiting];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await work(next.item).then(next.resolve, next.reject);
    }
  };
  for (let count = 0; count < atOnce; count += 1) void worker();
  // A failure is told to whoever awaits that item, which may be much later.
  for (const { promise } of waiting) promise.catch(() => {});
  return waiting.map(({ promise }) => promise);
}
