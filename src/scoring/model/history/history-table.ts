import type { RawColumn } from '../ebm/columns.js';

/** What became of the row's account: 1 it happened, 0 it did not, UNKNOWN where it cannot be told (yet) or the question does not arise. */
export const UNKNOWN = -1;

export interface Outcomes {
  /** Within 90 days, by quarter: gone for good in the first, second, third and fourth, of who was still there at its start. */
  readonly churn: readonly [Int8Array, Int8Array, Int8Array, Int8Array];
  /** There after 90 days, with an MRR of at most 90 %. */
  readonly contraction: Int8Array;
  /** There after 90 days, with an MRR of at least 110 %. */
  readonly expansion: Int8Array;
  /** UTC day number (days since 1970) from which the account is gone for good; 0: it is not. */
  readonly goneDay: Int32Array;
}

/**
 * Accounts at past month-ends at which they were at risk: paid for, no trial, no ending known. Rows lie day after day, the oldest first;
 * all columns have an entry for each row. What the columns say was known at the end of the day; the outcomes came later.
 */
export interface HistoryTable {
  /** UTC days, ascending, such as `2024-12-31`. */
  readonly days: readonly string[];
  /** Place in `days`. */
  readonly day: Uint16Array;
  /** The account's number: rows of one account are never split. */
  readonly account: Int32Array;
  /** Minor units of `currency`. */
  readonly mrr: Float64Array;
  /** Features by their keys, NaN where unknown; then the categories `tier` and `stage`. */
  readonly columns: readonly RawColumn[];
  /**
   * What the scorecards of `cards` say: Σ w (g − ḡ) / 10 over the measures that are known, in tens of points of health (0: like the average
   * account). Times −κ it is the offset in logits.
   */
  readonly health: Float64Array;
  /** Logits that the signals of expansion add. */
  readonly signals: Float64Array;
  readonly outcomes: Outcomes;
  /** Days within which who comes back had not left: so long after its window an outcome is known. None: 30. */
  readonly graceDays?: number;
  /** The reporting currency. */
  readonly currency?: string;
}
