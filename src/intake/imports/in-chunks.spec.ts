import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../formats/item.js';
import { inChunks } from './in-chunks.js';

const LIMITS = { items: 1_000, bytes: 4_000, ms: 50 };
const ENDING: Item = { line: 99, complete: true };
const of = (line: number, bytes = 1): Item => ({ line, bytes, value: {} });

/** A number is a pause in milliseconds. */
async function* sent(...parts: (Item | number)[]): AsyncGenerator<Item> {
  for (const part of parts) {
    if (typeof part === 'number') await sleep(part, undefined, { ref: false });
    else yield part;
  }
}

async function linesOf(items: AsyncGenerator<Item>): Promise<number[][]> {
  const chunks: number[][] = [];
  for await (const { chunk, ending } of inChunks(items, LIMITS)) {
    chunks.push(chunk.map(({ line }) => line));
    if (ending) expect(ending).toBe(ENDING);
  }
  return chunks;
}

describe(inChunks.name, () => {
  it('gives a chunk when its items have the bytes, or are as many as allowed', async () => {
    const large = [1, 2, 3, 4, 5].map((line) => of(line, 2_500));
    expect(await linesOf(sent(...large, ENDING))).toEqual([[1, 2], [3, 4], [5]]);
    const many = Array.from({ length: 2_001 }, (_, i) => of(i));
    expect((await linesOf(sent(...many, ENDING))).map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
  });

  it('counts refused items by number alone', async () => {
    const refused: Item = { line: 1, problem: { code: 'too_large', detail: 'x' } };
    expect(await linesOf(sent(refused, of(2, 3_999), ENDING))).toEqual([[1, 2]]);
  });

  it('gives what has come when the sender falls silent, and loses nothing that comes later', async () => {
    const items = sent(of(1), of(2), 200, of(3), 200, of(4), of(5), ENDING);
    expect(await linesOf(items)).toEqual([[1, 2], [3], [4, 5]]);
  });

  it('gives an ending alone when there is nothing before it', async () => {
    expect(await linesOf(sent(ENDING))).toEqual([[]]);
  });

  it('ends at once when a chunk cannot be stored while the sender is silent', async () => {
    const silent = async function* (): AsyncGenerator<Item> {
      yield of(1);
      await new Promise(() => undefined);
    };
    const storing = async (): Promise<void> => {
      for await (const { chunk } of inChunks(silent(), LIMITS))
        throw new Error(`no room for ${chunk.length}`);
    };
    await expect(storing()).rejects.toThrow('no room for 1');
  });

  it('passes on that reading failed', async () => {
    const failing = async function* (): AsyncGenerator<Item> {
      yield of(1);
      await Promise.reject(new Error('unreadable'));
    };
    await expect(linesOf(failing())).rejects.toThrow('unreadable');
  });
});
