/**
 * What `after` makes one after the other (null: there is no more), each while its predecessor is made use of. `after(undefined)` makes the
 * first.
 */
export async function* oneAhead<T>(after: (last: T | undefined) => Promise<T | null>): AsyncGenerator<T> {
  const start = (last: T | undefined): Promise<T | null> => {
    const made = after(last);
    // Its failure is met when it is asked for.
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
