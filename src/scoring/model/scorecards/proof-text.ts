import type { CardProof } from './card-proof.js';
import type { PastRows } from './past-rows.js';

/** A difference of more standard errors than this is not put down to chance. */
const SURE = 2;
/** With fewer churned accounts than this, no verdict is given; a judgment call. */
const MIN_CHURNED = 10;

/** Sums up a proof in a sentence or two. `heldOut`: each account was scored with weights learned from the other accounts. */
export function proofText(proof: CardProof, { heldOut = false } = {}): string {
  const { left, days, before, after, rows, sampled } = proof;
  const months = days.length === 1 ? `At ${days[0]}` : `At ${days.length} month-ends from ${days[0]}`;
  const lot = sampled
    ? ` (all churned accounts and a random sample of ${sampled.accounts} of the ${sampled.of} retained ones)`
    : '';
  const learned = heldOut ? ', each account scored with weights learned from the others' : '';
  const figures = `AUC ${after.auc.toFixed(3)} after, ${before.auc.toFixed(3)} before${learned}`;
  return `${months}, ${left} of ${rows} accounts churned within 90 days${lot}: ${figures}. ${verdictOn(proof)}`;
}

function verdictOn({ left, difference: { auc, se } }: CardProof): string {
  if (left < MIN_CHURNED) return 'That is too few to compare the two.';
  const size = `difference ${auc.toFixed(3)}, standard error ${se.toFixed(3)}`;
  if (Math.abs(auc) <= SURE * se || auc === 0) return `No clear difference: ${size}.`;
  return auc > 0 ? `Better ranking: ${size}.` : `Worse ranking: ${size}.`;
}

/** Explains why there is no proof. */
export function noProofText({ days, left }: Pick<PastRows, 'days' | 'left'>): string {
  if (left.length === 0) {
    return 'No paying accounts at month-ends old enough for the outcome to be known (90 days plus `GRACE_DAYS`).';
  }
  const who = left.includes(1) ? 'Every account' : 'No account';
  const when = days.length === 1 ? `after ${days[0]}` : `after any of ${days.length} month-ends`;
  return `${who} churned within 90 days ${when}, so history cannot compare the scorecards.`;
}
