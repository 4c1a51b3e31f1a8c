import type { RawColumn } from '../ebm/columns.js';
import type { EbmModel } from '../ebm/model.js';
import { EbmScorer } from '../ebm/scorer.js';

export interface Strength {
  /** One feature, or the two of a pair. */
  readonly features: readonly string[];
  /** Mean absolute contribution to the logit. */
  readonly strength: number;
}

/** Features and pairs by strength over the rows of `columns`, strongest first. */
export function strongestOf(model: EbmModel, columns: readonly RawColumn[]): Strength[] {
  const { contributions, pairContributions } = new EbmScorer(model).score(columns);
  const names = model.features.map(({ name }) => name);
  return [
    ...meanSizes(contributions, names.length).map((strength, index) => ({
      features: [names[index] as string],
      strength,
    })),
    ...meanSizes(pairContributions, model.pairs.length).map((strength, index) => ({
      features: (model.pairs[index]?.features ?? []).map((feature) => names[feature] as string),
      strength,
    })),
  ].sort((a, b) => b.strength - a.strength);
}

function meanSizes(values: Float64Array, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  const rows = width > 0 ? values.length / width : 0;
  values.forEach((value, at) => (sums[at % width] = (sums[at % width] as number) + Math.abs(value) / rows));
  return sums;
}
