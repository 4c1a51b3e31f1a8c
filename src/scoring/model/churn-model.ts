import type { ChurnRisk, HazardCurve } from './churn-risk.js';
import type { Evaluation } from './evaluate.js';
import { type PriorModel, riskByPrior, typicalByPrior } from './prior-risk.js';
import type { Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';

/** What risk can come from: the one place where another kind of model is put in. Plain data, told apart by `basis`. */
export type ChurnModel = PriorModel;

/** Null: not predicted, as the account is not at risk (a trial, leaving, churned). */
export function riskOf(
  model: ChurnModel,
  card: Scorecard,
  account: ScoredAccount,
  evaluation: Pick<Evaluation, 'measureScores'>,
): ChurnRisk | null {
  return riskByPrior(model, card, account, evaluation);
}

/** How the average account goes on. */
export function typicalCurve(model: ChurnModel): HazardCurve {
  return typicalByPrior(model);
}
