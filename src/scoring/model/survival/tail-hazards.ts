import { type TailShape, tailRetention } from './beta-discrete-weibull.js';

/** Nobody is followed longer. */
const MOST_MONTHS = 1_200;
/** A hazard stays off 0 and 1, where its logit has no number. */
const LEAST = 1e-6;

const known = new WeakMap<TailShape, Float64Array>();

/** At place t the probability of leaving in month t for who is there at its start, t from 1 on; worked out once of each shape. */
export function hazardsOf(shape: TailShape): Float64Array {
  let hazards = known.get(shape);
  if (!hazards) {
    hazards = Float64Array.from({ length: MOST_MONTHS + 1 }, (_, month) =>
      month === 0 ? LEAST : Math.min(1 - LEAST, Math.max(LEAST, 1 - tailRetention(shape, month))),
    );
    known.set(shape, hazards);
  }
  return hazards;
}
