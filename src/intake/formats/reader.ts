import { type Item, type Problem } from './item.js';

/** Turns chunks into items, synchronously: what one chunk completes is taken before the next chunk is asked for. */
export interface Reader {
  push(chunk: Buffer): Iterable<Item>;
  /** The input ended by itself. */
  end(): Iterable<Item>;
  /** Where reading stands, to say where the input broke off. */
  readonly line: number;
  /** Set when nothing more can be read. */
  readonly brokeOff: Problem | undefined;
}
