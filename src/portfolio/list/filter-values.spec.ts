import { filterValues } from './filter-values.js';

describe(filterValues.name, () => {
  it.each([
    ['red', ['red']],
    ['red,yellow', ['red', 'yellow']],
    [
      ['red', 'yellow,none'],
      ['red', 'yellow', 'none'],
    ],
    ['Smith\\, Kim,none', ['Smith, Kim', 'none']],
    ['', ['']],
    [7, [7]],
  ])('reads %j', (given, values) => {
    expect(filterValues(given)).toEqual(values);
  });
});
