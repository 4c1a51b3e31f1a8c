import type { WeightEvidence } from './suggest-weights.js';

/** Why a measure has the weight that is suggested for it. */
export function evidenceText({ from, to, se, churned, meanLeft, meanStayed }: WeightEvidence): string {
  if (meanLeft === null) return 'not known of anybody who left: it keeps its weight';
  if (meanStayed === null) return 'not known of anybody who stayed: it keeps its weight';
  const means = `${churned} who left scored ${Math.round(meanLeft)} of 100 on average, those who stayed ${Math.round(meanStayed)}`;
  if (se === null) return `${means}: that tells too little, it keeps its weight`;
  if (to === 0) return `${means}: beside the other measures it tells nothing, it is left out`;
  const isSharedOut = to < Math.round(from) && meanLeft < meanStayed;
  return isSharedOut ? `${means}: others say part of it` : means;
}
