import { type Band, BANDS } from '../scorecard.js';
import type { PastHealth } from './past-health.js';
import { aucOf, clusteredError, type Ranked, weightedLift } from './past-ranking.js';
import type { PastRows } from './past-rows.js';

/** How many there were, how many of them left within 90 days, and their share. */
export interface Rate {
  readonly accounts: number;
  readonly left: number;
  /** Null: there were none. */
  readonly churnRate: number | null;
}

export interface CardFigures {
  /** The chance that one who left had a lower score than one who stayed: .5 is by lot. */
  readonly auc: number;
  readonly aucSe: number;
  /** Those who left among the tenth with the lowest scores, by those in any tenth. */
  readonly liftAt10: number;
  readonly bands: Readonly<Record<Band, Rate>>;
  /** By ten points of score, the lowest first. */
  readonly tens: readonly (Rate & { readonly from: number; readonly to: number })[];
  /** Of which nothing was known: they count as on the green line. */
  readonly unscored: number;
}

/** Counts are of accounts at month-ends; where others than who left were drawn by lot, they are what those stand for. */
export interface CardProof {
  readonly days: readonly string[];
  readonly rows: number;
  readonly left: number;
  readonly sampled: PastRows['sampled'];
  readonly before: CardFigures;
  readonly after: CardFigures;
  /** After less before, in the same rows; the standard error is by account. */
  readonly difference: { readonly auc: number; readonly se: number };
}

const TENTH = 0.1;
const TENS = 10;
const HUNDREDTHS_IN_TEN_POINTS = 1_000;

/** How well two ways of scoring told who left from who stayed. Null: nobody left, or nobody stayed. */
export function proveCards(rows: PastRows, before: PastHealth, after: PastHealth): CardProof | null {
  const gone = rows.left.reduce((sum, left) => sum + left, 0);
  if (gone === 0 || gone === rows.left.length) return null;
  const [one, other] = [figuresOf(rows, before), figuresOf(rows, after)];
  const apart = other.influence.map((influence, row) => influence - (one.influence[row] ?? 0));
  return {
    days: rows.days,
    rows: Math.round(rows.weight.reduce((sum, weight) => sum + weight, 0)),
    left: gone,
    sampled: rows.sampled,
    before: one.figures,
    after: other.figures,
    difference: {
      auc: other.figures.auc - one.figures.auc,
      se: clusteredError(rows.account, apart),
    },
  };
}

function figuresOf(rows: PastRows, health: PastHealth): { figures: CardFigures; influence: Float64Array } {
  const ranked: Ranked = { ...rows, risk: health.score.map((score) => -score) };
  const { auc, influence } = aucOf(ranked);
  const bands = tally(rows, BANDS.length, (row) => BANDS.indexOf(health.bandOf(row)));
  const tens = tally(rows, TENS, (row) =>
    Math.min(TENS - 1, Math.floor((health.score[row] ?? 0) / HUNDREDTHS_IN_TEN_POINTS)),
  );
  let unscored = 0;
  rows.weight.forEach((weight, row) => (unscored += health.isUnscored(row) ? weight : 0));
  const figures: CardFigures = {
    auc,
    aucSe: clusteredError(rows.account, influence),
    liftAt10: weightedLift(ranked, TENTH),
    bands: Object.fromEntries(BANDS.map((band, place) => [band, bands[place]])) as Record<Band, Rate>,
    tens: tens.map((rate, place) => ({ from: TENS * place, to: TENS * (place + 1), ...rate })),
    unscored: Math.round(unscored),
  };
  return { figures, influence };
}

function tally({ left, weight }: PastRows, groups: number, groupOf: (row: number) => number): Rate[] {
  const sums = Array.from({ length: groups }, () => ({ accounts: 0, left: 0 }));
  weight.forEach((one, row) => {
    const sum = sums[groupOf(row)];
    if (!sum) return;
    sum.accounts += one;
    sum.left += one * (left[row] ?? 0);
  });
  return sums.map(({ accounts, left: gone }) => ({
    accounts: Math.round(accounts),
    left: Math.round(gone),
    churnRate: accounts > 0 ? gone / accounts : null,
  }));
}
