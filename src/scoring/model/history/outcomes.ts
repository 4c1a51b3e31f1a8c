import { UNKNOWN } from './history-table.js';

const DAY_MS = 86_400_000;
const HORIZON_MS = 90 * DAY_MS;

/** Minimum change of MRR that counts, in tenths. Integers, so that exactly 10 % is not lost to rounding. */
const CONTRACTED_TENTHS = 9;
const EXPANDED_TENTHS = 11;

/**
 * A stretch at one price of a subscription that a customer has paid for, as it is known now. Instants in milliseconds since 1970; it runs
 * just before t when from < t ≤ to.
 */
export interface PaidSpan {
  readonly from: number;
  /** Infinity: ongoing. */
  readonly to: number;
  /** Minor units of its currency; 0: a free period of the customer. */
  readonly mrr: number;
  /** Whether the subscription ended at `to`; otherwise it continued at another price, or free. */
  readonly ends: boolean;
}

/** Inactive from `from` until `until`, for longer than the days of grace. */
export interface Absence {
  readonly from: number;
  /** Infinity: it has not returned. */
  readonly until: number;
}

/** When the account was gone. `spans`: all of one account, ordered by start. A customer in a free period is not gone. */
export function absencesOf(spans: readonly PaidSpan[], graceDays: number): Absence[] {
  const absences: Absence[] = [];
  let cover = -Infinity;
  let ends = false;
  for (const { from, to, ends: ending } of spans) {
    if (ends && from > cover && from >= cover + graceDays * DAY_MS) {
      absences.push({ from: cover, until: from });
    }
    if (to === cover) ends ||= ending;
    if (to <= cover) continue;
    cover = to;
    ends = ending;
  }
  if (ends) absences.push({ from: cover, until: Infinity });
  return absences;
}

/** A row of `Outcomes`. */
export interface Outcome {
  readonly churn: readonly [number, number, number, number];
  readonly contraction: number;
  readonly expansion: number;
  readonly goneDay: number;
}

export interface Known {
  /** Nothing after this instant is known. */
  readonly until: number;
  readonly graceDays: number;
}

/**
 * Outcomes of an account at risk at the instant `at`. It churned in a quarter if it ended by then and does not return within grace, which is
 * known only once the grace after the quarter has passed. Quarters after a churn do not apply.
 */
export function outcomesOf(spans: readonly PaidSpan[], at: number, { until, graceDays }: Known): Outcome {
  const graceMs = graceDays * DAY_MS;
  const absences = absencesOf(spans, graceDays);
  const goneAt = (end: number): number =>
    absences.some((absence) => absence.from >= at && absence.from < end && absence.until >= end) ? 1 : 0;
  let gone = false;
  const inQuarter = (quarter: number): number => {
    const end = at + quarter * HORIZON_MS;
    if (gone || end + graceMs > until) return UNKNOWN;
    gone = goneAt(end) === 1;
    return gone ? 1 : 0;
  };
  const churn = [inQuarter(1), inQuarter(2), inQuarter(3), inQuarter(4)] as const;
  const left = absences.find(
    ({ from, until: back }) =>
      from >= at &&
      from + graceMs <= until &&
      back >= at + (Math.floor((from - at) / HORIZON_MS) + 1) * HORIZON_MS,
  );
  return {
    churn,
    ...stepsOf(spans, at, churn[0], graceMs),
    goneDay: left ? Math.floor(left.from / DAY_MS) : 0,
  };
}

/** Between two subscriptions the one that follows within grace counts. A churned account has neither expanded nor contracted. */
function stepsOf(
  spans: readonly PaidSpan[],
  at: number,
  churned: number,
  graceMs: number,
): Pick<Outcome, 'contraction' | 'expansion'> {
  if (churned === 1) return { contraction: 0, expansion: 0 };
  if (churned === UNKNOWN) return { contraction: UNKNOWN, expansion: UNKNOWN };
  const before = mrrAt(spans, at);
  const later = mrrAt(spans, at + HORIZON_MS) || mrrAt(spans, at + HORIZON_MS + graceMs);
  return {
    contraction: 10 * later <= CONTRACTED_TENTHS * before ? 1 : 0,
    expansion: 10 * later >= EXPANDED_TENTHS * before ? 1 : 0,
  };
}

function mrrAt(spans: readonly PaidSpan[], at: number): number {
  let sum = 0;
  for (const { from, to, mrr } of spans) if (from < at && to >= at) sum += mrr;
  return sum;
}
