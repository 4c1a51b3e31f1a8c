import { problemsWith, withChanged } from './changed-features.js';

const KNOWN = ['licenceUse28', 'nps', 'trait.a/b'];

describe(problemsWith.name, () => {
  it('lets numbers and null through', () => {
    expect(problemsWith({ licenceUse28: 0.8, nps: null }, KNOWN)).toEqual([]);
  });

  it.each([
    ['a feature that is not known', { licenceUse: 1 }, '/features/licenceUse', 'unknown_field'],
    ['a text', { nps: '9' }, '/features/nps', 'wrong_type'],
    ['a number that is none', { nps: Infinity }, '/features/nps', 'wrong_type'],
    ['a number beyond reason', { nps: 1e13 }, '/features/nps', 'out_of_range'],
    ['a name with a slash', { 'trait.a/b': true }, '/features/trait.a~1b', 'wrong_type'],
    ['a name of every object', { constructor: 1 }, '/features/constructor', 'unknown_field'],
  ])('names the place of %s', (_, given, pointer, code) => {
    expect(problemsWith(given, KNOWN)).toEqual([expect.objectContaining({ pointer, code })]);
  });
});

describe(withChanged.name, () => {
  it('rounds as a run does, and leaves the others as they were', () => {
    const stored = { licenceUse28: 0.2, nps: 9, overdueDays: 3 };
    expect(withChanged(stored, { licenceUse28: 0.123456789, nps: null })).toEqual({
      licenceUse28: 0.123,
      nps: null,
      overdueDays: 3,
    });
  });
});
