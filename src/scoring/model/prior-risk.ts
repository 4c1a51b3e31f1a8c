import { apportion } from './apportion.js';
import { type ChurnRisk, type HazardCurve, LOGIT_SCALE } from './churn-risk.js';
import { allHold } from './condition.js';
import { BASELINE, type Evaluation } from './evaluate.js';
import { interceptFor, probabilityOf } from './logit.js';
import { measuresOf, type Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';
import { FADE_PER_MONTH, lossInYear } from './survival.js';

/** Logits of risk per 10 points of health lost; a judgment until churns move it. Its prior's standard deviation is half of it. */
export const PRIOR_KAPPA = 0.35;
const KAPPA_SPREAD = 0.5;
/** How far off a base rate and a scorecard may be that no churn has tested, in logits; a judgment call. */
const UNTESTED_SD = 0.7;
/** Of a normal distribution: 90 % lie within. */
const NORMAL_90 = 1.645;
/** One churn in 20 account-windows is believed before any is seen; a judgment call. */
const PSEUDO_CHURNS = 1;
const PSEUDO_WINDOWS = 20;
const HUNDREDTHS_IN_TEN_POINTS = 1_000;

/** The scorecards as a model of churn: plain data, to be fitted anew when one of them changes, as the means are of its measures. */
export interface PriorModel {
  readonly basis: 'prior';
  readonly kappa: number;
  /** Logit of the average account, in ten-thousandths. */
  readonly base: number;
  /** By the card's key, in the order of its measures: the mean curve value over the reference accounts, in hundredths of a point. */
  readonly means: Readonly<Record<string, readonly number[]>>;
  readonly churned: number;
  /** Windows of 90 days in which an account was at risk: what `churned` is out of. */
  readonly windows: number;
}

export interface PriorRow {
  readonly card: Scorecard;
  readonly account: ScoredAccount;
  readonly evaluation: Pick<Evaluation, 'measureScores'>;
}

export interface PriorData {
  /** The reference: accounts at risk (active, paid, no notice), each as it was evaluated. */
  readonly rows: readonly PriorRow[];
  readonly churned: number;
  readonly windows: number;
  /** Default: the judgment. */
  readonly kappa?: number;
}

/** Mean probability over the reference is (churned + 1) / (windows + 20). A measure nobody had is compared with the green line. */
export function fitPrior({ rows, churned, windows, kappa = PRIOR_KAPPA }: PriorData): PriorModel {
  const means = meansOf(rows);
  const offsets = rows.map((row) => -kappa * healthOf(means, row));
  const target = (churned + PSEUDO_CHURNS) / (windows + PSEUDO_WINDOWS);
  const base = Math.round(LOGIT_SCALE * interceptFor(offsets, target));
  return { basis: 'prior', kappa, base, means, churned, windows };
}

/**
 * Only of an account at risk: null for trials, leaving and churned ones. What is unknown adds nothing; caps and overrides stay out. The
 * interval is a judgment, wide on purpose.
 */
export function riskByPrior(
  model: PriorModel,
  card: Scorecard,
  account: ScoredAccount,
  evaluation: Pick<Evaluation, 'measureScores'>,
): ChurnRisk | null {
  if (account.status !== 'active') return null;
  const healths = healthParts(model.means, card, account, evaluation);
  const health = sumOf(healths);
  const total = Math.round(-LOGIT_SCALE * model.kappa * health);
  const offset = total / LOGIT_SCALE;
  const base = model.base / LOGIT_SCALE;
  const spread = Math.sqrt(1 / (model.churned + 1) + (KAPPA_SPREAD * offset) ** 2 + UNTESTED_SD ** 2);
  const half = NORMAL_90 * spread;
  const curves = {
    expected: curveOf(base, offset),
    best: curveOf(base - half, offset),
    worst: curveOf(base + half, offset),
  };
  return {
    basis: 'prior',
    base: model.base,
    health,
    logit: model.base + total,
    parts: () => {
      const whole = apportion(
        // No -0.
        healths.map((part) => -LOGIT_SCALE * model.kappa * part + 0),
        total,
      );
      return measuresOf(card).map(({ feature }, place) => ({ feature, contribution: whole[place] ?? 0 }));
    },
    foremost: null,
    probability: curves.expected.quarters[0],
    low: curves.best.quarters[0],
    high: curves.worst.quarters[0],
    probability12m: lossInYear(curves.expected),
    curves,
  };
}

export function typicalByPrior({ base }: PriorModel): HazardCurve {
  return curveOf(base / LOGIT_SCALE, 0);
}

/** Every quarter is like the first but for the offset, of which less is left each time: today's state says less of a later one. */
function curveOf(base: number, offset: number): HazardCurve {
  const fade = FADE_PER_MONTH ** 3;
  const at = (quarter: number): number => probabilityOf(base + fade ** quarter * offset);
  const monthly = 1 - Math.cbrt(1 - probabilityOf(base));
  return {
    quarters: [at(0), at(1), at(2), at(3)],
    cohort: () => monthly,
    lateOffset: fade ** 3 * offset,
  };
}

/**
 * Tens of points of health in the order of the measures: weight · (score − mean) / 10. Times −κ they are logits of risk. The weight is the
 * measure's share in the card as it is for this account, known or not. Plain loops: it runs for every account and day.
 */
export function healthParts(
  means: PriorModel['means'],
  card: Scorecard,
  account: ScoredAccount,
  { measureScores }: Pick<Evaluation, 'measureScores'>,
): number[] {
  const mean = Object.hasOwn(means, card.key) ? means[card.key] : undefined;
  const parts: number[] = [];
  let whole = 0;
  for (const { weight, measures } of card.dimensions) {
    const first = parts.length;
    let inside = 0;
    for (const measure of measures) {
      const meant = measure.weight > 0 && allHold(measure.when, account);
      if (meant) inside += measure.weight;
      const score = measureScores[parts.length] ?? null;
      const distance = (score ?? 0) - (mean?.[parts.length] ?? BASELINE);
      parts.push(meant && score !== null ? measure.weight * distance : 0);
    }
    if (inside === 0) continue;
    whole += weight;
    for (let place = first; place < parts.length; place++) {
      parts[place] = (weight / inside) * (parts[place] ?? 0);
    }
  }
  const scale = whole > 0 ? 1 / whole / HUNDREDTHS_IN_TEN_POINTS : 0;
  // No -0.
  for (let place = 0; place < parts.length; place++) parts[place] = scale * (parts[place] as number) + 0;
  return parts;
}

/** Tens of points above the average account's. */
function healthOf(means: PriorModel['means'], { card, account, evaluation }: PriorRow): number {
  return sumOf(healthParts(means, card, account, evaluation));
}

/** By card: the mean score of each measure over the rows, in hundredths of a point; of one that nobody had, the green line. */
export function meansOf(rows: readonly Omit<PriorRow, 'account'>[]): Record<string, number[]> {
  const sums = new Map<string, { sum: number; count: number }[]>();
  for (const { card, evaluation } of rows) {
    let ofCard = sums.get(card.key);
    if (!ofCard) sums.set(card.key, (ofCard = measuresOf(card).map(() => ({ sum: 0, count: 0 }))));
    ofCard.forEach((one, place) => {
      const score = evaluation.measureScores[place] ?? null;
      if (score === null) return;
      one.sum += score;
      one.count++;
    });
  }
  return Object.fromEntries(
    [...sums].map(([key, ofCard]) => [
      key,
      ofCard.map(({ sum, count }) => (count > 0 ? sum / count : BASELINE)),
    ]),
  );
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
