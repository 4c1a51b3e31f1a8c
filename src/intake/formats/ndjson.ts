import { type Item } from './item.js';
import { type Line, Lines } from './lines.js';
import { decodeUtf8, invalidUtf8, parseJson, tooLarge } from './parse-json.js';
import { type Reader } from './reader.js';

export class NdjsonReader implements Reader {
  readonly brokeOff = undefined;
  private readonly lines: Lines;

  constructor(private readonly maxItemBytes: number) {
    this.lines = new Lines(maxItemBytes);
  }

  get line(): number {
    return this.lines.current;
  }

  *push(chunk: Buffer): Generator<Item> {
    for (const line of this.lines.push(chunk)) {
      const item = this.read(line);
      if (item) yield item;
    }
  }

  *end(): Generator<Item> {
    for (const line of this.lines.end()) {
      const item = this.read(line);
      if (item) yield item;
    }
  }

  private read({ line, bytes }: Line): Item | undefined {
    if (!bytes) return { line, problem: tooLarge(this.maxItemBytes) };
    const text = decodeUtf8(bytes);
    if (text === undefined) return { line, problem: invalidUtf8 };
    return text.trim() === '' ? undefined : parseJson(text, line, bytes.length);
  }
}
