import type { Efforts } from './effort.js';
import type { HistoryTable } from '../history/history-table.js';
import type { Monotone } from '../ebm/columns.js';

/** A target to learn from a history: the outcome of each row, and a prior judgment of it. */
export interface Question {
  readonly table: HistoryTable;
  /** By row 0, 1 or UNKNOWN. */
  readonly labels: Int8Array;
  /** The unscaled judgment of each row. Boosting starts from the logits scale · x. */
  readonly x: Float64Array;
  readonly scale: ScalePrior;
  /** Maximum scale that a fit starts from, since features can express part of the judgment themselves. Infinity: they cannot. */
  readonly maxStart: number;
  /** By the feature's name. */
  readonly monotone: Readonly<Record<string, Monotone>>;
  readonly words: Words;
  readonly efforts: Efforts;
  readonly seed: number;
}

/** Normal prior of the scale, truncated at 0. */
export interface ScalePrior {
  readonly mean: number;
  readonly sd: number;
}

/** Wording of messages for people. */
export interface Words {
  /** Past participle, as in "12 accounts churned". */
  readonly happened: string;
  /** The judgment it is compared with, as in "the scorecard". */
  readonly judgement: string;
}
