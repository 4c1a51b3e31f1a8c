import { mergeAsync } from './merge-async.js';

describe(mergeAsync.name, () => {
  const ended: string[] = [];
  async function* source(name: string, values: readonly (number | Error)[]): AsyncGenerator<number> {
    try {
      for (const value of values) {
        await Promise.resolve();
        if (value instanceof Error) throw value;
        yield value;
      }
    } finally {
      ended.push(name);
    }
  }
  beforeEach(() => (ended.length = 0));

  it('yields everything from all sources', async () => {
    const found: number[] = [];
    for await (const value of mergeAsync([source('a', [1, 2, 3]), source('b', []), source('c', [4])]))
      found.push(value);
    expect(found.sort()).toEqual([1, 2, 3, 4]);
    expect(ended.sort()).toEqual(['a', 'b', 'c']);
  });

  it('closes all sources when the consumer stops', async () => {
    for await (const value of mergeAsync([source('a', [1, 2]), source('b', [3, 4])])) {
      expect(value).toBeGreaterThan(0);
      break;
    }
    expect(ended.sort()).toEqual(['a', 'b']);
  });

  it('rejects when a source fails, and closes the others', async () => {
    const all = async () => {
      for await (const value of mergeAsync([
        source('a', [1, new Error('broken')]),
        source('b', [2, 3, 4, 5]),
      ]))
        void value;
    };
    await expect(all()).rejects.toThrow('broken');
    expect(ended.sort()).toEqual(['a', 'b']);
  });
});
