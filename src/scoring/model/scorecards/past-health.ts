import { chooseCard } from '../choose-card.js';
import { BASELINE, evaluate } from '../evaluate.js';
import { type Band, BANDS, type Scorecard } from '../scorecard.js';
import { accountReader, type PastRows } from './past-rows.js';

interface Card {
  readonly card: Scorecard;
}

/** Health as scorecards would have shown it, by row: caps included, what people set by hand not. */
export class PastHealth {
  /** Hundredths of a point; where nothing was known, the green line: what says neither good nor bad. */
  readonly score: Int16Array;
  /** Places in BANDS. */
  private readonly band: Uint8Array;
  private readonly unknown: Uint8Array;

  constructor(private readonly rows: PastRows) {
    this.score = new Int16Array(rows.left.length);
    this.band = new Uint8Array(rows.left.length);
    this.unknown = new Uint8Array(rows.left.length);
  }

  /** `cards` in the order in which they are chosen from, none empty. */
  fill(cards: readonly Card[], places: Iterable<number>): void {
    const accountAt = accountReader(this.rows.columns);
    for (const row of places) {
      const account = accountAt(row);
      const { card } = chooseCard(cards, account) ?? cards[0] ?? {};
      if (!card) throw new RangeError('there is no scorecard');
      const { score, band } = evaluate(card, account);
      this.score[row] = score ?? BASELINE;
      this.band[row] = BANDS.indexOf(band);
      this.unknown[row] = score === null ? 1 : 0;
    }
  }

  bandOf(row: number): Band {
    return BANDS[this.band[row] ?? 0] ?? 'unknown';
  }

  isUnscored(row: number): boolean {
    return this.unknown[row] === 1;
  }
}
