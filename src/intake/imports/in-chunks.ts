import { isEnding, type Ending, type Item } from '../formats/item.js';
import type { Chunk } from './chunk-intake.js';

export interface ChunkLimits {
  readonly items: number;
  /** Of the input; one item may lead beyond it. */
  readonly bytes: number;
  /** Maximum age of a chunk, counted from its first item, even if the sender is silent. */
  readonly ms: number;
}

/** The last chunk has the ending and may have no items. */
export interface GivenChunk {
  readonly chunk: Chunk;
  readonly ending?: Ending;
}

/**
 * Groups items until a limit is reached. One more item is already requested; when time is up it goes into the next chunk, so none is lost.
 */
export async function* inChunks(
  items: AsyncGenerator<Item>,
  limits: ChunkLimits,
): AsyncGenerator<GivenChunk> {
  let asked = ask(items);
  try {
    for (;;) {
      const chunk: Chunk[number][] = [];
      let bytes = 0;
      let item: Item | undefined = await asked;
      const { due, clear } = timer(limits.ms);
      while (item !== undefined && !isEnding(item)) {
        chunk.push(item);
        bytes += 'bytes' in item ? item.bytes : 0;
        asked = ask(items);
        if (chunk.length >= limits.items || bytes >= limits.bytes) break;
        item = await Promise.race([asked, due]);
      }
      clear();
      const ending = item !== undefined && isEnding(item) ? item : undefined;
      yield { chunk, ending };
      if (ending) return;
    }
  } finally {
    // Not awaited: it would wait behind a pending read from a silent sender.
    items.return(undefined).catch(() => undefined);
  }
}

function ask(items: AsyncGenerator<Item>): Promise<Item> {
  const asked = items.next().then(({ value, done }) => {
    if (done) throw new Error('the reader gave no ending');
    return value;
  });
  // The error is handled where it is awaited; it must not crash the process if storing the previous chunk failed.
  asked.catch(() => undefined);
  return asked;
}

function timer(ms: number): { due: Promise<undefined>; clear: () => void } {
  let clear = (): void => undefined;
  const due = new Promise<undefined>((resolve) => {
    const timeout = setTimeout(resolve, ms, undefined);
    clear = () => clearTimeout(timeout);
  });
  return { due, clear };
}
