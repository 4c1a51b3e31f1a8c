import type { StoredScore } from '../scores/stored-scores.repository.js';
import type { HealthOfDay, RiskOfDay, ScoreOfDay } from './score-history.dto.js';

export function healthOfDay({ score }: StoredScore): HealthOfDay {
  return {
    score: score.health === null ? null : score.health / 100,
    band: score.band,
    confidence: score.confidence / 10_000,
  };
}

export function riskOfDay({ score }: StoredScore): RiskOfDay | null {
  return score.risk && { probability: score.risk.probability };
}

export function scoreOfDay(stored: StoredScore): ScoreOfDay {
  const { score, currency, card } = stored;
  const mrr = score.features['mrr'] ?? null;
  return {
    asOf: stored.asOf,
    health: healthOfDay(stored),
    churnRisk: riskOfDay(stored),
    expectedLoss: score.money && { amount: score.money.expectedLoss, currency },
    mrr: mrr === null ? null : { amount: mrr, currency },
    scorecard: { key: card.card.key, version: card.version },
  };
}
