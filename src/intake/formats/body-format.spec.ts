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

  it.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'text/csv; charset=iso-8859-1'])(
    'refuses %s',
    (contentType) => {
      expect(() => formatOf(contentType)).toThrow(
        expect.objectContaining({ status: 415, code: 'unsupported_media_type' }),
      );
    },
  );
});
