import { chooseCard } from '../choose-card.js';
import { evaluate } from '../evaluate.js';
import { measuresOf, type Scorecard } from '../scorecard.js';
import { accountReader, type PastRows } from './past-rows.js';

interface Card {
  readonly card: Scorecard;
}

/** What one card made of each measure of the accounts that it would have served. */
export interface MeasureRows {
  /** Places in the past rows. */
  readonly row: Int32Array;
  /** Rows × measures, row by row: 0 to 100, NaN where unknown or not for the account. */
  readonly scores: Float32Array;
}

/** Collects them. */
export class MeasureRowsOf {
  private readonly rows: number[] = [];
  private readonly scores: number[] = [];

  constructor(
    private readonly past: PastRows,
    private readonly cards: readonly Card[],
    private readonly key: string,
  ) {}

  add(places: Iterable<number>): void {
    const accountAt = accountReader(this.past.columns);
    for (const place of places) {
      const account = accountAt(place);
      const { card } = chooseCard(this.cards, account) ?? this.cards[0] ?? {};
      if (card?.key !== this.key) continue;
      this.rows.push(place);
      for (const score of evaluate(card, account).measureScores) {
        this.scores.push(score === null ? NaN : score / 100);
      }
    }
  }

  done(): MeasureRows {
    return { row: Int32Array.from(this.rows), scores: Float32Array.from(this.scores) };
  }
}

/** Share of each measure in the whole card, 0 to 1, in the order of `measuresOf`. */
export function sharesOf(card: Scorecard): number[] {
  const whole = card.dimensions.reduce((sum, { weight }) => sum + weight, 0);
  return card.dimensions.flatMap(({ weight, measures }) => {
    const inside = measures.reduce((sum, measure) => sum + measure.weight, 0);
    return measures.map((measure) => (weight / whole) * (measure.weight / inside));
  });
}

/** The same card with whole percents as weights; a measure of 0 and a dimension without measures are left out. Null: nothing is left. */
export function withPercents(card: Scorecard, percents: readonly number[]): Scorecard | null {
  if (percents.length !== measuresOf(card).length) throw new RangeError('not a percent for each measure');
  let place = 0;
  const dimensions = card.dimensions.map((dimension) => {
    const measures = dimension.measures
      .map((measure) => ({ ...measure, weight: percents[place++] ?? 0 }))
      .filter(({ weight }) => weight > 0);
    return { ...dimension, weight: measures.reduce((sum, { weight }) => sum + weight, 0), measures };
  });
  const left = dimensions.filter(({ measures }) => measures.length > 0);
  return left.length > 0 ? { ...card, dimensions: left } : null;
}
