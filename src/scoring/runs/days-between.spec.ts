import { daysBetween } from './days-between.js';

describe(daysBetween.name, () => {
  it('steps by day, both ends included', () =>
    expect(daysBetween('2024-02-28', '2024-03-01', 'day')).toEqual([
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
    ]));
  it('steps by week', () =>
    expect(daysBetween('2024-12-20', '2025-01-05', 'week')).toEqual([
      '2024-12-20',
      '2024-12-27',
      '2025-01-03',
    ]));
  it('keeps to month-ends when the first month has 30 days', () =>
    expect(daysBetween('2024-06-30', '2024-09-30', 'month')).toEqual([
      '2024-06-30',
      '2024-07-31',
      '2024-08-31',
      '2024-09-30',
    ]));

  it('keeps to month-ends when it starts at one', () =>
    expect(daysBetween('2024-01-31', '2024-05-30', 'month')).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
    ]));
  it('is empty when the range is empty', () =>
    expect(daysBetween('2024-02-02', '2024-02-01', 'day')).toEqual([]));
});
