import { DomainError } from '../../platform/errors.js';
import { BodyAborted } from '../../platform/http/decode-body.js';
import { type BodyFormat } from './body-format.js';
import { type ColumnTypes } from './csv-columns.js';
import { CsvReader } from './csv.js';
import { type Item, type Problem } from './item.js';
import { JsonArrayReader } from './json-array.js';
import { NdjsonReader } from './ndjson.js';
import { type Reader } from './reader.js';

export interface ReadOptions {
  maxItemBytes: number;
  /** Needed for CSV, whose header is checked against them. */
  columns?: ColumnTypes;
}

/**
 * Reads the items of a body one at a time, keeping at most one chunk and one item in memory. The last one is always an Ending, even if the body fails in the middle; all complete items have been returned by then.
 *
 * @throws DomainError 400 before the first item when a CSV header is wrong
 */
export async function* readItems(
  body: AsyncIterable<Uint8Array>,
  format: BodyFormat,
  options: ReadOptions,
): AsyncGenerator<Item> {
  const reader = readerOf(format, options);
  const chunks = body[Symbol.asyncIterator]();
  try {
    while (!reader.brokeOff) {
      const next = await nextChunk(chunks);
      if ('code' in next) {
        yield { line: reader.line, complete: false, brokeOff: next };
        return;
      }
      const items = next.done ? reader.end() : reader.push(bufferOf(next.value));
      for (const item of items) yield item;
      if (next.done) break;
    }
    yield reader.brokeOff
      ? { line: reader.line, complete: false, brokeOff: reader.brokeOff }
      : { line: reader.line, complete: true };
  } finally {
    await chunks.return?.();
  }
}

function readerOf(format: BodyFormat, { maxItemBytes, columns }: ReadOptions): Reader {
  switch (format) {
    case 'json':
      return new JsonArrayReader(maxItemBytes);
    case 'ndjson':
      return new NdjsonReader(maxItemBytes);
    case 'csv':
      return new CsvReader(maxItemBytes, columns ?? new Map());
  }
}

async function nextChunk(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array> | Problem> {
  try {
    return await chunks.next();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (error instanceof BodyAborted) return error.problem;
    return { code: 'connection_lost', detail: 'The body ended unexpectedly' };
  }
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
