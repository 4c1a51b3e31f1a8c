import type { PaidSpan } from '../model/history/outcomes.js';

const NUMBERS = 4;

/** The paid spans of many accounts, all numbers in one array: as objects, prices that change every month would fill the memory. */
export class PaidSpans {
  private numbers = new Float64Array(NUMBERS * 1_024);
  private size = 0;
  private readonly places = new Map<number, { readonly first: number; end: number }>();

  /** Account by account, by their beginning. */
  add(accountId: number, { from, to, mrr, ends }: PaidSpan): void {
    const at = NUMBERS * this.size;
    if (at === this.numbers.length) {
      const grown = new Float64Array(2 * at);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers.set([from, to, mrr, ends ? 1 : 0], at);
    const place = this.places.get(accountId) ?? { first: this.size, end: this.size };
    place.end = ++this.size;
    this.places.set(accountId, place);
  }

  of(accountId: number): PaidSpan[] {
    const { first, end } = this.places.get(accountId) ?? { first: 0, end: 0 };
    const spans: PaidSpan[] = [];
    for (let place = first; place < end; place++) {
      const [from = 0, to = 0, mrr = 0, ends = 0] = this.numbers.subarray(
        NUMBERS * place,
        NUMBERS * (place + 1),
      );
      spans.push({ from, to, mrr, ends: ends === 1 });
    }
    return spans;
  }

  *all(): Generator<PaidSpan[]> {
    for (const accountId of this.places.keys()) yield this.of(accountId);
  }

  /** Infinity: nobody ever paid. */
  firstPaid(): number {
    let first = Infinity;
    for (const { first: place } of this.places.values()) {
      first = Math.min(first, this.numbers[NUMBERS * place] ?? Infinity);
    }
    return first;
  }
}
