import type { HistoryTable } from '../model/history/history-table.js';
import type { DayRows } from './day-rows.js';

type Numbers = Float32Array | Float64Array | Int8Array | Int32Array;

/** Concatenates the rows of all days. Consumes the columns of the days one by one, so they are not in memory twice. */
export function tableOfDays(
  days: readonly string[],
  rows: readonly DayRows[],
  keys: readonly string[],
): HistoryTable {
  const size = rows.reduce((sum, day) => sum + day.size, 0);
  const joined = <T extends Numbers>(into: T, of: (day: DayRows) => T): T => {
    let at = 0;
    for (const day of rows) {
      into.set(of(day), at);
      at += day.size;
    }
    return into;
  };
  const quarter = (index: 0 | 1 | 2 | 3) => joined(new Int8Array(size), (day) => day.churn[index]);
  const dayOfRow = new Uint16Array(size);
  let at = 0;
  rows.forEach((day, index) => dayOfRow.fill(index, at, (at += day.size)));
  const outcomes = {
    churn: [quarter(0), quarter(1), quarter(2), quarter(3)] as const,
    contraction: joined(new Int8Array(size), (day) => day.contraction),
    expansion: joined(new Int8Array(size), (day) => day.expansion),
    goneDay: joined(new Int32Array(size), (day) => day.goneDay),
  };
  const numeric = keys.map((name) => ({
    name,
    kind: 'numeric' as const,
    values: joined(new Float32Array(size), (day) => day.columns.shift() ?? new Float32Array()),
  }));
  return {
    days,
    day: dayOfRow,
    account: joined(new Int32Array(size), (day) => day.account),
    mrr: joined(new Float64Array(size), (day) => day.mrr),
    columns: [
      ...numeric,
      { name: 'tier', kind: 'category', values: rows.flatMap(({ tier }) => tier) },
      { name: 'stage', kind: 'category', values: rows.flatMap(({ stage }) => stage) },
    ],
    health: joined(new Float64Array(size), (day) => day.health),
    signals: joined(new Float64Array(size), (day) => day.signals),
    outcomes,
  };
}
