import { randomFrom } from '../../src/scoring/model/ebm/random.js';
import type { RawColumn } from '../../src/scoring/model/ebm/columns.js';
import { probabilityOf } from '../../src/scoring/model/logit.js';
import { type HistoryTable, UNKNOWN } from '../../src/scoring/model/history/history-table.js';

export interface Situation {
  /** Standard normal; the first two hardly change between months. */
  readonly x: readonly number[];
  /** In tens of points. */
  readonly health: number;
  /** Days since 1970. */
  readonly day: number;
}

export interface HistoryOptions {
  readonly accounts: number;
  readonly months: number;
  readonly seed?: number;
  /** Number of columns x0, x1, … */
  readonly features?: number;
  /** Logit of churn within a month. */
  readonly law: (situation: Situation) => number;
  /** Leaking columns, computed from the row's label. */
  readonly leaks?: Readonly<Record<string, (label: number, random: () => number) => number>>;
}

const DAY_MS = 86_400_000;
const HORIZON = 90;
const GRACE = 30;

/** A company whose accounts churn by a known law each month; each churned account is replaced by a new one. */
export function historyOf(options: HistoryOptions): HistoryTable {
  const { accounts, months, seed = 1, features = 5, law, leaks = {} } = options;
  const random = randomFrom(seed, 77);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const days = Array.from({ length: months }, (_, month) => monthEnd(month));
  const numbers = days.map((day) => Date.parse(day) / DAY_MS);
  const until = numbers.at(-1) ?? 0;
  let next = accounts;
  const living = Array.from({ length: accounts }, (_, account) => ({
    account,
    x: Array.from({ length: features }, normal),
  }));
  const goneOn = new Map<number, number>();
  const rows: { day: number; account: number; x: number[]; health: number }[] = [];
  numbers.forEach((number, day) => {
    living.forEach((life, index) => {
      life.x = life.x.map((value) => 0.9 * value + Math.sqrt(1 - 0.81) * normal());
      const health = -(life.x[0] ?? 0) - 0.5 * normal();
      rows.push({ day, account: life.account, x: life.x, health });
      if (random() < probabilityOf(law({ x: life.x, health, day: number }))) {
        goneOn.set(life.account, number + 1 + Math.floor(random() * 28));
        living[index] = { account: next++, x: Array.from({ length: features }, normal) };
      }
    });
  });
  const leavesWithin = (account: number, number: number, quarter: number): number => {
    const from = number + quarter * HORIZON;
    const gone = goneOn.get(account) ?? Infinity;
    if (gone <= from || from + HORIZON + GRACE > until) return UNKNOWN;
    return gone <= from + HORIZON ? 1 : 0;
  };
  const quarter = (index: number): Int8Array =>
    Int8Array.from(rows, ({ account, day }) => leavesWithin(account, numbers[day] ?? 0, index));
  const churn = [quarter(0), quarter(1), quarter(2), quarter(3)] as const;
  const moves = (chance: (row: (typeof rows)[number]) => number): Int8Array =>
    Int8Array.from(rows, (row, at) => (churn[0][at] === 0 ? (random() < chance(row) ? 1 : 0) : UNKNOWN));
  const signals = Float64Array.from(rows, ({ x }) => ((x[1] ?? 0) > 1 ? 1 : 0));
  const columns: RawColumn[] = Array.from({ length: features }, (_, index) => ({
    name: `x${index}`,
    kind: 'numeric' as const,
    values: Float32Array.from(rows, ({ x }) => x[index] ?? NaN),
  }));
  const leaky = Object.entries(leaks).map(([name, valueOf]): RawColumn => ({
    name,
    kind: 'numeric',
    values: Float32Array.from(rows, (_, at) => valueOf(churn[0][at] ?? UNKNOWN, random)),
  }));
  return {
    days,
    day: Uint16Array.from(rows, ({ day }) => day),
    account: Int32Array.from(rows, ({ account }) => account),
    mrr: Float64Array.from(rows, ({ account }) => 10_000 * (1 + (account % 7))),
    columns: [
      ...columns,
      ...leaky,
      {
        name: 'tier',
        kind: 'category',
        values: rows.map(({ account }) => (account % 3 ? 'small' : 'large')),
      },
    ],
    health: Float64Array.from(rows, ({ health }) => health),
    signals,
    outcomes: {
      churn: [...churn],
      contraction: moves(({ x }) => probabilityOf(-2.5 + (x[2] ?? 0))),
      expansion: moves(({ x }) => probabilityOf(-3 + 1.5 * (x[1] ?? 0))),
      goneDay: Int32Array.from(rows, ({ account }) => goneOn.get(account) ?? 0),
    },
  };
}

function monthEnd(month: number): string {
  return new Date(Date.UTC(2022, month + 1, 0)).toISOString().slice(0, 10);
}
