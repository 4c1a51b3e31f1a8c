import { calibrationOf } from '../../model/metrics.js';
import type { ModelCheck } from './model-checks.repository.js';

/** One window in a hundred exceeds this by chance; a judgment call. */
const CHANCE = 2.58;
/** With fewer expected outcomes chance is not normal; a judgment call. */
const MIN_COUNTED = 20;

export type WindowCheck = Omit<ModelCheck, 'versionId' | 'asOf'>;

/** Compares predictions with outcomes. `labels`: 0 or 1 per account. */
export function checkWindow(labels: readonly number[], probabilities: readonly number[]): WindowCheck {
  let [observed, expected, variance] = [0, 0, 0];
  labels.forEach((label, row) => {
    const probability = probabilities[row] ?? 0;
    observed += label;
    expected += probability;
    variance += probability * (1 - probability);
  });
  const standardDeviation = Math.sqrt(variance);
  const mixed = observed > 0 && observed < labels.length;
  const { intercept } = mixed ? calibrationOf(labels, probabilities) : { intercept: NaN };
  return {
    accounts: labels.length,
    observed,
    expected,
    standardDeviation,
    intercept: Number.isFinite(intercept) ? intercept : null,
    stale:
      Math.max(observed, expected) >= MIN_COUNTED &&
      Math.abs(observed - expected) > CHANCE * standardDeviation,
  };
}
