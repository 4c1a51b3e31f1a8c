import { questionOf } from '../../../../test/support/question.js';
import { originsOf, startOf } from './backtest.js';
import { dayNumber, matureDays, rowWeight } from './snapshots.js';

describe(originsOf.name, () => {
  const question = questionOf({ accounts: 150, months: 36, law: () => -3, features: 2 });
  const { table } = question;
  const sut = originsOf(question);

  it('takes up to six days with non-overlapping windows, newest mature one first', () => {
    expect(sut.origins.map(({ day }) => day)).toEqual([
      '2024-08-31',
      '2024-05-31',
      '2024-02-29',
      '2023-11-30',
      '2023-08-31',
      '2023-05-31',
    ]);
    expect(sut.skipped).toEqual([]);
  });

  it('never trains on a row whose outcome was not known at the origin', () => {
    for (const { day, train, test, learnedUntil } of sut.origins) {
      const newest = Math.max(
        ...Array.from(train, (row) => dayNumber(table.days[table.day[row] ?? 0] ?? '')),
      );
      expect(newest + 120).toBeLessThanOrEqual(dayNumber(day));
      expect(dayNumber(learnedUntil)).toBe(newest);
      expect(new Set(Array.from(test, (row) => table.days[table.day[row] ?? 0]))).toEqual(new Set([day]));
      expect([...train, ...test].every((row) => (table.outcomes.churn[0][row] ?? -1) >= 0)).toBe(true);
    }
  });

  it('waits for a longer grace to end', () => {
    const { origins } = originsOf({ ...question, table: { ...table, graceDays: 60 } });
    expect(origins[0]?.learnedUntil).toBe('2024-03-31');
    expect(sut.origins[0]?.learnedUntil).toBe('2024-04-30');
  });

  it('names the days with too few known outcomes', () => {
    const short = questionOf({ accounts: 150, months: 12, law: () => -4.5, features: 2 });
    const { origins, skipped } = originsOf(short);
    expect(origins).toEqual([]);
    expect(skipped[0]).toEqual({
      origin: '2022-08-31',
      reason: expect.stringMatching(/^only \d+ accounts had churned by then; 20 are needed$/),
    });
  });
});

describe(startOf.name, () => {
  const question = questionOf({ accounts: 20, months: 6, law: () => -3, features: 2 });
  const found = (scale: number) => ({ scale, base: -3, rate: 0.05, windows: 100 });

  it('is the past scale of the judgment, capped at what a fit does not learn by itself', () => {
    expect(startOf(question, found(0.2))).toBe(0.2);
    expect(startOf(question, found(0.9))).toBe(0.35);
    expect(startOf({ ...question, maxStart: Infinity }, found(0.9))).toBe(0.9);
  });
});

describe(matureDays.name, () => {
  it('waits until negative outcomes are known', () => {
    const labelled = { days: ['2024-01-31', '2024-02-29', '2024-03-31'], day: Uint16Array.of(0, 0, 1, 1, 2) };
    expect(matureDays(labelled, Int8Array.of(0, -1, 1, -1, 1))).toEqual([true, false, true]);
  });
});

describe(rowWeight.name, () => {
  it('divides the cadence by the horizon', () => {
    expect(rowWeight(['2024-01-01', '2024-01-31', '2024-03-01'])).toBeCloseTo(1 / 3, 10);
    expect(rowWeight(['2023-01-01', '2024-01-01'])).toBe(1);
    expect(rowWeight(['2024-01-01'])).toBe(1);
  });
});
