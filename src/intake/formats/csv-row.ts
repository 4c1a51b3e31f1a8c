/** A row as far as it was read. A quoted cell may go over several lines; whitespace around a cell is ignored, quoted or not. */
export class CsvRow {
  readonly cells: string[] = [];
  /** Inside a quoted cell at the end of the text read so far. */
  isOpen = false;
  isBroken = false;
  private cell = '';

  constructor(private readonly delimiter: string) {}

  /** Reads one line of the row, without its line end. */
  add(text: string): void {
    if (this.isOpen) {
      this.cell += '\n';
      const after = this.quoted(text, 0);
      if (!this.isOpen) this.afterQuoted(text, after);
    } else if (text.includes('"')) {
      this.unquoted(text, 0);
    } else {
      for (const cell of text.split(this.delimiter)) this.cells.push(cell.trim());
    }
  }

  /** Discards what was read and keeps only the quoting state. */
  forget(): void {
    this.cells.length = 0;
    this.cell = '';
  }

  /** Cells from `from`, which is the start of one. */
  private unquoted(text: string, from: number): void {
    let at = from;
    for (;;) {
      while (text[at] === ' ') at += 1;
      if (text[at] === '"') {
        this.isOpen = true;
        const after = this.quoted(text, at + 1);
        if (!this.isOpen) this.afterQuoted(text, after);
        return;
      }
      const end = text.indexOf(this.delimiter, at);
      const cell = end === -1 ? text.slice(at) : text.slice(at, end);
      if (cell.includes('"')) {
        this.isBroken = true;
        return;
      }
      this.cells.push(cell.trim());
      if (end === -1) return;
      at = end + 1;
    }
  }

  /** Reads a quoted cell; returns the position after its closing quote. */
  private quoted(text: string, from: number): number {
    let start = from;
    for (;;) {
      const quote = text.indexOf('"', start);
      if (quote === -1) {
        this.cell += text.slice(start);
        return text.length;
      }
      this.cell += text.slice(start, quote);
      if (text[quote + 1] !== '"') {
        this.isOpen = false;
        return quote + 1;
      }
      this.cell += '"';
      start = quote + 2;
    }
  }

  private afterQuoted(text: string, from: number): void {
    this.cells.push(this.cell.trim());
    this.cell = '';
    let at = from;
    while (text[at] === ' ') at += 1;
    if (at >= text.length) return;
    if (text[at] === this.delimiter) this.unquoted(text, at + 1);
    else this.isBroken = true;
  }
}
