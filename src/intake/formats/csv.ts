import { DomainError } from '../../platform/errors.js';
import { type Column, type ColumnTypes, readHeader } from './csv-columns.js';
import { recordOf } from './csv-record.js';
import { CsvRow } from './csv-row.js';
import { type Item, type Problem } from './item.js';
import { type Line, Lines } from './lines.js';
import { decodeUtf8, invalidUtf8, tooLarge } from './parse-json.js';
import { type Reader } from './reader.js';

/**
 * CSV by RFC 4180, with comma, semicolon or tab as the delimiter, detected in the header. A line end inside a quoted cell is read as LF.
 *
 * Where the quotes of a row are wrong, every physical line that it went over is refused by number: text from within a
 * quoted cell is never taken for a row. Reading goes on with the next line. A quote that is never closed ends the input.
 */
export class CsvReader implements Reader {
  brokeOff: Problem | undefined;
  private readonly lines: Lines;
  private columns: Column[] | undefined;
  private delimiter: string | undefined;
  private row: CsvRow | undefined;
  private rowLine = 1;
  private rowBytes = 0;
  private rowProblem: Problem | undefined;

  constructor(
    private readonly maxItemBytes: number,
    private readonly known: ColumnTypes,
  ) {
    this.lines = new Lines(maxItemBytes);
  }

  get line(): number {
    return this.row ? this.rowLine : this.lines.current;
  }

  *push(chunk: Buffer): Generator<Item> {
    for (const line of this.lines.push(chunk)) yield* this.read(line);
  }

  *end(): Generator<Item> {
    for (const line of this.lines.end()) yield* this.read(line);
    if (!this.columns && !this.row)
      throw new DomainError('missing_header', 400, 'The first line must contain the column names');
    if (!this.columns) throw malformedHeader('a quote is never closed');
    if (!this.row) return;
    const last = this.lines.current - 1;
    const unread = last > this.rowLine ? `; lines ${this.rowLine + 1} to ${last} were not read` : '';
    this.brokeOff = {
      code: 'unclosed_quote',
      detail: `The quote opened on line ${this.rowLine} is never closed${unread}`,
    };
    yield { line: this.rowLine, problem: this.brokeOff };
  }

  private read(line: Line): Iterable<Item> {
    const row = this.addTo(this.row, line);
    this.row = row?.isOpen ? row : undefined;
    return row === undefined || row.isOpen ? [] : this.finish(row, line.line);
  }

  /** The row that the line begins or continues; undefined for a blank line between rows. */
  private addTo(open: CsvRow | undefined, { line, bytes, oddQuotes }: Line): CsvRow | undefined {
    const decoded = bytes && decodeUtf8(bytes);
    // In invalid UTF-8 only the quotes matter, to find the end of the row.
    const text = decoded ?? (bytes && Buffer.from(bytes).toString('latin1'));
    if (!open && text?.trim() === '') return undefined;
    this.delimiter ??= delimiterOf(text ?? '');
    const row = open ?? new CsvRow(this.delimiter);
    if (!open) {
      this.rowLine = line;
      this.rowBytes = 0;
      this.rowProblem = undefined;
    }
    this.rowBytes += (open ? 1 : 0) + (bytes?.length ?? Infinity);
    if (this.rowBytes > this.maxItemBytes) this.rowProblem = tooLarge(this.maxItemBytes);
    else if (decoded === undefined) this.rowProblem ??= invalidUtf8;
    if (text !== undefined) row.add(text.endsWith('\r') ? text.slice(0, -1) : text);
    else if (oddQuotes) row.isOpen = !row.isOpen;
    if (this.rowProblem) row.forget();
    return row;
  }

  private finish(row: CsvRow, lastLine: number): Iterable<Item> {
    const line = this.rowLine;
    if (!this.columns) {
      if (row.isBroken) throw malformedHeader('its quotes are wrong');
      if (this.rowProblem) throw malformedHeader(this.rowProblem.detail);
      this.columns = readHeader(row.cells, this.known);
      return [];
    }
    if (row.isBroken) return brokenLines(line, lastLine);
    if (this.rowProblem) return [{ line, problem: this.rowProblem }];
    if (row.cells.every((cell) => cell === '')) return [];
    const expected = this.columns.length;
    if (row.cells.length === expected)
      return [{ line, value: recordOf(row.cells, this.columns), bytes: this.rowBytes }];
    const detail = `This line has ${row.cells.length} cells, the header has ${expected}`;
    return [{ line, problem: { code: 'wrong_cell_count', detail } }];
  }
}

function* brokenLines(first: number, last: number): Generator<Item> {
  const opened = 'Quote inside a cell: enclose the cell in quotes and double the quotes inside it';
  yield { line: first, problem: { code: 'broken_quote', detail: opened } };
  const detail = `Not read: the quote opened on line ${first} is not closed properly`;
  for (let line = first + 1; line <= last; line += 1)
    yield { line, problem: { code: 'broken_quote', detail } };
}

/** The delimiter that occurs most often in the header outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"?/g, '');
  const [best] = [',', ';', '\t']
    .map((char) => ({ char, count: bare.split(char).length }))
    .sort((a, b) => b.count - a.count);
  return best?.char ?? ',';
}

function malformedHeader(why: string): DomainError {
  return new DomainError('malformed_header', 400, `The header line cannot be read: ${why}`);
}
