import { blankRecord } from '../../platform/blank-record.js';
import { type AccountFeatures, STATUSES } from '../features/account-features.js';
import type { Layout, StoredLayout } from '../features/layouts.repository.js';
import type { ChurnRisk } from '../model/churn-risk.js';
import type { Adjustment, Evaluation } from '../model/evaluate.js';
import type { ExpansionSignal } from '../model/expansion.js';
import { type Band, BANDS } from '../model/scorecard.js';
import type { FeatureValues, ScoredAccount } from '../model/scored-account.js';
import type { AccountValue } from '../model/value.js';

/** Columns of `account_score` that hold the score itself. Scores are hundredths of a point, probabilities ten-thousandths, money minor units. */
export interface PackedScore {
  layout_id: number;
  scorecard_id: number;
  mrr: number | null;
  health: number | null;
  confidence: number;
  /** Indexes in BANDS and STATUSES, to which values may only be appended. */
  band: number;
  status: number;
  tier: string;
  stage: string | null;
  renews_at: string | null;
  features: (number | null)[];
  contributions: number[];
  adjustments: number[];
  /** Null, like the other three risk columns, if not predicted. */
  churn_risk: number | null;
  churn_risk_low: number | null;
  churn_risk_high: number | null;
  churn_risk12m: number | null;
  /** Null, like the other three value columns, if unknown. */
  ltv: number | null;
  ltv_low: number | null;
  ltv_high: number | null;
  expected_loss: number | null;
  expansion: number | null;
  contraction: number | null;
  signals: readonly ExpansionSignal[] | null;
}

/** Probabilities are stored to four decimals. */
export const RISK_SCALE = 10_000;

/** The parts a score is packed from. */
export interface ScoreParts {
  readonly card: { readonly scorecardId: number };
  readonly evaluation: Evaluation;
  /** Null if not predicted. */
  readonly risk: Pick<ChurnRisk, 'probability' | 'low' | 'high' | 'probability12m'> | null;
  /** Null if MRR is unknown or nothing is predicted. */
  readonly value: Pick<AccountValue, 'ltv' | 'ltvLow' | 'ltvHigh' | 'expectedLoss'> | null;
  readonly signals: readonly ExpansionSignal[];
  readonly expansion: number | null;
  readonly contraction: number | null;
}

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
  { card, evaluation, risk, value, signals, expansion, contraction }: ScoreParts,
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
    churn_risk: packedShare(risk?.probability),
    churn_risk_low: packedShare(risk?.low),
    churn_risk_high: packedShare(risk?.high),
    churn_risk12m: packedShare(risk?.probability12m),
    ltv: packedAmount(value?.ltv),
    ltv_low: packedAmount(value?.ltvLow),
    ltv_high: packedAmount(value?.ltvHigh),
    expected_loss: packedAmount(value?.expectedLoss),
    expansion: packedShare(expansion),
    contraction: packedShare(contraction),
    signals: signals.length > 0 ? signals : null,
  };
}

type Known = number | null | undefined;
const packedShare = (share: Known): number | null =>
  share === null || share === undefined ? null : Math.round(RISK_SCALE * share);
const shareOf = (packed: number | null): number | null => (packed === null ? null : packed / RISK_SCALE);

/** Larger numbers are not exact; no amount gets there. */
function packedAmount(amount: Known): number | null {
  if (amount === null || amount === undefined) return null;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, amount));
}

const blanks = new WeakMap<Layout, () => Record<string, null>>();

/** Created once per layout. */
function blankOf(layout: Layout): () => Record<string, null> {
  let blank = blanks.get(layout);
  if (!blank) blanks.set(layout, (blank = blankRecord([...layout.map(({ key }) => key), 'mrr'])));
  return blank;
}

/** Restores exactly what was packed. */
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
    risk: riskOf(row),
    money: moneyOf(row),
    expansion: shareOf(row.expansion),
    contraction: shareOf(row.contraction),
    signals: row.signals ?? [],
    renewsAt: row.renews_at,
  };
}

function riskOf(row: PackedScore): StoredRisk | null {
  if (row.churn_risk === null) return null;
  return {
    probability: row.churn_risk / RISK_SCALE,
    low: (row.churn_risk_low ?? 0) / RISK_SCALE,
    high: (row.churn_risk_high ?? 0) / RISK_SCALE,
    probability12m: (row.churn_risk12m ?? 0) / RISK_SCALE,
  };
}

function moneyOf({ ltv, ltv_low, ltv_high, expected_loss }: PackedScore): StoredMoney | null {
  if (ltv === null) return null;
  return { ltv, ltvLow: ltv_low ?? 0, ltvHigh: ltv_high ?? 0, expectedLoss: expected_loss ?? 0 };
}
