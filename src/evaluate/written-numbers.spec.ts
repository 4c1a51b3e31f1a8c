import { readNumbers } from './written-numbers.js';

const read = (...cells: string[]): (number | null)[] =>
  Array.from(readNumbers(cells).values, (value) => (Number.isNaN(value) ? null : value));

describe(readNumbers.name, () => {
  it.each<[string, string[], (number | null)[]]>([
    ['plain numbers', ['1.234', '-5', '1e3', '.5', ''], [1.234, -5, 1000, 0.5, null]],
    ['dollars', ['$400.02', '$1,167.00', '-$3', '$-3.5', '$ 1,234,567'], [400.02, 1167, -3, -3.5, 1_234_567]],
    ['decimal commas', ['2.468,10', '12,5', '980', '1.234'], [2468.1, 12.5, 980, 1234]],
    ['euros without decimals', ['€ 1.234', '€ 12.345', '980 €'], [1234, 12_345, 980]],
    ['euros with decimals', ['€ 1.234', '€ 12.50'], [1.234, 12.5]],
    ['commas for thousands', ['980', '1,972', '12,972', '1,234,567'], [980, 1972, 12_972, 1_234_567]],
    ['commas for thousands, told by a decimal point', ['1,972', '2,000.5'], [1972, 2000.5]],
    ['commas for three decimals, told by a zero', ['0,123', '1,972'], [0.123, 1.972]],
    [
      'blanks and apostrophes for thousands',
      ['1 234,50', "1'234", '1\u00a0234\u202f567'],
      [1234.5, 1234, 1_234_567],
    ],
    ['percentages', ['75.6%', '0.8 %', '-5%'], [75.6, 0.8, -5]],
    [
      'currency codes and other signs',
      ['USD 1,200.50', '300.00 EUR', 'US$5.5', '7 kr'],
      [1200.5, 300, 5.5, 7],
    ],
    ['amounts in parentheses', ['(1,200.50)', '($5)', '3'], [-1200.5, -5, 3]],
    [
      'what is no number',
      ['SKU 12', '1-2', '12:30', '1,2,3', 'a', '--5', '5 6', '%', '12 34'],
      Array(9).fill(null),
    ],
  ])('reads %s', (_, cells, expected) => {
    expect(read(...cells)).toEqual(expected);
  });

  it('counts the numbers and reports the first one not in plain notation', () => {
    expect(readNumbers(['5', 'x', '$1,000', ''])).toMatchObject({
      count: 2,
      example: { cell: '$1,000', value: 1000 },
    });
    expect(readNumbers(['5', '6.5', '']).example).toBeNull();
  });

  it('is fast on long runs of digits and separators', () => {
    expect(read('1,'.repeat(50_000), '1 '.repeat(50_000), `${'9'.repeat(50_000)}x`)).toEqual([
      null,
      null,
      null,
    ]);
  });
});
