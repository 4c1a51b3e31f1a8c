import type { Block } from './blocks.js';
import { quickProbability } from './quick-probability.js';
import { fitSmooth, type PenalisedBlock, type SmoothFit, type SmoothRows } from './smooth.js';

/** Initial penalty: a function of standard deviation 1 moves the logit by about a tenth. */
const FIRST_PENALTY = 100;
/** With this penalty one standard deviation moves the logit by about 1 at most. */
const MIN_PENALTY = 1;
/** With this penalty a block moves the logit by less than .01 and is dropped. */
const MAX_PENALTY = 20_000;
/** Gamma prior of the penalty: shrinks by half a function more than the rows suggest, to let less noise through. Chosen on simulated companies. */
const HELD_BACK = 0.5;
const ROUNDS = 8;
const FIRST_STEPS = 3;
const STEPS = 1;

export interface Penalised {
  readonly kept: readonly PenalisedBlock[];
  /** The intercept and the weights of the functions of those. */
  readonly weights: Float64Array;
}

/**
 * A penalty for each block by empirical Bayes: the penalties under which the rows are most likely, by
 * MacKay's fixed point λ = (γ + ½) / Σ β², γ = functions − λ Σ variances (Neural Computation 1992, 4:415; for additive models Wood & Fasiolo 2017).
 * Blocks without signal are dropped.
 */
export function choosePenalties(rows: SmoothRows, blocks: readonly Block[]): Penalised {
  const functions = blocks.reduce((sum, block) => sum + block.functions.length, 0);
  const first = Math.min(FIRST_PENALTY, informationOf(rows));
  let penalised: Penalised = {
    kept: blocks.map((block) => ({ ...block, penalty: first })),
    weights: new Float64Array(1 + functions),
  };
  for (let round = 0; round < ROUNDS && penalised.kept.length > 0; round++) {
    const { kept, weights } = penalised;
    const fit = fitSmooth(rows, kept, weights, round === 0 ? FIRST_STEPS : STEPS);
    if (!fit) return { kept: [], weights: new Float64Array(1) };
    penalised = update(kept, fit);
  }
  return penalised;
}

/** Σ w p (1 − p): the information the rows hold about a function of standard deviation 1. */
function informationOf({ inside, weights, logits }: SmoothRows): number {
  let sum = 0;
  for (let row = 0; row < inside; row++) {
    const p = quickProbability(logits[row] as number);
    sum += (weights[row] as number) * p * (1 - p);
  }
  return sum;
}

function update(blocks: readonly PenalisedBlock[], { weights, variances }: SmoothFit): Penalised {
  const kept: PenalisedBlock[] = [];
  const left: number[] = [weights[0] as number];
  let from = 1;
  for (const block of blocks) {
    const to = from + block.functions.length;
    const own = weights.subarray(from, to);
    const squares = own.reduce((sum, weight) => sum + weight * weight, 0);
    const uncertain = variances.subarray(from, to).reduce((sum, variance) => sum + variance, 0);
    const penalty = Math.max(MIN_PENALTY, (own.length - block.penalty * uncertain + HELD_BACK) / squares);
    if (penalty < MAX_PENALTY) {
      kept.push({ ...block, penalty });
      left.push(...own);
    }
    from = to;
  }
  return { kept, weights: Float64Array.from(left) };
}
