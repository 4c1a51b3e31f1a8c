import { ItemBytes } from './item-bytes.js';

const lineFeed = 0x0a;
const quote = 0x22;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface Line {
  line: number;
  /** Without the line feed; undefined if the line was too large. Valid until the next line is read. */
  bytes: Uint8Array | undefined;
  /** Of a line that was too large: whether it holds an odd number of quotes, so that a CSV cell is open at its end. */
  oddQuotes: boolean;
}

/** Cuts a stream of bytes at its line feeds (0x0A alone: U+2028 and a lone CR belong to the line). */
export class Lines {
  private readonly held: ItemBytes;
  private heldQuotes = 0;
  /** Number of complete lines so far. */
  private count = 0;

  constructor(maxBytes: number) {
    this.held = new ItemBytes(maxBytes);
  }

  /** The number of the current line. */
  get current(): number {
    return this.count + 1;
  }

  *push(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      yield this.lineEndingWith(chunk.subarray(start, end));
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    this.held.add(rest);
    this.heldQuotes += quotesIn(rest);
  }

  /** The last line, when no line feed follows it. */
  *end(): Generator<Line> {
    if (!this.held.isEmpty) yield this.lineEndingWith(Buffer.alloc(0));
  }

  private lineEndingWith(last: Buffer): Line {
    const bytes = this.held.take(last);
    const oddQuotes = bytes === undefined && (this.heldQuotes + quotesIn(last)) % 2 === 1;
    this.heldQuotes = 0;
    this.count += 1;
    return { line: this.count, bytes: this.count === 1 && bytes ? withoutMark(bytes) : bytes, oddQuotes };
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.equals(bytes.subarray(0, 3)) ? bytes.subarray(3) : bytes;
}

function quotesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) count += 1;
  return count;
}
