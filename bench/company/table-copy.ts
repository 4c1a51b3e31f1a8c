import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Json } from '../../src/accounts/states/fold.js';

/** Buffers rows of a table and writes them with COPY in text format. */
export class TableCopy {
  private lines: string[] = [];

  private constructor(
    private readonly table: string,
    private readonly columns: readonly { name: string; type: string }[],
  ) {}

  static async of(db: Client, table: string): Promise<TableCopy> {
    const { rows } = await db.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [table],
    );
    return new TableCopy(table, rows);
  }

  /** Values by snake_case column; missing ones are NULL. */
  add(row: Readonly<Record<string, Json | undefined>>): void {
    this.lines.push(`${this.columns.map(({ name, type }) => cellOf(row[name], type)).join('\t')}\n`);
  }

  /** A line whose values need no escaping, in column order. */
  addPlain(line: string): void {
    this.lines.push(line);
  }

  async flush(db: Client): Promise<void> {
    if (this.lines.length === 0) return;
    const lines = this.lines;
    this.lines = [];
    const columns = this.columns.map(({ name }) => `"${name}"`).join(', ');
    const chunks = function* (): Generator<string> {
      for (let at = 0; at < lines.length; at += CHUNK) yield lines.slice(at, at + CHUNK).join('');
    };
    await pipeline(Readable.from(chunks()), db.query(copyFrom(`COPY ${this.table} (${columns}) FROM STDIN`)));
  }
}

const CHUNK = 1_000;
const UNSAFE = /[\\\n\r\t]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function cellOf(value: Json | undefined, type: string): string {
  if (value === undefined || value === null) return '\\N';
  const text = typeof value === 'object' ? objectText(value, type) : String(value);
  return text.replace(UNSAFE, (char) => ESCAPED[char] ?? char);
}

function objectText(value: Exclude<Json, null>, type: string): string {
  if (!type.endsWith('[]') || !Array.isArray(value)) return JSON.stringify(value);
  return `{${value.map((item) => JSON.stringify(typeof item === 'string' ? item : JSON.stringify(item))).join(',')}}`;
}
