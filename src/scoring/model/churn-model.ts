import type { ChurnRisk, HazardCurve } from './churn-risk.js';
import type { Evaluation } from './evaluate.js';
import { riskByFitted, typicalByFitted } from './fitted-risk.js';
import { type PriorModel, riskByPrior, typicalByPrior } from './prior-risk.js';
import type { Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';
import type { FittedChurn } from './training/trained.js';

/** The kinds of churn model; a new kind is added here. Plain data, distinguished by `basis`. */
export type ChurnModel = PriorModel | FittedChurn;

/** Null if not predicted because the account is not at risk (a trial, leaving, churned). */
export function riskOf(
  model: ChurnModel,
  card: Scorecard,
  account: ScoredAccount,
  evaluation: Pick<Evaluation, 'measureScores'>,
): ChurnRisk | null {
  return model.basis === 'prior'
    ? riskByPrior(model, card, account, evaluation)
    : riskByFitted(model, card, account, evaluation);
}

/** Survival of the average account, of the same age if the model knows ages. */
export function typicalCurve(model: ChurnModel, account: ScoredAccount): HazardCurve {
  return model.basis === 'prior' ? typicalByPrior(model) : typicalByFitted(model, account);
}
