import { formatOf } from './body-format.js';

describe(formatOf.name, () => {
  it.each([
    ['application/json', 'json'],
    ['Application/JSON; charset=UTF-8', 'json'],
    ['application/x-ndjson', 'ndjson'],
    ['application/jsonl', 'ndjson'],
    ['application/ndjson', 'ndjson'],
    ['application/jsonlines', 'ndjson'],
    ['text/csv; header=present; charset="utf-8"', 'csv'],
  ])('reads %s as %s', (contentType, format) => {
    expect(formatOf(contentType)).toBe(format);
  });

  it.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded'])('refuses %s', (contentType) => {
    expect(() => formatOf(contentType)).toThrow(/application\/json .* application\/x-ndjson or text\/csv/);
  });

  it('refuses another charset than UTF-8', () => {
    expect(() => formatOf('text/csv; charset=iso-8859-1')).toThrow('The charset must be utf-8');
  });
});
