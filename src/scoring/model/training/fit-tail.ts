import { fitBdwWithPrior, tailSurvival } from '../survival/beta-discrete-weibull.js';
import { type Lifetime, lifeTableOf } from '../survival/life-table.js';
import type { Tail } from './trained.js';

/** Months that a value looks ahead, at most, of an account that is already old. */
const FAR = 240;

/** Null: nobody has been seen to leave, or what was seen has no shape. */
export function fitTail(lifetimes: readonly Lifetime[]): Tail | null {
  const table = lifeTableOf(lifetimes);
  if (!table.lost.some((lost) => lost > 0)) return null;
  const { alpha, beta, power } = fitBdwWithPrior(table);
  const shape = { alpha, beta, power };
  const isFinite = [alpha, beta, power, tailSurvival(shape, 1), tailSurvival(shape, FAR)].every(
    Number.isFinite,
  );
  return isFinite ? shape : null;
}
