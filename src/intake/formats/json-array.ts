import { ItemBytes } from './item-bytes.js';
import { type Item, type Problem } from './item.js';
import { decodeUtf8, invalidUtf8, parseJson, tooLarge } from './parse-json.js';
import { type Reader } from './reader.js';

const byteOrderMark = [0xef, 0xbb, 0xbf];
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Cuts a top-level JSON array at its commas and parses each element alone, so that an element which is malformed,
 * too large or too deep costs only itself. Where an element ends is told by strings and the depth of brackets; if
 * those do not add up, the array is never closed and the input has broken off in that element.
 */
export class JsonArrayReader implements Reader {
  brokeOff: Problem | undefined;
  line = 0;
  private readonly held: ItemBytes;
  private place: 'before' | 'inside' | 'after' = 'before';
  private markBytes = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  constructor(private readonly maxItemBytes: number) {
    this.held = new ItemBytes(maxItemBytes);
  }

  *push(chunk: Buffer): Generator<Item> {
    let at = 0;
    if (this.place === 'before') at = this.open(chunk);
    if (this.place === 'inside') {
      let start = at;
      for (let end = this.elementEnd(chunk, at); end !== -1; end = this.elementEnd(chunk, start)) {
        const closes = chunk[end] === 0x5d;
        const item = this.element(chunk.subarray(start, end), closes);
        if (item) yield item;
        start = end + 1;
        if (closes) {
          this.place = 'after';
          break;
        }
        this.line += 1;
      }
      if (this.place === 'inside') this.held.add(chunk.subarray(start));
      at = start;
    }
    if (this.place === 'after' && chunk.subarray(at).some((byte) => !isSpace(byte))) {
      this.brokeOff = {
        code: 'malformed_json',
        detail: `Unexpected content after the end of the array (element ${this.line})`,
      };
    }
  }

  *end(): Generator<Item> {
    if (this.place === 'before')
      this.brokeOff = {
        code: 'malformed_json',
        detail: 'Expected an array of objects, but the body is empty',
      };
    if (this.place === 'inside')
      this.brokeOff = {
        code: 'unexpected_end',
        detail: `The array is not closed: the body ends in element ${this.line}`,
      };
  }

  /** Finds the bracket that opens the array; returns the position after it. */
  private open(chunk: Buffer): number {
    for (const [at, byte] of chunk.entries()) {
      if (byte === byteOrderMark[this.markBytes]) {
        this.markBytes += 1;
      } else if (byte === 0x5b) {
        this.place = 'inside';
        this.line = 1;
        return at + 1;
      } else if (isSpace(byte)) {
        this.markBytes = byteOrderMark.length;
      } else {
        this.brokeOff = { code: 'malformed_json', detail: 'Expected an array of objects' };
        break;
      }
    }
    return chunk.length;
  }

  /** The position of the comma or bracket that ends the element, or -1 if the chunk ends first. */
  private elementEnd(chunk: Buffer, from: number): number {
    let { depth, inString, escaped } = this;
    let found = -1;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
      } else if (byte === 0x22) {
        inString = true;
      } else if (byte === 0x7b || byte === 0x5b) {
        depth += 1;
      } else if (depth === 0 && (byte === 0x2c || byte === 0x5d)) {
        found = at;
        break;
      } else if (depth > 0 && (byte === 0x7d || byte === 0x5d)) {
        depth -= 1;
      }
    }
    this.depth = depth;
    this.inString = inString;
    this.escaped = escaped;
    return found;
  }

  private element(last: Buffer, closes: boolean): Item | undefined {
    const bytes = this.held.take(last);
    const { line } = this;
    if (!bytes) return { line, problem: tooLarge(this.maxItemBytes) };
    const text = decodeUtf8(bytes);
    if (text === undefined) return { line, problem: invalidUtf8 };
    const isEmptyArray = closes && line === 1 && text.trim() === '';
    return isEmptyArray ? undefined : parseJson(text, line, bytes.length);
  }
}
