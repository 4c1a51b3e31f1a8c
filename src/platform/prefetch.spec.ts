import { prefetch } from './prefetch.js';

describe(prefetch.name, () => {
  const upTo = (most: number, made: number[]) => (last: number | undefined) => {
    const next = (last ?? 0) + 1;
    if (next > most) return Promise.resolve(null);
    made.push(next);
    return Promise.resolve(next);
  };

  it('produces the next item while the current one is in use', async () => {
    const made: number[] = [];
    const seen: string[] = [];
    for await (const one of prefetch(upTo(3, made))) seen.push(`${one} of ${made.length}`);
    expect(seen).toEqual(['1 of 2', '2 of 3', '3 of 3']);
  });

  it('waits for the started item when the consumer stops', async () => {
    let ended = false;
    const slow = async (last: number | undefined) => {
      if (last === undefined) return 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended = true;
      throw new Error('nobody hears of it');
    };
    for await (const one of prefetch(slow)) if (one === 1) break;
    expect(ended).toBe(true);
  });

  it('rejects when the failed item is requested', async () => {
    const seen: number[] = [];
    const all = async () => {
      for await (const one of prefetch<number>((last) =>
        last === undefined ? Promise.resolve(1) : Promise.reject(new Error('no second')),
      ))
        seen.push(one);
    };
    await expect(all()).rejects.toThrow('no second');
    expect(seen).toEqual([1]);
  });
});
