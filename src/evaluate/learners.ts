import type { RawColumn } from '../scoring/model/ebm/columns.js';
import { fitEbm, type RunTasks } from '../scoring/model/ebm/fit.js';
import { EbmScorer } from '../scoring/model/ebm/scorer.js';
import { fitLogistic, logitsOf } from '../scoring/model/logistic.js';
import { designOf, planDesign } from '../scoring/model/logistic-design.js';

/** Predictions for rows the model has not seen. */
export interface Predictions {
  readonly logits: Float64Array;
  /** Mean absolute contribution to the logit of each feature (by name) or pair of features (both names). */
  readonly features: ReadonlyMap<string, number>;
  readonly pairs: ReadonlyMap<string, number>;
}

export type Learner = (
  train: readonly RawColumn[],
  labels: Uint8Array,
  test: readonly RawColumn[],
) => Promise<Predictions>;

export const PAIR_SIGN = ' × ';

export function ebmLearner(seed: number, run: RunTasks): Learner {
  return async (columns, labels, test) => {
    const model = await fitEbm({ columns, labels }, { seed }, run);
    const scores = new EbmScorer(model).score(test);
    const sizes = meanSizes(scores.contributions, model.features.length);
    const pairSizes = meanSizes(scores.pairContributions, model.pairs.length);
    const name = (index: number): string => model.features[index]?.name ?? '';
    return {
      logits: scores.logits,
      features: new Map(sizes.map((size, index) => [name(index), size])),
      pairs: new Map(
        model.pairs.map(({ features: [a, b] }, index) => [
          `${name(a)}${PAIR_SIGN}${name(b)}`,
          pairSizes[index] ?? 0,
        ]),
      ),
    };
  };
}

/** L2 with C = 1 on standardized numbers and one-hot categories. */
export const logisticLearner: Learner = (...args) =>
  Promise.resolve(args).then((all) => learnLogistic(...all));

function learnLogistic(...[train, labels, test]: Parameters<Learner>): Awaited<ReturnType<Learner>> {
  const plan = planDesign(train);
  const model = fitLogistic({ labels, ...designOf(plan, train) }, { weights: 1, intercept: 0 });
  const rows = { labels: new Uint8Array(test[0]?.values.length ?? 0), ...designOf(plan, test) };
  const features = new Map<string, number>();
  let from = 0;
  for (const column of train) {
    const to = from + planDesign([column]).names.length;
    features.set(column.name, meanSize(partsOf(model.weights, rows, from, to)));
    from = to;
  }
  return { logits: logitsOf(model, rows), features, pairs: new Map() };
}

/** Contribution of the design's columns from `from` to `to` − 1 to the logit of each row, relative to the average row. */
function partsOf(
  weights: Float64Array,
  { design, features }: { design: Float64Array; features: number },
  from: number,
  to: number,
): Float64Array {
  const parts = new Float64Array(features > 0 ? design.length / features : 0);
  for (let row = 0; row < parts.length; row++)
    for (let index = from; index < to; index++)
      parts[row] = (parts[row] ?? 0) + (weights[index] ?? 0) * (design[row * features + index] ?? 0);
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  return parts.map((part) => part - mean);
}

function meanSize(parts: Float64Array): number {
  return parts.reduce((sum, part) => sum + Math.abs(part), 0) / parts.length;
}

function meanSizes(parts: Float64Array, terms: number): number[] {
  const rows = terms > 0 ? parts.length / terms : 0;
  return Array.from({ length: terms }, (_, term) =>
    meanSize(Float64Array.from({ length: rows }, (_row, row) => parts[row * terms + term] ?? 0)),
  );
}
