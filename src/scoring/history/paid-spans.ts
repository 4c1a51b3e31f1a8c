import type { PaidSpan } from '../model/history/outcomes.js';

const NUMBERS = 4;

/** The paid spans of many accounts in one array of numbers. Objects would use too much memory when prices change monthly. */
export class PaidSpans {
  private numbers = new Float64Array(NUMBERS * 1_024);
  private size = 0;
  private readonly indexes = new Map<number, { readonly first: number; end: number }>();

  /** By account, then by start. */
  add(accountId: number, { from, to, mrr, ends }: PaidSpan): void {
    const at = NUMBERS * this.size;
    if (at === this.numbers.length) {
      const grown = new Float64Array(2 * at);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers.set([from, to, mrr, ends ? 1 : 0], at);
    const index = this.indexes.get(accountId) ?? { first: this.size, end: this.size };
    index.end = ++this.size;
    this.indexes.set(accountId, index);
  }

  of(accountId: number): PaidSpan[] {
    const { first, end } = this.indexes.get(accountId) ?? { first: 0, end: 0 };
    const spans: PaidSpan[] = [];
    for (let index = first; index < end; index++) {
      const [from = 0, to = 0, mrr = 0, ends = 0] = this.numbers.subarray(
        NUMBERS * index,
        NUMBERS * (index + 1),
      );
      spans.push({ from, to, mrr, ends: ends === 1 });
    }
    return spans;
  }

  *all(): Generator<PaidSpan[]> {
    for (const accountId of this.indexes.keys()) yield this.of(accountId);
  }

  /** Infinity: no account ever paid. */
  firstPaid(): number {
    let first = Infinity;
    for (const { first: index } of this.indexes.values()) {
      first = Math.min(first, this.numbers[NUMBERS * index] ?? Infinity);
    }
    return first;
  }
}
