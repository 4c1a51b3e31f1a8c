import { instantProblem } from './instant-problem.js';

describe(instantProblem.name, () => {
  it.each(['2026-11-01', '2026-11-01T09:00:00Z', '2026-11-01 09:00:00+00'])(
    'finds nothing wrong with %s',
    (text) => {
      expect(instantProblem(text)).toBeNull();
    },
  );

  it.each<[unknown, string, string]>([
    ['2026-11-01T09:00:00', 'malformed', 'has no time zone: add an offset such as Z'],
    ['2026-11-01 09:00:00', 'malformed', 'has no time zone: add an offset such as Z'],
    ['2026-11-01 09:00', 'malformed', 'has no time zone: add an offset such as Z'],
    ['1761987600', 'wrong_type', 'not a Unix timestamp'],
    ['1761987600000', 'wrong_type', 'not a Unix timestamp'],
    ['1761987600.123', 'wrong_type', 'not a Unix timestamp'],
    [1_761_987_600, 'wrong_type', 'not a Unix timestamp'],
    ['31.12.2024', 'malformed', 'year first, such as 2026-12-31'],
    ['12/31/2024', 'malformed', 'year first, such as 2026-12-31'],
    ['12/31/24 10:00', 'malformed', 'year first, such as 2026-12-31'],
    ['2024/12/31', 'malformed', 'year first, such as 2026-12-31'],
    ['2023-02-29', 'malformed', 'must be a day that exists'],
    ['2023-02-29T09:00:00', 'malformed', 'must be a day that exists'],
    ['2026-11-01T24:00:00', 'malformed', 'must be an ISO 8601 date, or date and time with Z or an offset'],
    [
      '2026-11-01T09:00:00 CET',
      'malformed',
      'must be an ISO 8601 date, or date and time with Z or an offset',
    ],
    ['yesterday', 'malformed', 'must be an ISO 8601 date, or date and time with Z or an offset'],
    ['', 'malformed', 'must be an ISO 8601 date, or date and time with Z or an offset'],
    [true, 'wrong_type', 'must be a string'],
    [null, 'wrong_type', 'must be a string'],
  ])('explains what is wrong with %p', (value, code, detail) => {
    expect(instantProblem(value)).toEqual({ code, detail: expect.stringContaining(detail) });
  });
});
