import type { RawColumn } from '../ebm/columns.js';
import type { EbmModel } from '../ebm/model.js';
import { EbmScorer } from '../ebm/scorer.js';

export interface Strength {
  /** One, or the two of a pair. */
  readonly features: readonly string[];
  /** The mean size of what it adds to the logit. */
  readonly strength: number;
}

/** Over the rows of `columns`, the strongest first. */
export function strongestOf(model: EbmModel, columns: readonly RawColumn[]): Strength[] {
  const { contributions, pairContributions } = new EbmScorer(model).score(columns);
  const names = model.features.map(({ name }) => name);
  return [
    ...meanSizes(contributions, names.length).map((strength, place) => ({
      features: [names[place] as string],
      strength,
    })),
    ...meanSizes(pairContributions, model.pairs.length).map((strength, place) => ({
      features: (model.pairs[place]?.features ?? []).map((feature) => names[feature] as string),
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
