import { DomainError } from '../errors.js';
import { entityTag, expectMatch } from './entity-tag.js';

describe(expectMatch.name, () => {
  const outcome = (ifMatch: string | undefined, version: number | null): number => {
    try {
      expectMatch(ifMatch, version);
      return 200;
    } catch (error) {
      return error instanceof DomainError ? error.status : 0;
    }
  };

  it.each<[string | undefined, number | null, number]>([
    [undefined, null, 200],
    [undefined, 3, 428],
    [entityTag(3), 3, 200],
    ['W/"3"', 3, 200],
    ['"2", "3"', 3, 200],
    ['*', 3, 200],
    ['"2"', 3, 412],
    ['3', 3, 412],
    ['', 3, 412],
    ['*', null, 412],
    ['"3"', null, 412],
  ])('If-Match %s with current version %s: %d', (ifMatch, version, status) => {
    expect(outcome(ifMatch, version)).toBe(status);
  });
});
