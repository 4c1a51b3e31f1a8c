import type { WeightEvidence } from './suggest-weights.js';

/** Explains the weight suggested for a measure. */
export function evidenceText(evidence: WeightEvidence): string {
  const { from, to, se, churned, meanLeft, meanStayed } = evidence;
  if (meanLeft === null) return `unknown for all churned accounts: ${keptText(evidence)}`;
  if (meanStayed === null) return `unknown for all retained accounts: ${keptText(evidence)}`;
  const means = `${churned} churned accounts averaged ${Math.round(meanLeft)} of 100, retained accounts ${Math.round(meanStayed)}`;
  if (se === null) return `${means}: too little evidence, ${keptText(evidence)}`;
  if (to === 0) return `${means}: adds nothing to the other measures, dropped`;
  const isSharedOut = to < Math.round(from) && meanLeft < meanStayed;
  const moved = from === to ? '' : `; weight from ${from} to ${to}`;
  return `${means}${isSharedOut ? ', partly covered by other measures' : ''}${moved}`;
}

/** For a measure that history could not weigh: only rounding to whole percents can change its weight. */
function keptText({ from, to }: WeightEvidence): string {
  if (from === to) return 'weight kept';
  return to === 0 ? `weight ${from} rounds to 0` : `weight rounded from ${from} to ${to}`;
}
