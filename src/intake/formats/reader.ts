import { type Item, type Problem } from './item.js';

/** Turns chunks into items, synchronously: what one chunk completes is taken before the next chunk is asked for. */
export interface Reader {
  push(chunk: Buffer): Iterable<Item>;
  /** The input ended. */
  end(): Iterable<Item>;
  /** The current position, to report where the input ended. */
  readonly line: number;
  /** Set if nothing more can be read. */
  readonly brokeOff: Problem | undefined;
}
