import { randomFrom } from '../ebm/random.js';
import { fitBdwWithPrior, type TailShape, tailSurvival } from '../survival/beta-discrete-weibull.js';
import { type Lifetime, type LifeTable, lifeTableOf } from '../survival/life-table.js';
import type { Tail } from './trained.js';

/** Months that a value looks ahead, at most, of an account that is already old. */
const FAR = 240;
/** Months over which one tail is better than another. */
const COMPARED = 60;
const DRAWS = 20;

/** Null: nobody has been seen to leave, or what was seen has no shape. Worst and best are the second of 20 from either end. */
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

/** Who left in each month, as it might have been: the parametric bootstrap, normal about what was seen. */
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
