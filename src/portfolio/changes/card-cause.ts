import { chooseCard } from '../../scoring/model/choose-card.js';
import type { DescribedScore } from '../scores/describe-score.js';

/**
 * Why another scorecard applies to the account: `definition` if the scorecards were changed, `account` if the account
 * moved to another tier, stage or status. Null if the scorecard is the same.
 */
export type CardCause = 'definition' | 'account' | null;

export function cardCause(from: DescribedScore, to: DescribedScore): CardCause {
  if (from.card.scorecardId === to.card.scorecardId) return null;
  const isMoved =
    from.card.card.key !== to.card.card.key &&
    (chooseCard([from.card], to.score) === null || chooseCard([to.card], from.score) === null);
  return isMoved ? 'account' : 'definition';
}
