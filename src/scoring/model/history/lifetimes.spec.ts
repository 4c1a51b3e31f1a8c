import { lifetimesOf } from './lifetimes.js';
import type { PaidSpan } from './outcomes.js';

const at = (instant: string): number => Date.parse(instant);
const span = (from: string, to?: string): PaidSpan => ({
  from: at(from),
  to: to ? at(to) : Infinity,
  mrr: 100,
  ends: to !== undefined,
});
const lifetimes = (...accounts: PaidSpan[][]) =>
  lifetimesOf(accounts, { until: at('2025-01-01'), graceDays: 30 });
/** With it, observation begins on the 1st of January 2023. */
const observed = [span('2022-12-31', '2023-01-01')];

describe(lifetimesOf.name, () => {
  it('observes accounts that began after the first known churn from their start, in calendar months', () => {
    expect(lifetimes(observed)).toEqual([]);
    const yearly = [span('2023-03-31', '2024-03-31')];
    const later = [span('2023-03-31', '2024-04-01')];
    const month = [span('2023-05-10T12:00:00Z', '2023-06-10T12:00:00Z')];
    expect(lifetimes(observed, yearly, later, month, yearly)).toEqual([
      { entry: 0, time: 1, churned: true, count: 1 },
      { entry: 0, time: 12, churned: true, count: 2 },
      { entry: 0, time: 13, churned: true, count: 1 },
    ]);
  });

  it('enters accounts that began earlier at the start of observation', () => {
    expect(lifetimes(observed, [span('2021-01-01', '2023-06-20')])).toContainEqual({
      entry: 24,
      time: 30,
      churned: true,
      count: 1,
    });
  });

  it('omits accounts observed for less than a month', () => {
    expect(lifetimes(observed, [span('2021-01-15', '2023-01-10')])).toHaveLength(0);
    expect(lifetimes(observed, [span('2024-12-15')])).toHaveLength(0);
  });

  it('observes accounts that may still return until the end', () => {
    expect(lifetimes(observed, [span('2024-01-01', '2024-12-05')])).toContainEqual({
      entry: 0,
      time: 11,
      churned: false,
      count: 1,
    });
  });

  it('starts observation neither at the end of an add-on nor at a gap with a return', () => {
    const addOn = [span('2020-01-01'), span('2020-02-01', '2020-06-01')];
    const back = [span('2020-01-01', '2021-01-01'), span('2021-06-01')];
    expect(lifetimes(addOn, back)).toEqual([]);
    expect(lifetimes(observed, addOn)).toEqual([{ entry: 36, time: 60, churned: false, count: 1 }]);
  });

  it('is empty while no churn is known', () => {
    expect(lifetimes([span('2020-01-01')])).toEqual([]);
  });
});
