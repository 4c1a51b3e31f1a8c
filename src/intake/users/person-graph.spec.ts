import fc from 'fast-check';
import { MAX_IDS_OF_PERSON, PersonGraph } from './person-graph.js';

const empty = () => new PersonGraph(new Map(), new Map());

describe(PersonGraph.name, () => {
  it('follows a chain to its end, whichever link comes first', () => {
    for (const chain of [
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      [
        ['b', 'c'],
        ['a', 'b'],
      ],
    ] as const) {
      const sut = empty();
      expect(chain.map(([alias, userId]) => sut.link(alias, userId))).toEqual(['linked', 'linked']);
      expect(['a', 'b', 'c', 'd'].map((id) => sut.personOf(id))).toEqual(['c', 'c', 'c', 'd']);
      expect(new Set(sut.changes().map(({ person }) => person))).toEqual(new Set(['c']));
    }
  });

  it('refuses circles and second owners, and knows repetitions', () => {
    const sut = empty();
    const link = (alias: string, userId: string) => sut.link(alias, userId);
    expect(link('a', 'b')).toBe('linked');
    expect(link('b', 'a')).toBe('circle');
    expect(link('b', 'c')).toBe('linked');
    expect(link('c', 'a')).toBe('circle');
    expect(link('a', 'b')).toBe('known');
    expect(link('a', 'c')).toBe('known');
    expect(link('a', 'a')).toBe('known');
    expect(link('c', 'c')).toBe('known');
    expect(link('a', 'x')).toBe('taken');
    expect(sut.personOf('a')).toBe('c');
  });

  it('goes on from what is stored', () => {
    const sut = new PersonGraph(new Map([['a', 'b']]), new Map([['b', 1]]));
    expect(sut.link('b', 'c')).toBe('linked');
    expect(sut.personOf('a')).toBe('c');
    expect(sut.changes()).toEqual([{ alias: 'b', person: 'c' }]);
  });

  it('refuses more ids than one person has', () => {
    const sut = new PersonGraph(new Map(), new Map([['guest', MAX_IDS_OF_PERSON - 2]]));
    expect(sut.link('one-more', 'guest')).toBe('linked');
    expect(sut.link('too-many', 'guest')).toBe('too_many');
    expect(sut.link('guest', 'somebody')).toBe('too_many');
  });

  it('finds the same people in any order of aliases that do not contradict each other', () => {
    const ids = fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(ids, fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.nat()), (numbers, targets, keys) => {
        // Each id is an alias of one other: chains, trees and, now and then, a circle.
        const links = numbers.map((id) => {
          const target = numbers[(targets.next().value as number) % numbers.length] ?? id;
          return [`${id}`, `${target}`] as const;
        });
        const people = (order: typeof links) => {
          const sut = empty();
          for (const [alias, userId] of order) sut.link(alias, userId);
          return numbers.map((id) =>
            numbers.map((other) => sut.personOf(`${id}`) === sut.personOf(`${other}`)),
          );
        };
        const shuffled = links
          .map((link) => ({ link, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ link }) => link);
        expect(people(shuffled)).toEqual(people(links));
      }),
      { numRuns: 500 },
    );
  });
});
