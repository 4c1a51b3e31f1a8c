import { lastOf, monthsAfter } from './months.js';

describe(monthsAfter.name, () => {
  it('begins with what is left of the day’s own month', () =>
    expect(monthsAfter('2024-11-23', 3)).toEqual([
      { first: '2024-11-01', last: '2024-11-30', endsInDays: 7 },
      { first: '2024-12-01', last: '2024-12-31', endsInDays: 38 },
      { first: '2025-01-01', last: '2025-01-31', endsInDays: 69 },
    ]));

  it('begins with the next month when the day is the last of its own', () =>
    expect(monthsAfter('2024-01-31', 2)).toEqual([
      { first: '2024-02-01', last: '2024-02-29', endsInDays: 29 },
      { first: '2024-03-01', last: '2024-03-31', endsInDays: 60 },
    ]));

  it('names twelve months in a row from any day', () => {
    for (const day of ['2023-01-01', '2024-02-28', '2024-12-30', '2024-12-31']) {
      const months = monthsAfter(day, 12).map(({ first }) => first);
      expect(new Set(months.map((first) => first.slice(5, 7))).size).toBe(12);
      expect(months).toEqual([...months].sort());
    }
  });
});

describe(lastOf.name, () => {
  it.each([
    ['2024-02-01', '2024-02-29'],
    ['2023-02-01', '2023-02-28'],
    ['2024-12-01', '2024-12-31'],
  ])('of %s is %s', (first, last) => expect(lastOf(first)).toBe(last));
});
