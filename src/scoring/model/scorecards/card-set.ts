import type { Scorecard } from '../scorecard.js';

interface CardInUse {
  readonly card: Scorecard;
  /** Whether it comes with Steward. */
  readonly builtIn: boolean;
}

/** The cards in use, in the order in which they are chosen from, as they would be with one in the place of that of its key, or as a new one. */
export function withCard<T extends CardInUse>(inUse: readonly T[], card: Scorecard): (T | CardInUse)[] {
  const others = inUse.filter((one) => one.card.key !== card.key);
  const made = [...others.filter(({ builtIn }) => !builtIn), { card, builtIn: false }];
  // By key in code points, as the database has them.
  made.sort((one, other) => (one.card.key < other.card.key ? -1 : 1));
  return [...made, ...others.filter(({ builtIn }) => builtIn)];
}
