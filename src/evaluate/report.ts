import type { CrossValidation, Figure, FigureName, Strength } from './cross-validate.js';
import type { Options } from './options.js';
import { counted } from '../scoring/model/catalogue/words.js';
import type { Selected } from './select-columns.js';
import type { SuspectedLeak } from './suspected-leaks.js';

export interface Evaluated {
  readonly options: Options;
  readonly selected: Selected;
  readonly leaks: readonly SuspectedLeak[];
  readonly result: CrossValidation;
  readonly seconds: number;
}

const SHOWN = 12;

const TITLES: Record<FigureName, string> = {
  auc: 'AUC',
  prAuc: 'PR-AUC',
  brier: 'Brier score',
  logLoss: 'log-loss',
  ece: 'ECE (pooled)',
  calibrationSlope: 'calibration slope',
  calibrationIntercept: 'calibration intercept',
  liftAt10: 'lift at 10 %',
  precisionAt10: 'precision at 10 %',
};

export function asJson({ options, selected, leaks, result, seconds }: Evaluated): string {
  const { labels, columns, dropped, notes } = selected;
  const { label, positive, model, folds, seed } = options;
  const facts = {
    ...result.figures,
    model,
    label,
    positive,
    folds,
    seed,
    rows: labels.length,
    positives: positivesOf(labels),
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    dropped,
    notes,
    suspectedLeaks: leaks,
    features: result.features,
    pairs: result.pairs,
    seconds,
  };
  return JSON.stringify(facts, null, 2);
}

export function asText({ options, selected, leaks, result, seconds }: Evaluated): string {
  const { labels, columns, notes } = selected;
  const positives = positivesOf(labels);
  const share = ((100 * positives) / labels.length).toFixed(1);
  const numbers = columns.filter(({ kind }) => kind === 'numeric').length;
  const names = Object.keys(TITLES) as FigureName[];
  return [
    `${counted(labels.length, 'row')}, ${positives} with ${options.label} = ${options.positive} (${share} %)`,
    `${counted(columns.length, 'column')}: ${counted(numbers, 'number')}, ${categories(columns.length - numbers)}`,
    ...notes,
    ...leaks.map(leakText),
    '',
    `${options.model}, ${options.folds} folds, seed ${options.seed}, ${seconds.toFixed(1)} s`.padEnd(42) +
      'mean      SD',
    ...names.map((name) => `  ${TITLES[name].padEnd(38)}${shown(result.figures[name])}`),
    '',
    'Strongest features, by mean contribution to the logit',
    ...lines(result.features, options.folds),
    ...(result.pairs.length > 0
      ? ['', 'Strongest pairs', ...lines(result.pairs, options.folds)]
      : options.model === 'ebm'
        ? ['', 'No pair of features stood out.']
        : []),
  ].join('\n');
}

const categories = (count: number): string => `${count} ${count === 1 ? 'category' : 'categories'}`;

function leakText({ column, auc }: SuspectedLeak): string {
  return `Suspected leak: ${column} alone has an AUC of ${auc.toFixed(3)}. If it is known only after a customer has churned, drop it: --drop "${column}"`;
}

function shown({ mean, sd }: Figure): string {
  return mean === null ? '–' : `${mean.toFixed(4).padStart(7)}  ${(sd ?? 0).toFixed(4)}`;
}

function lines(strengths: readonly Strength[], folds: number): string[] {
  return strengths
    .slice(0, SHOWN)
    .map(
      ({ name, meanLogit, folds: found }) =>
        `  ${name.padEnd(38)}${meanLogit.toFixed(4).padStart(7)}${found < folds ? `  (in ${found} of ${folds} folds)` : ''}`,
    );
}

function positivesOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0);
}
