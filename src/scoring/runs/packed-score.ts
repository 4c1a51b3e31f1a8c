import { blankRecord } from '../../platform/blank-record.js';
import { type AccountFeatures, STATUSES } from '../features/account-features.js';
import type { Layout, StoredLayout } from '../features/layouts.repository.js';
import type { Adjustment } from '../model/evaluate.js';
import type { ExpansionSignal } from '../model/expansion.js';
import { type Band, BANDS } from '../model/scorecard.js';
import type { FeatureValues, ScoredAccount } from '../model/scored-account.js';
import type { Assessment } from './assess.js';

/** Columns of `account_score` that hold the score itself. */
export interface PackedScore {
  layout_id: number;
  scorecard_id: number;
  mrr: number | null;
  health: number | null;
  confidence: number;
  /** Places in BANDS and STATUSES, which may only grow at their ends. */
  band: number;
  status: number;
  tier: string;
  stage: string | null;
  renews_at: string | null;
  features: (number | null)[];
  contributions: number[];
  adjustments: number[];
  risk: number[] | null;
  money: number[] | null;
  expansion: number | null;
  contraction: number | null;
  signals: readonly ExpansionSignal[] | null;
}

/** Probabilities are kept to their ten-thousandths. */
export const RISK_SCALE = 10_000;

export interface StoredRisk {
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  readonly probability12m: number;
}

/** Whole minor units. */
export interface StoredMoney {
  readonly ltv: number;
  readonly ltvLow: number;
  readonly ltvHigh: number;
  readonly expectedLoss: number;
}

export interface UnpackedScore extends ScoredAccount {
  readonly health: number | null;
  readonly band: Band;
  readonly confidence: number;
  readonly contributions: readonly number[];
  readonly adjustments: readonly Adjustment[];
  readonly risk: StoredRisk | null;
  readonly money: StoredMoney | null;
  readonly expansion: number | null;
  readonly contraction: number | null;
  readonly signals: readonly ExpansionSignal[];
  readonly renewsAt: string | null;
}

export function pack(
  { layoutId, layout }: StoredLayout,
  account: AccountFeatures,
  { card, evaluation, risk, value, signals, expansion, contraction }: Assessment,
): PackedScore {
  const values: FeatureValues = account.features;
  return {
    layout_id: layoutId,
    scorecard_id: card.scorecardId,
    mrr: account.features.mrr,
    health: evaluation.score,
    confidence: evaluation.confidence,
    band: BANDS.indexOf(evaluation.band),
    status: STATUSES.indexOf(account.status),
    tier: account.tier,
    stage: account.stage,
    renews_at: account.renewsAt,
    features: layout.map(({ key, decimals }) => {
      const value = values[key] ?? null;
      return value === null ? null : Math.round(value * 10 ** decimals);
    }),
    contributions: [...evaluation.contributions],
    adjustments: evaluation.adjustments.flatMap(({ cap, contribution }) => [cap, contribution]),
    risk:
      risk &&
      [risk.probability, risk.low, risk.high, risk.probability12m].map((share) =>
        Math.round(RISK_SCALE * share),
      ),
    money: value && [value.ltv, value.ltvLow, value.ltvHigh, value.expectedLoss].map(storable),
    expansion: shareOf(expansion),
    contraction: shareOf(contraction),
    signals: signals.length > 0 ? signals : null,
  };
}

const shareOf = (probability: number | null): number | null =>
  probability === null ? null : Math.round(RISK_SCALE * probability);

/** Beyond this a number is not exact; no money is. */
function storable(amount: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, amount));
}

const blanks = new WeakMap<Layout, () => Record<string, null>>();

/** Made once of each layout. */
function blankOf(layout: Layout): () => Record<string, null> {
  let blank = blanks.get(layout);
  if (!blank) blanks.set(layout, (blank = blankRecord([...layout.map(({ key }) => key), 'mrr'])));
  return blank;
}

/** What was packed, to the last digit. */
export function unpack(layout: Layout, row: PackedScore): UnpackedScore {
  const features: Record<string, number | null> = blankOf(layout)();
  layout.forEach(({ key, decimals }, place) => {
    const value = row.features[place] ?? null;
    features[key] = value === null ? null : value / 10 ** decimals;
  });
  features['mrr'] = row.mrr;
  const adjustments = [];
  for (let place = 0; place < row.adjustments.length; place += 2) {
    adjustments.push({ cap: row.adjustments[place] ?? 0, contribution: row.adjustments[place + 1] ?? 0 });
  }
  const [probability = 0, low = 0, high = 0, probability12m = 0] = (row.risk ?? []).map(
    (share) => share / RISK_SCALE,
  );
  const [ltv = 0, ltvLow = 0, ltvHigh = 0, expectedLoss = 0] = row.money ?? [];
  return {
    status: STATUSES[row.status] ?? 'active',
    tier: row.tier,
    stage: row.stage,
    features,
    health: row.health,
    band: BANDS[row.band] ?? 'unknown',
    confidence: row.confidence,
    contributions: row.contributions,
    adjustments,
    risk: row.risk && { probability, low, high, probability12m },
    money: row.money && { ltv, ltvLow, ltvHigh, expectedLoss },
    expansion: row.expansion === null ? null : row.expansion / RISK_SCALE,
    contraction: row.contraction === null ? null : row.contraction / RISK_SCALE,
    signals: row.signals ?? [],
    renewsAt: row.renews_at,
  };
}
