import { type Band, BANDS } from '../scorecard.js';
import type { PastHealth } from './past-health.js';
import { aucOf, clusteredError, type Ranked, weightedLift } from './past-ranking.js';
import type { PastRows } from './past-rows.js';

/** Accounts, how many of them churned within 90 days, and their share. */
export interface Rate {
  readonly accounts: number;
  readonly left: number;
  /** Null without accounts. */
  readonly churnRate: number | null;
}

export interface CardFigures {
  /** The probability that a churned account had a lower score than one that stayed; .5 is chance. */
  readonly auc: number;
  readonly aucSe: number;
  /** Churn in the tenth with the lowest scores, divided by churn overall. */
  readonly liftAt10: number;
  readonly bands: Readonly<Record<Band, Rate>>;
  /** By ten points of score, lowest first. */
  readonly tens: readonly (Rate & { readonly from: number; readonly to: number })[];
  /** Accounts of which nothing was known; they count as exactly green. */
  readonly unscored: number;
}

/** Counts are accounts at month-ends. Where the accounts that stayed were sampled, counts are scaled back up. */
export interface CardProof {
  readonly days: readonly string[];
  readonly rows: number;
  readonly left: number;
  readonly sampled: PastRows['sampled'];
  readonly before: CardFigures;
  readonly after: CardFigures;
  /** After minus before on the same rows; the standard error is clustered by account. */
  readonly difference: { readonly auc: number; readonly se: number };
}

const TENTH = 0.1;
const TENS = 10;
const HUNDREDTHS_IN_TEN_POINTS = 1_000;

/** Compares how well two ways of scoring separated churned accounts from the rest. Null when none churned or none stayed. */
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
