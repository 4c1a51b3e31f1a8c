import type { WeightEvidence } from './suggest-weights.js';

/** Why a measure has the weight that is suggested for it, and what it had. */
export function evidenceText(evidence: WeightEvidence): string {
  const { from, to, se, churned, meanLeft, meanStayed } = evidence;
  if (meanLeft === null) return `not known of anybody who left: ${keptText(evidence)}`;
  if (meanStayed === null) return `not known of anybody who stayed: ${keptText(evidence)}`;
  const means = `${churned} who left scored ${Math.round(meanLeft)} of 100 on average, those who stayed ${Math.round(meanStayed)}`;
  if (se === null) return `${means}: that tells too little, ${keptText(evidence)}`;
  if (to === 0) return `${means}: beside the other measures it tells nothing, it is left out`;
  const isSharedOut = to < Math.round(from) && meanLeft < meanStayed;
  const moved = from === to ? '' : `; weight from ${from} to ${to}`;
  return `${means}${isSharedOut ? ': others say part of it' : ''}${moved}`;
}

/** Of what history did not weigh: a draft has whole percents. */
function keptText({ from, to }: WeightEvidence): string {
  if (from === to) return 'it keeps its weight';
  return to === 0
    ? `of a weight of ${from} nothing is left in whole percents`
    : `its weight is rounded from ${from} to ${to}`;
}
