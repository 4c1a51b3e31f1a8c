import type { RawColumn } from '../ebm/columns.js';

/** Outcome of the row's account: 1 yes, 0 no, UNKNOWN if it is not known (yet) or does not apply. */
export const UNKNOWN = -1;

export interface Outcomes {
  /** Churned in the first, second, third and fourth quarter, among accounts still active at its start. */
  readonly churn: readonly [Int8Array, Int8Array, Int8Array, Int8Array];
  /** Active after 90 days, with at most 90 % of the MRR. */
  readonly contraction: Int8Array;
  /** Active after 90 days, with at least 110 % of the MRR. */
  readonly expansion: Int8Array;
  /** UTC day (days since 1970) of the account's churn; 0: it has not churned. */
  readonly goneDay: Int32Array;
}

/**
 * Accounts at past month-ends at which they were at risk: paying, no trial, no known end. Rows are ordered by day, oldest first; all columns
 * have an entry per row. The columns hold what was known at the end of the day, the outcomes what came later.
 */
export interface HistoryTable {
  /** UTC days, ascending, such as `2024-12-31`. */
  readonly days: readonly string[];
  /** Index in `days`. */
  readonly day: Uint16Array;
  /** Account number. Rows of an account are never split. */
  readonly account: Int32Array;
  /** Minor units of `currency`. */
  readonly mrr: Float64Array;
  /** Features by their keys, NaN where unknown; then the categories `tier` and `stage`. */
  readonly columns: readonly RawColumn[];
  /**
   * Health by the scorecards of `cards`: Σ w (g − ḡ) / 10 over the known measures, in tens of points (0: an average account). Multiplied by −κ
   * it is the offset in logits.
   */
  readonly health: Float64Array;
  /** Logits of the expansion signals. */
  readonly signals: Float64Array;
  readonly outcomes: Outcomes;
  /** Accounts that return within so many days have not churned. Outcomes are known so long after their window. Default: 30. */
  readonly graceDays?: number;
  /** The reporting currency. */
  readonly currency?: string;
}
