import type { Tail } from '../training/trained.js';
import { type TailShape, tailRetention } from './beta-discrete-weibull.js';

/** Maximum number of months. */
const MAX_MONTHS = 1_200;
/** Keeps hazards away from 0 and 1, where the logit is infinite. */
const LEAST = 1e-6;

type Hazards = Readonly<Record<keyof Tail, Float64Array>>;

const known = new WeakMap<Tail, Hazards>();

/**
 * At index t the churn probability in month t for accounts active at its start, t from 1; computed once per tail. Where the worst or the best
 * shape crosses the expected one, the expected one is used.
 */
export function hazardsOf(tail: Tail): Hazards {
  let hazards = known.get(tail);
  if (!hazards) {
    const expected = ofShape(tail.expected);
    const at = (month: number): number => expected[month] ?? LEAST;
    hazards = {
      expected,
      worst: ofShape(tail.worst).map((hazard, month) => Math.max(hazard, at(month))),
      best: ofShape(tail.best).map((hazard, month) => Math.min(hazard, at(month))),
    };
    known.set(tail, hazards);
  }
  return hazards;
}

function ofShape(shape: TailShape): Float64Array {
  return Float64Array.from({ length: MAX_MONTHS + 1 }, (_, month) =>
    month === 0 ? LEAST : Math.min(1 - LEAST, Math.max(LEAST, 1 - tailRetention(shape, month))),
  );
}
