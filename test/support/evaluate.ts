import { run, type Ran } from './run-program.js';

/** The part of the output of `npm run evaluate -- --json` that tests use. */
export interface Figures {
  [name: string]: unknown;
  pairs: { name: string; folds: number }[];
  dropped: { column: string; reason: string }[];
  suspectedLeaks: { column: string; auc: number }[];
}

export const evaluate = (...args: string[]): Promise<Ran> => run('dist/src/evaluate/main.js', ...args);

export const meanOf = (figures: Figures, name: string): number => (figures[name] as { mean: number }).mean;
