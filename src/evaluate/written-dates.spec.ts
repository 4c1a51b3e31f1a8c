import { readDates } from './written-dates.js';

const day = (text: string): number => Date.parse(text) / 86_400_000;
const read = (...cells: string[]): (number | null)[] =>
  Array.from(readDates(cells).values, (value) => (Number.isNaN(value) ? null : value));

describe(readDates.name, () => {
  it.each<[string, string | null, string[], string[]]>([
    ['ISO dates', null, ['2024-06-15', '2024-06-15T06:00:00+02:00'], ['2024-06-15', '2024-06-15T04:00:00Z']],
    ['US dates', 'month first', ['6/15/2024', '1/2/2024'], ['2024-06-15', '2024-01-02']],
    ['dates whose day comes first', 'day first', ['15/6/2024', '1/2/2024'], ['2024-06-15', '2024-02-01']],
    ['dates with slashes that could be either', 'month first', ['1/2/2024'], ['2024-01-02']],
    ['dates with dots', 'day first', ['1.2.2024', '05.12.24'], ['2024-02-01', '2024-12-05']],
    [
      'dates that begin with the year',
      null,
      ['2024/6/15', '2024/06/15 12:00'],
      ['2024-06-15', '2024-06-15T12:00Z'],
    ],
    [
      'times of day',
      'month first',
      ['6/15/24 3:30 PM', '6/15/2024 12:00 am', '6/15/2024, 23:59:30'],
      ['2024-06-15T15:30Z', '2024-06-15T00:00Z', '2024-06-15T23:59:30Z'],
    ],
  ])('reads %s', (_, order, cells, expected) => {
    expect(readDates(cells)).toMatchObject({ order, count: cells.length });
    read(...cells).forEach((value, row) => expect(value).toBeCloseTo(day(expected[row] ?? ''), 8));
  });

  it('reads no date from other texts or from days that do not exist', () => {
    const cells = [
      '2/30/2024',
      '13/13/2024',
      '0/5/2024',
      '6/15/2024 25:00',
      '2024-13-01',
      '1.5',
      '1/2/3/4',
      'May 5',
      '',
    ];
    expect(read(...cells)).toEqual(cells.map(() => null));
  });
});
