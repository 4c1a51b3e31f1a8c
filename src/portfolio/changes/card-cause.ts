import { chooseCard } from '../../scoring/model/choose-card.js';
import type { DescribedScore } from '../scores/describe-score.js';

/**
 * Why another card serves the account: `definition` when the cards were changed, `account` when the account itself went to another tier, stage
 * or status that a card of its own is for. Null: the same card.
 */
export type CardCause = 'definition' | 'account' | null;

export function cardCause(from: DescribedScore, to: DescribedScore): CardCause {
  if (from.card.scorecardId === to.card.scorecardId) return null;
  const isMoved =
    from.card.card.key !== to.card.card.key &&
    (chooseCard([from.card], to.score) === null || chooseCard([to.card], from.score) === null);
  return isMoved ? 'account' : 'definition';
}
