import type { AppliesTo, Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';

type Who = Pick<ScoredAccount, 'tier' | 'stage' | 'status'>;

/**
 * The one card that serves an account: of those that match, the most specific (naming the status tells more than the stage, the
 * stage more than the tier, and each more than nothing); of equals the first. Null when none matches.
 */
export function chooseCard<T extends { readonly card: Pick<Scorecard, 'appliesTo'> }>(
  cards: readonly T[],
  account: Who,
): T | null {
  let chosen: T | null = null;
  for (const one of cards) {
    const { appliesTo } = one.card;
    if (!matches(appliesTo, account)) continue;
    if (chosen === null || specificity(appliesTo) > specificity(chosen.card.appliesTo)) chosen = one;
  }
  return chosen;
}

function matches({ tiers, stages, statuses }: AppliesTo = {}, { tier, stage, status }: Who): boolean {
  return (
    (tiers === undefined || tiers.includes(tier)) &&
    (stages === undefined || (stage !== null && stages.includes(stage))) &&
    (statuses === undefined || statuses.includes(status))
  );
}

function specificity({ tiers, stages, statuses }: AppliesTo = {}): number {
  return (statuses ? 4 : 0) + (stages ? 2 : 0) + (tiers ? 1 : 0);
}
