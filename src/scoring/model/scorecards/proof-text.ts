import type { CardProof } from './card-proof.js';
import type { PastRows } from './past-rows.js';

/** Beyond so many standard errors a difference is not put down to chance. */
const SURE = 2;
/** With fewer who left no difference is told; a judgement. */
const LEAST_LEFT = 10;

/** What a proof says, in a sentence or two. `heldOut`: each account was judged by weights that were learned from the others. */
export function proofText(proof: CardProof, { heldOut = false } = {}): string {
  const { left, days, before, after, rows, sampled } = proof;
  const months = days.length === 1 ? `At ${days[0]}` : `At ${days.length} month-ends from ${days[0]}`;
  const lot = sampled
    ? ` (all who left and ${sampled.accounts} of ${sampled.of} accounts that stayed, drawn by lot)`
    : '';
  const learned = heldOut ? ', each account judged by weights that were learned from the others' : '';
  const figures = `AUC ${after.auc.toFixed(3)} after, ${before.auc.toFixed(3)} before${learned}`;
  return `${months} ${left} of ${rows} left within 90 days${lot}: ${figures}. ${verdictOn(proof)}`;
}

function verdictOn({ left, difference: { auc, se } }: CardProof): string {
  if (left < LEAST_LEFT) return `That is too few to tell whether it is better.`;
  const size = `the difference of ${auc.toFixed(3)} has a standard error of ${se.toFixed(3)}`;
  if (Math.abs(auc) <= SURE * se || auc === 0) return `Neither is better for sure: ${size}.`;
  return auc > 0 ? `It tells better who leaves: ${size}.` : `It tells worse who leaves: ${size}.`;
}

/** Why there is no proof. */
export function noProofText({ days, left }: Pick<PastRows, 'days' | 'left'>): string {
  if (left.length === 0) {
    return 'No paying accounts are known at month-ends old enough to tell what came of them: it takes 90 days and those of grace.';
  }
  const who = left.includes(1) ? 'Everybody' : 'Nobody';
  const when = days.length === 1 ? `after ${days[0]}` : `after any of ${days.length} month-ends`;
  return `${who} left within 90 days ${when}, so the past cannot tell which scorecard is better.`;
}
