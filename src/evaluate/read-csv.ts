import { createReadStream } from 'node:fs';
import { CsvRow } from '../intake/formats/csv-row.js';
import { type Line, Lines } from '../intake/formats/lines.js';
import { decodeUtf8 } from '../intake/formats/parse-json.js';
import { UsageError } from './usage-error.js';

export interface CsvTable {
  readonly names: readonly string[];
  /** By column and row, the trimmed text; '' if the cell is empty. */
  readonly columns: readonly (readonly string[])[];
  readonly rows: number;
}

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Reads a CSV table (RFC 4180) delimited by comma, semicolon or tab, detected from the header. Blank lines are skipped.
 * @throws UsageError that names the line
 */
export async function readCsv(file: string): Promise<CsvTable> {
  const lines = new Lines(MAX_LINE_BYTES);
  const table = new TableReader();
  try {
    for await (const chunk of createReadStream(file))
      for (const line of lines.push(chunk as Buffer)) table.read(line);
    for (const line of lines.end()) table.read(line);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`Cannot read ${file}: ${String(error)}`);
  }
  return table.end(file);
}

class TableReader {
  private names: string[] | undefined;
  private columns: string[][] = [];
  private open: CsvRow | undefined;
  private startLine = 1;
  private delimiter: string | undefined;
  /** Interns texts: a category of a million rows is stored once. */
  private readonly texts = new Map<string, string>();

  read({ line, bytes }: Line): void {
    const text = bytes && decodeUtf8(bytes);
    if (text === undefined) throw new UsageError(`Line ${line} is ${bytes ? 'not UTF-8' : 'too long'}`);
    if (!this.open && text.trim() === '') return;
    if (!this.open) this.startLine = line;
    this.delimiter ??= delimiterOf(text);
    const row = this.open ?? new CsvRow(this.delimiter);
    row.add(text.endsWith('\r') ? text.slice(0, -1) : text);
    if (row.isBroken)
      throw new UsageError(
        `Line ${line}: quote inside a cell. Enclose the cell in quotes and double the quotes inside it`,
      );
    this.open = row.isOpen ? row : undefined;
    if (!row.isOpen) this.take(row.cells);
  }

  end(file: string): CsvTable {
    if (this.open) throw new UsageError(`The quote opened on line ${this.startLine} is never closed`);
    if (!this.names) throw new UsageError(`${file} is empty: the first line must contain the column names`);
    return { names: this.names, columns: this.columns, rows: this.columns[0]?.length ?? 0 };
  }

  private take(cells: readonly string[]): void {
    if (!this.names) {
      this.names = namesOf(cells);
      this.columns = this.names.map(() => []);
      return;
    }
    if (cells.length !== this.names.length)
      throw new UsageError(
        `Line ${this.startLine} has ${cells.length} cells, the header has ${this.names.length}`,
      );
    cells.forEach((cell, index) => this.columns[index]?.push(this.intern(cell.trim())));
  }

  private intern(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size < 100_000) this.texts.set(text, text);
    return text;
  }
}

function namesOf(cells: readonly string[]): string[] {
  const names = cells.map((cell, index) => cell.trim() || `column ${index + 1}`);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) throw new UsageError(`The column "${duplicate}" appears twice in the header`);
  return names;
}

/** The delimiter that occurs most often in the header outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"?/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return [';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best), ',');
}
