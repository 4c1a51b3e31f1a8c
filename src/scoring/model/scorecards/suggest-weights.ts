import { apportion } from '../apportion.js';
import { PRIOR_KAPPA } from '../prior-risk.js';
import { measuresOf, type Scorecard } from '../scorecard.js';
import { type BoundedFit, fitBounded } from './bounded-logistic.js';
import { type MeasureRows, sharesOf, withPercents } from './measure-rows.js';
import type { PastRows } from './past-rows.js';

/**
 * Standard deviation of the priors for κ and for each measure's part of it, relative to their size (of a mean measure); a judgment call. At ¼ a card
 * with wrong weights gained half as much; at 1 a good card got worse with 50 churned accounts (AUC, held out).
 */
const SPREAD = 0.5;
/** Measures are weighed on at least this scale, however little the card as a whole predicts; a judgment call. */
const MIN_KAPPA = 0.1;
/** A measure known for a smaller share of the rows keeps its weight; a judgment call. */
const MIN_KNOWN = 0.05;
const IN_TENS = 10;

export interface WeightEvidence {
  readonly dimension: string;
  readonly feature: string;
  /** Percent of the card, rounded to tenths like the other figures. */
  readonly from: number;
  readonly to: number;
  /** Standard error of `to` in percentage points; null when history could not weigh it. */
  readonly se: number | null;
  /** Churned accounts for which it was known. */
  readonly churned: number;
  /** Mean score of the churned accounts, 0 to 100; null when it was known for none. */
  readonly meanLeft: number | null;
  readonly meanStayed: number | null;
}

export interface Suggestion {
  readonly card: Scorecard;
  /** In the order of the measures. */
  readonly evidence: readonly WeightEvidence[];
}

/**
 * Suggests weights that would have ranked churned accounts better. Fits logit = a + Σ b (mean − score) / 10 over the measures, with b ≥ 0 and
 * a prior around κ · weight, where κ is fitted for the card as a whole; unknown measures add 0. The new weights are the shares of b. Curves,
 * conditions and caps stay. Returns the card unchanged when no account churned, or none stayed.
 */
export function suggestWeights(card: Scorecard, past: PastRows, rows: MeasureRows): Suggestion {
  const shares = sharesOf(card);
  const seen = shares.map((_, place) => lookAt(past, rows, place, shares.length));
  const weighed = shares.map((_, place) => place).filter((place) => seen[place]?.tells);
  const fit = weighed.length > 0 ? fitShares(past, rows, { shares, seen, weighed }) : null;
  if (!fit)
    return {
      card,
      evidence: evidenceOf(
        card,
        seen,
        shares.map((share) => 100 * share),
        null,
      ),
    };
  const percents = apportion(
    fit.shares.map((share) => 100 * share),
    100,
  );
  const suggested = withPercents(card, percents);
  if (!suggested) throw new RangeError('no measure has a weight');
  return { card: suggested, evidence: evidenceOf(card, seen, percents, fit.errors) };
}

interface Seen {
  readonly mean: number;
  readonly meanLeft: number | null;
  readonly meanStayed: number | null;
  readonly churned: number;
  /** Known often enough, for both churned accounts and others, and not constant. */
  readonly tells: boolean;
}

function lookAt(past: PastRows, { row, scores }: MeasureRows, place: number, measures: number): Seen {
  const sums = [0, 0];
  const weights = [0, 0];
  let [all, churned, lowest, highest] = [0, 0, Infinity, -Infinity];
  row.forEach((at, index) => {
    const weight = past.weight[at] ?? 0;
    all += weight;
    const score = scores[index * measures + place] ?? NaN;
    if (Number.isNaN(score)) return;
    const kind = past.left[at] ?? 0;
    sums[kind] = (sums[kind] ?? 0) + weight * score;
    weights[kind] = (weights[kind] ?? 0) + weight;
    churned += kind;
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  });
  const [stayedSum = 0, leftSum = 0] = sums;
  const [stayed = 0, left = 0] = weights;
  const known = stayed + left;
  return {
    mean: known > 0 ? (stayedSum + leftSum) / known : 0,
    meanLeft: left > 0 ? leftSum / left : null,
    meanStayed: stayed > 0 ? stayedSum / stayed : null,
    churned,
    tells: left > 0 && stayed > 0 && known >= MIN_KNOWN * all && highest > lowest,
  };
}

