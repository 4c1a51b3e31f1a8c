/**
 * Yields what `after` returns until it is null, and already calls it for the next item while the current one is being
 * used. `after(undefined)` returns the first item.
 */
export async function* prefetch<T>(after: (last: T | undefined) => Promise<T | null>): AsyncGenerator<T> {
  const start = (last: T | undefined): Promise<T | null> => {
    const made = after(last);
    // A rejection is handled when the item is requested.
    made.catch(() => undefined);
    return made;
  };
  let next = start(undefined);
  try {
    for (let one = await next; one !== null; one = await next) {
      next = start(one);
      yield one;
    }
  } finally {
    await next.catch(() => undefined);
  }
}
