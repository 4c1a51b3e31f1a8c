import type { RawColumn } from '../ebm/columns.js';
import { randomFrom } from '../ebm/random.js';
import { type HistoryTable, UNKNOWN } from '../history/history-table.js';
import type { ScoredAccount } from '../scored-account.js';

/** Accounts at past month-ends with their outcome after 90 days: what scorecards are tested against. */
export interface PastRows {
  /** UTC days, ascending. */
  readonly days: readonly string[];
  /** Rows of one account form a cluster. */
  readonly account: Int32Array;
  /** 1: churned within 90 days. */
  readonly left: Uint8Array;
  /** How many rows of the past this row stands for. */
  readonly weight: Float64Array;
  readonly columns: readonly RawColumn[];
  /** How many of the accounts that stayed were sampled; null when all were taken. */
  readonly sampled: { readonly accounts: number; readonly of: number } | null;
}

/** Takes all rows of churned accounts and of a random `most` others, weighted by how many they stand for. */
export function samplePast(table: HistoryTable, most: number, seed: number): PastRows {
  const [labels] = table.outcomes.churn;
  const rows = Array.from(labels.keys()).filter((row) => labels[row] !== UNKNOWN);
  const gone = new Set<number>();
  const all = new Set<number>();
  for (const row of rows) {
    all.add(table.account[row] ?? 0);
    if (labels[row] === 1) gone.add(table.account[row] ?? 0);
  }
  const others = [...all].filter((account) => !gone.has(account));
  const drawn = new Set(others.length > most ? drawnFrom(others, most, seed) : others);
  const taken = Int32Array.from(
    rows.filter((row) => gone.has(table.account[row] ?? 0) || drawn.has(table.account[row] ?? 0)),
  );
  const account = taken.map((row) => table.account[row] ?? 0);
  return {
    days: table.days.filter((_, place) => rows.some((row) => table.day[row] === place)),
    account,
    left: Uint8Array.from(taken, (row) => labels[row] ?? 0),
    weight: Float64Array.from(account, (one) => (gone.has(one) ? 1 : others.length / drawn.size)),
    columns: table.columns.map((column) => takenFrom(column, taken)),
    sampled: others.length > drawn.size ? { accounts: drawn.size, of: others.length } : null,
  };
}

/** Selects some of the rows. */
export function pastAt(past: PastRows, rows: Int32Array): PastRows {
  return {
    ...past,
    account: rows.map((row) => past.account[row] ?? 0),
    left: Uint8Array.from(rows, (row) => past.left[row] ?? 0),
    weight: Float64Array.from(rows, (row) => past.weight[row] ?? 0),
    columns: past.columns.map((column) => takenFrom(column, rows)),
  };
}

/** Each account draws its own random number, so the choice does not depend on the other accounts. */
function drawnFrom(accounts: readonly number[], most: number, seed: number): number[] {
  const lots = new Map(accounts.map((account) => [account, randomFrom(seed, account)()]));
  return [...accounts]
    .sort((one, other) => (lots.get(one) ?? 0) - (lots.get(other) ?? 0) || one - other)
    .slice(0, most);
}

function takenFrom(column: RawColumn, rows: Int32Array): RawColumn {
  if (column.kind === 'category')
    return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) };
}

/** Reads a row as a scorecard sees it. Returns the same object each time, refilled: callers must not keep it. */
export function accountReader(columns: readonly RawColumn[]): (row: number) => ScoredAccount {
  const features: Record<string, number | null> = {};
  const account = { features, tier: '', stage: null as string | null, status: 'active' as const };
  return (row) => {
    for (const column of columns) {
      if (column.kind === 'numeric') {
        const value = column.values[row] ?? NaN;
        features[column.name] = Number.isNaN(value) ? null : value;
      } else if (column.name === 'tier') account.tier = column.values[row] ?? '';
      else if (column.name === 'stage') account.stage = column.values[row] ?? null;
    }
    return account;
  };
}

/** Picks at most `most` days, newest first, at least 90 days apart so that outcomes do not overlap. Ascending. */
export function daysApart(days: readonly string[], most: number): string[] {
  const taken: string[] = [];
  for (const day of [...days].sort().reverse()) {
    const next = taken[0];
    if (taken.length === most) break;
    if (next === undefined || Date.parse(next) - Date.parse(day) >= HORIZON_MS) taken.unshift(day);
  }
  return taken;
}

const HORIZON_MS = 90 * 86_400_000;