interface Weighed {
  readonly shares: readonly number[];
  readonly seen: readonly Seen[];
  /** Indexes of the measures that history can weigh; the others keep their shares. */
  readonly weighed: readonly number[];
}

/** Null when history supports none of the measures. */
function fitShares(
  past: PastRows,
  { row, scores }: MeasureRows,
  { shares, seen, weighed }: Weighed,
): { shares: number[]; errors: (number | null)[] } | null {
  const room = weighed.reduce((sum, place) => sum + (shares[place] ?? 0), 0);
  const prior = weighed.map((place) => (shares[place] ?? 0) / room);
  const design = new Float64Array(row.length * weighed.length);
  row.forEach((_, index) => {
    weighed.forEach((place, column) => {
      const score = scores[index * shares.length + place] ?? NaN;
      const distance = Number.isNaN(score) ? 0 : (seen[place]?.mean ?? 0) - score;
      design[index * weighed.length + column] = distance / IN_TENS;
    });
  });
  const data = {
    labels: Uint8Array.from(row, (at) => past.left[at] ?? 0),
    weight: Float64Array.from(row, (at) => past.weight[at] ?? 0),
  };
  const kappa = kappaOf(data, design, prior);
  const { slopes, sd } = fitBounded(
    { ...data, design, features: weighed.length },
    { mean: prior.map((share) => kappa * share), sd: (SPREAD * kappa) / weighed.length },
  );
  const sum = slopes.reduce((total, slope) => total + slope, 0);
  if (!(sum > 0)) return null;
  const fitted = [...shares];
  const errors: (number | null)[] = shares.map(() => null);
  weighed.forEach((place, column) => {
    fitted[place] = (room * (slopes[column] ?? 0)) / sum;
    errors[place] = (100 * room * (sd[column] ?? 0)) / sum;
  });
  return { shares: fitted, errors };
}

/** Logits per ten points of the card as it is. */
function kappaOf(
  data: { labels: Uint8Array; weight: Float64Array },
  design: Float64Array,
  prior: readonly number[],
): number {
  const whole = Float64Array.from(data.labels, (_, index) =>
    prior.reduce((sum, share, column) => sum + share * (design[index * prior.length + column] ?? 0), 0),
  );
  const { slopes }: BoundedFit = fitBounded(
    { ...data, design: whole, features: 1 },
    { mean: [PRIOR_KAPPA], sd: SPREAD * PRIOR_KAPPA },
  );
  return Math.max(MIN_KAPPA, slopes[0] ?? 0);
}

function evidenceOf(
  card: Scorecard,
  seen: readonly Seen[],
  percents: readonly number[],
  errors: readonly (number | null)[] | null,
): WeightEvidence[] {
  const shares = sharesOf(card);
  const dimensions = card.dimensions.flatMap(({ key, measures }) => measures.map(() => key));
  return measuresOf(card).map(({ feature }, place) => ({
    dimension: dimensions[place] ?? '',
    feature,
    from: inTenths(100 * (shares[place] ?? 0)),
    to: inTenths(percents[place] ?? 0),
    se: inTenths(errors?.[place] ?? null),
    churned: seen[place]?.churned ?? 0,
    meanLeft: inTenths(seen[place]?.meanLeft ?? null),
    meanStayed: inTenths(seen[place]?.meanStayed ?? null),
  }));
}

function inTenths(value: number): number;
function inTenths(value: number | null): number | null;
function inTenths(value: number | null): number | null {
  return value === null ? null : Math.round(10 * value) / 10;
}
