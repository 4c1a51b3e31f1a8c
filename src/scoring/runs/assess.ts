import type { AccountFeatures } from '../features/account-features.js';
import { chooseCard } from '../model/choose-card.js';
import { riskOf, typicalCurve } from '../model/churn-model.js';
import type { ChurnRisk } from '../model/churn-risk.js';
import { evaluate, type Evaluation, type Override } from '../model/evaluate.js';
import { type ExpansionSignal, signalsOf } from '../model/expansion.js';
import { liftOf, propensityOf } from '../model/propensity.js';
import type { ScoredAccount } from '../model/scored-account.js';
import { type AccountValue, valueOf } from '../model/value.js';
import type { StoredModel } from '../models/models.repository.js';
import type { StoredCard } from '../scorecards/scorecards.repository.js';

/** Everything computed from an account's features. */
export interface Assessment {
  readonly card: StoredCard;
  readonly evaluation: Evaluation;
  /** Null if not predicted. */
  readonly risk: ChurnRisk | null;
  /** Null if MRR is unknown or nothing is predicted. */
  readonly value: AccountValue | null;
  readonly signals: readonly ExpansionSignal[];
  /** Null if it cannot expand. */
  readonly expansion: number | null;
  /** Null if not predicted. */
  readonly contraction: number | null;
}

/** The scorecard for the account; the first one if none matches, which means the last scorecard for all was retired. */
export function cardFor(cards: readonly StoredCard[], account: ScoredAccount): StoredCard {
  const card = chooseCard(cards, account) ?? cards[0];
  if (!card) throw new Error('there is no scorecard');
  return card;
}

export function assess(
  card: StoredCard,
  model: StoredModel,
  account: AccountFeatures,
  override?: Override,
): Assessment {
  const evaluation = evaluate(card.card, account, override);
  const risk = riskOf(model.churn, card.card, account, evaluation);
  const mrr = account.features.mrr;
  const value = valueOf({
    mrr,
    status: account.status,
    risk,
    typical: () => typicalCurve(model.churn, account),
    terms: model.terms,
  });
  const signals = signalsOf(account);
  const expansion = risk && propensityOf(model.expansion, liftOf(signals), account);
  const contraction = risk && model.contraction && propensityOf(model.contraction, -risk.health, account);
  return { card, evaluation, risk, value, signals, expansion, contraction };
}

export interface AssessedAccount {
  readonly account: AccountFeatures;
  readonly assessment: Assessment;
}
