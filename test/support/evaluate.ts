import { run, type Ran } from './run-program.js';

/** What `npm run evaluate -- --json` writes, as far as tests look at it. */
export interface Figures {
  [name: string]: unknown;
  pairs: { name: string; folds: number }[];
  dropped: { column: string; reason: string }[];
  suspectedLeaks: { column: string; auc: number }[];
}

export const evaluate = (...args: string[]): Promise<Ran> => run('dist/src/evaluate/main.js', ...args);

export const meanOf = (figures: Figures, name: string): number => (figures[name] as { mean: number }).mean;
