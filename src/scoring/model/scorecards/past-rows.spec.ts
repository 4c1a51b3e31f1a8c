import { type HistoryTable, UNKNOWN } from '../history/history-table.js';
import { accountReader, daysApart, pastAt, samplePast } from './past-rows.js';

const DAYS = ['2024-03-31', '2024-06-30'];

/** Accounts 0 to n − 1 at both days, of which those below `gone` leave after the second. */
function table(accounts: number, gone: number): HistoryTable {
  const rows = Array.from({ length: 2 * accounts }, (_, row) => row);
  const labels = Int8Array.from(rows, (row) => (row >= accounts && row - accounts < gone ? 1 : 0));
  const none = new Int8Array(rows.length).fill(UNKNOWN);
  return {
    days: ['2023-12-31', ...DAYS],
    day: Uint16Array.from(rows, (row) => (row < accounts ? 1 : 2)),
    account: Int32Array.from(rows, (row) => row % accounts),
    mrr: new Float64Array(rows.length),
    columns: [
      { name: 'nps', kind: 'numeric', values: Float32Array.from(rows, (row) => (row % 2 ? NaN : row)) },
      { name: 'tier', kind: 'category', values: rows.map(() => 'smb') },
      { name: 'stage', kind: 'category', values: rows.map((row) => (row % 2 ? null : 'adopting')) },
    ],
    health: new Float64Array(rows.length),
    signals: new Float64Array(rows.length),
    outcomes: {
      churn: [labels, none, none, none],
      contraction: none,
      expansion: none,
      goneDay: new Int32Array(rows.length),
    },
  };
}

describe(samplePast.name, () => {
  it('takes all rows when there are few accounts', () => {
    const past = samplePast(table(10, 2), 8, 1);
    expect({ rows: past.left.length, sampled: past.sampled, days: past.days }).toEqual({
      rows: 20,
      sampled: null,
      days: DAYS,
    });
    expect([...past.weight].every((weight) => weight === 1)).toBe(true);
  });

  it('takes all rows of churned accounts and a weighted sample of the others', () => {
    const past = samplePast(table(1_000, 30), 100, 1);
    expect(past.sampled).toEqual({ accounts: 100, of: 970 });
    expect(new Set(past.account).size).toBe(130);
    expect(past.left.reduce((sum, left) => sum + left, 0)).toBe(30);
    expect(past.weight.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(2_000, 8);
    expect(samplePast(table(1_000, 30), 100, 1).account).toEqual(past.account);
    expect(samplePast(table(1_000, 30), 100, 2).account).not.toEqual(past.account);
  });

  it('omits rows with unknown outcomes', () => {
    const unknown = table(10, 0);
    unknown.outcomes.churn[0].fill(UNKNOWN, 10);
    expect(samplePast(unknown, 100, 1)).toMatchObject({ days: ['2024-03-31'], left: new Uint8Array(10) });
  });
});

describe(pastAt.name, () => {
  it('keeps all columns of the selected rows together', () => {
    const past = samplePast(table(10, 2), 8, 1);
    const kept = pastAt(past, Int32Array.of(0, 12));
    expect(kept).toMatchObject({ days: past.days, account: Int32Array.of(0, 2), left: Uint8Array.of(0, 0) });
    expect(accountReader(kept.columns)(1)).toEqual(accountReader(past.columns)(12));
  });
});

describe(accountReader.name, () => {
  it('returns what was known of a row', () => {
    const accountAt = accountReader(table(4, 0).columns);
    expect(accountAt(2)).toEqual({
      features: { nps: 2 },
      tier: 'smb',
      stage: 'adopting',
      status: 'active',
    });
    expect(accountAt(3)).toMatchObject({ features: { nps: null }, stage: null });
  });
});

describe(daysApart.name, () => {
  it('takes the newest days whose 90 days do not overlap', () => {
    const days = ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30'];
    expect(daysApart(days, 4)).toEqual(['2024-03-31', '2024-06-30']);
    expect(daysApart(['2023-11-30', '2024-02-28', '2024-05-31'], 2)).toEqual(['2024-02-28', '2024-05-31']);
    expect(daysApart([], 4)).toEqual([]);
  });
});
