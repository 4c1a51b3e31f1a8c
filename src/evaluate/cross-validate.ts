import type { RawColumn } from '../scoring/model/ebm/columns.js';
import { probabilityOf } from '../scoring/model/logit.js';
import {
  auc,
  brier,
  calibrationOf,
  ece,
  liftAt,
  logLoss,
  prAuc,
  precisionAt,
} from '../scoring/model/metrics.js';
import { stratifiedFolds } from './folds.js';
import type { Predictions, Learner } from './learners.js';

/** Mean and sample standard deviation over the folds. Null if the figure is undefined in a fold, such as the slope of a constant prediction. */
export interface Figure {
  readonly mean: number | null;
  readonly sd: number | null;
}

const TOP = 0.1;

const FIGURES = {
  auc,
  prAuc,
  brier,
  logLoss,
  ece,
  calibrationSlope: (labels, p) => calibrationOf(labels, p).slope,
  calibrationIntercept: (labels, p) => calibrationOf(labels, p).intercept,
  liftAt10: (labels, p) => liftAt(labels, p, TOP),
  precisionAt10: (labels, p) => precisionAt(labels, p, TOP),
} satisfies Record<string, (labels: Uint8Array, probabilities: Float64Array) => number>;

export type FigureName = keyof typeof FIGURES;

/** Mean absolute contribution to the logit over the folds, and the number of folds with it. */
export interface Strength {
  readonly name: string;
  readonly meanLogit: number;
  readonly folds: number;
}

export interface CrossValidation {
  /** `ece`: the mean pools the out-of-fold rows in 10 bins of equal count, because a single fold's value is mostly noise. */
  readonly figures: Readonly<Record<FigureName, Figure>>;
  /** Strongest first. */
  readonly features: readonly Strength[];
  readonly pairs: readonly Strength[];
}

/** Each fold is predicted by a model of the others. */
export async function crossValidate(
  columns: readonly RawColumn[],
  labels: Uint8Array,
  { folds, seed }: { folds: number; seed: number },
  learn: Learner,
): Promise<CrossValidation> {
  const foldOf = stratifiedFolds(labels, folds, seed);
  const pooled = new Float64Array(labels.length);
  const predictions: Predictions[] = [];
  const values: Record<FigureName, number>[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const rows = [...labels.keys()];
    const train = rows.filter((row) => foldOf[row] !== fold);
    const test = rows.filter((row) => foldOf[row] === fold);
    const one = await learn(
      columns.map((column) => pick(column, train)),
      Uint8Array.from(train, (row) => labels[row] ?? 0),
      columns.map((column) => pick(column, test)),
    );
    predictions.push(one);
    const probabilities = one.logits.map(probabilityOf);
    test.forEach((row, at) => (pooled[row] = probabilities[at] ?? 0));
    values.push(
      figuresOf(
        Uint8Array.from(test, (row) => labels[row] ?? 0),
        probabilities,
      ),
    );
  }
  return {
    figures: { ...summary(values), ece: { ...summary(values).ece, mean: ece(labels, pooled) } },
    features: strengths(predictions.map(({ features }) => features)),
    pairs: strengths(predictions.map(({ pairs }) => pairs)),
  };
}

function pick(column: RawColumn, rows: readonly number[]): RawColumn {
  return column.kind === 'numeric'
    ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) }
    : { ...column, values: rows.map((row) => column.values[row] ?? null) };
}

function eachFigure<T>(of: (name: FigureName) => T): Record<FigureName, T> {
  const names = Object.keys(FIGURES) as FigureName[];
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<FigureName, T>;
}

function figuresOf(labels: Uint8Array, probabilities: Float64Array): Record<FigureName, number> {
  return eachFigure((name) => FIGURES[name](labels, probabilities));
}

function summary(folds: readonly Record<FigureName, number>[]): Record<FigureName, Figure> {
  return eachFigure((name) => {
    const values = folds.map((fold) => fold[name]);
    if (!values.every(Number.isFinite)) return { mean: null, sd: null };
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
  });
}

function strengths(folds: readonly ReadonlyMap<string, number>[]): Strength[] {
  const names = [...new Set(folds.flatMap((fold) => [...fold.keys()]))];
  return names
    .map((name) => {
      const sizes = folds.flatMap((fold) => fold.get(name) ?? []);
      const sum = sizes.reduce((total, size) => total + size, 0);
      return { name, meanLogit: sum / folds.length, folds: sizes.length };
    })
    .sort((a, b) => b.meanLogit - a.meanLogit);
}
