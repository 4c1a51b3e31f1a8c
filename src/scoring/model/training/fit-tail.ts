import { randomFrom } from '../ebm/random.js';
import { fitBdwWithPrior, type TailShape, tailSurvival } from '../survival/beta-discrete-weibull.js';
import { type Lifetime, type LifeTable, lifeTableOf } from '../survival/life-table.js';
import type { Tail } from './trained.js';

/** Maximum age in months, from an old account plus the horizon of a value. */
const FAR = 240;
/** Months over which tails are compared. */
const COMPARED = 60;
const DRAWS = 20;

/** Null: no churn was observed, or no shape fits. Worst and best are the second of 20 from either end. */
export function fitTail(lifetimes: readonly Lifetime[], seed = 1): Tail | null {
  const table = lifeTableOf(lifetimes);
  if (!table.lost.some((lost) => lost > 0)) return null;
  const expected = shapeOf(table);
  if (!expected) return null;
  const random = randomFrom(seed);
  const drawn = Array.from({ length: DRAWS }, () => shapeOf(redrawn(table, random)) ?? expected).sort(
    (one, other) => monthsOf(one) - monthsOf(other),
  );
  return { expected, worst: drawn[1] ?? expected, best: drawn.at(-2) ?? expected };
}

function shapeOf(table: LifeTable): TailShape | null {
  const { alpha, beta, power } = fitBdwWithPrior(table);
  const shape = { alpha, beta, power };
  const isFinite = [alpha, beta, power, tailSurvival(shape, 1), tailSurvival(shape, FAR)].every(
    Number.isFinite,
  );
  return isFinite ? shape : null;
}

/** Redraws the churned accounts of each month: a parametric bootstrap, normal around the observed number. */
function redrawn({ atRisk, lost }: LifeTable, random: () => number): LifeTable {
  return {
    atRisk,
    lost: lost.map((gone, period) => {
      const of = atRisk[period] ?? 0;
      const sd = of > 0 ? Math.sqrt(gone * (1 - gone / of)) : 0;
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return Math.min(of, Math.max(0, gone + sd * normal));
    }),
  };
}

/** Expected months of the first COMPARED. */
function monthsOf(shape: TailShape): number {
  let sum = 0;
  for (let month = 1; month <= COMPARED; month++) sum += tailSurvival(shape, month);
  return sum;
}
