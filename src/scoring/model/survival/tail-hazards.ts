import type { Tail } from '../training/trained.js';
import { type TailShape, tailRetention } from './beta-discrete-weibull.js';

/** Nobody is followed longer. */
const MOST_MONTHS = 1_200;
/** A hazard stays off 0 and 1, where its logit has no number. */
const LEAST = 1e-6;

type Hazards = Readonly<Record<keyof Tail, Float64Array>>;

const known = new WeakMap<Tail, Hazards>();

/**
 * At place t the probability of leaving in month t for who is there at its start, t from 1 on; worked out once of each tail. The worst and the
 * best shape may cross the expected one at some ages: there they are as it is.
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
  return Float64Array.from({ length: MOST_MONTHS + 1 }, (_, month) =>
    month === 0 ? LEAST : Math.min(1 - LEAST, Math.max(LEAST, 1 - tailRetention(shape, month))),
  );
}
