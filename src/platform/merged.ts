/** What several sources bring, as it comes; who stops asking ends all of them, and the failure of one is that of the whole. */
export async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = (source: AsyncGenerator<T>) => {
    const coming = source.next().then((result) => ({ source, result }));
    // Its failure is met when it is waited for.
    coming.catch(() => undefined);
    return coming;
  };
  const waiting = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (waiting.size > 0) {
      const { source, result } = await Promise.race(waiting.values());
      if (result.done === true) waiting.delete(source);
      else {
        waiting.set(source, next(source));
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled(sources.map((source) => source.return(undefined)));
  }
}
