import type { ChurnRisk } from '../model/churn-risk.js';
import { holdOn } from '../model/expansion.js';
import type { Scorecard } from '../model/scorecard.js';
import type { UnpackedScore } from './packed-score.js';
import type { AccountListItem, Money } from './list-item.dto.js';
import { topReasons } from './top-reasons.js';

/** Version of `AccountListItem`'s shape; increase it with every change, so that items of an older release are not served. */
export const ITEM_VERSION = 1;

export interface Names {
  readonly id: string;
  readonly name: string | null;
  readonly csm: string | null;
}

export interface ItemParts {
  readonly names: Names;
  readonly score: UnpackedScore;
  readonly card: Scorecard;
  /** The score's evaluation, recomputed. */
  readonly risk: ChurnRisk | null;
  readonly basis: string;
  readonly currency: string;
  /** Hundredths of a point, 30 days before; absent if unknown. */
  readonly healthBefore?: number | undefined;
}

export function listItem({
  names,
  score,
  card,
  risk,
  basis,
  currency,
  healthBefore,
}: ItemParts): AccountListItem {
  const { health, money } = score;
  const mrr = score.features['mrr'] ?? null;
  const amount = (minor: number | null | undefined): Money | null =>
    minor === null || minor === undefined ? null : { amount: minor, currency };
  // Listed one by one: a spread makes each object several times as slow to create.
  return {
    id: names.id,
    name: names.name,
    csm: names.csm,
    tier: score.tier,
    stage: score.stage,
    status: score.status,
    mrr: amount(mrr),
    renewsAt: score.renewsAt,
    health: {
      score: health === null ? null : health / 100,
      band: score.band,
      confidence: score.confidence / 10_000,
      change30d: health === null || healthBefore === undefined ? null : (health - healthBefore) / 100,
    },
    churnRisk: score.risk && {
      probability: score.risk.probability,
      probability12m: score.risk.probability12m,
      basis,
    },
    expectedLoss: amount(money?.expectedLoss),
    ltv: amount(money?.ltv),
    expansion: {
      probability: score.expansion,
      signals: score.signals.map(({ key }) => key),
      hold: score.signals.length > 0 ? (holdOn(score, score.band)?.key ?? null) : null,
    },
    topReasons: topReasons(card, score, risk),
  };
}
