import type { Efforts } from './effort.js';
import type { HistoryTable } from '../history/history-table.js';
import type { Monotone } from '../ebm/columns.js';

/** One thing to be learned from a history: what came of each row, and what is thought of it before. */
export interface Question {
  readonly table: HistoryTable;
  /** By row 0, 1 or UNKNOWN. */
  readonly labels: Int8Array;
  /** By row: what a judgement says, up to its scale. Scale · x are the logits that the boosting starts from. */
  readonly x: Float64Array;
  readonly scale: ScalePrior;
  /** Of the scale that a fit starts from, at most: what the features say too is learned from them. Infinity: they do not. */
  readonly mostStart: number;
  /** By the feature's name. */
  readonly monotone: Readonly<Record<string, Monotone>>;
  readonly words: Words;
  readonly efforts: Efforts;
  readonly seed: number;
}

/** The scale is thought to be normal with these, and at least 0. */
export interface ScalePrior {
  readonly mean: number;
  readonly sd: number;
}

/** For sentences for people. */
export interface Words {
  /** As in "12 accounts have left". */
  readonly happened: string;
  /** The judgement that it is compared with, as in "the scorecard". */
  readonly judgement: string;
}
