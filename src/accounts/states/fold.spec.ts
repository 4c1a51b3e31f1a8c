import fc from 'fast-check';
import { fold, state, stateAt, type Fields, type Incoming, type StateShape, type Statement } from './fold.js';

const shape: StateShape = { newest: ['endedAt', 'startedAt'], maps: ['traits'] };
const DAY = 86_400_000;

/** Statements as `state` leaves them when these arrive one after the other. */
function arrive(incoming: readonly Incoming[], before: readonly Statement[] = []): Statement[] {
  return incoming.reduce<Statement[]>(
    (known, next) => state(known, next, shape).statements,
    before as Statement[],
  );
}

const sent = (fields: Fields, over: Partial<Incoming> = {}): Incoming => ({
  arrivedAt: 1_000 * DAY,
  replaces: false,
  fields,
  ...over,
});
const dated = (day: number, fields: Fields, over: Partial<Incoming> = {}): Incoming =>
  sent(fields, { effectiveAt: day * DAY, ...over });

const intervals = (incoming: readonly Incoming[]) =>
  fold(arrive(incoming), shape).map(({ from, to, fields }) => [from / DAY, to / DAY, fields]);

const fields = fc.record(
  {
    mrr: fc.option(fc.integer({ min: 0, max: 2 })),
    plan: fc.option(fc.constantFrom('a', 'b')),
    endedAt: fc.option(fc.constantFrom('2024-01-01', '2024-02-01')),
    traits: fc.option(
      fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.option(fc.integer({ min: 0, max: 2 })), {
        noNullPrototype: true,
      }),
    ),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<Fields>;
const incoming = fc.record({
  effectiveAt: fc.integer({ min: 1, max: 12 }),
  arrivedAt: fc.constant(0),
  replaces: fc.boolean(),
  fields,
});

describe(fold.name, () => {
  describe('with a date that a value implies', () => {
    const ticket: StateShape = {
      newest: ['resolvedAt'],
      maps: [],
      impliedDate: { field: 'resolvedAt', by: 'status', values: ['solved', 'closed'] },
    };
    const resolvedDay = (...patches: Fields[]) => {
      const statements = patches.map((patch, index) => ({
        effectiveAt: (index + 1) * DAY,
        replaces: false,
        patch,
      }));
      const at = fold(statements, ticket).at(-1)?.fields['resolvedAt'];
      return typeof at === 'string' ? Date.parse(at) / DAY : undefined;
    };

    it.each<[string, Fields[], number | undefined]>([
      [
        'from the first state with the value',
        [{ status: 'open' }, { status: 'solved' }, { status: 'closed' }],
        2,
      ],
      ['no longer when another value follows', [{ status: 'solved' }, { status: 'open' }], undefined],
      ['again after that', [{ status: 'solved' }, { status: 'open' }, { status: 'solved' }, { a: 1 }], 3],
      ['but not where the date is stated', [{ status: 'solved' }, { resolvedAt: '1970-01-01' }], 0],
      [
        'also after the date was cleared',
        [{ status: 'solved', resolvedAt: '1970-01-01' }, { resolvedAt: null }],
        1,
      ],
      ['never by another value', [{ status: 'pending' }], undefined],
    ])('%s', (_, patches, expected) => expect(resolvedDay(...patches)).toBe(expected));
  });

  it('gives identical intervals for any order in which the same dated statements arrive', () => {
    const histories = fc
      .uniqueArray(incoming, { selector: (one) => one.effectiveAt, minLength: 2, maxLength: 10 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(histories, ([told, shuffled]) => {
        expect(fold(arrive(shuffled), shape)).toEqual(fold(arrive(told), shape));
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing when all of them are sent again in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(incoming, { selector: (one) => one.effectiveAt }), fc.nat(), (all, seed) => {
        const known = arrive(all);
        const again = [...all].sort(
          (a, b) => ((a.effectiveAt * 7919 + seed) % 13) - ((b.effectiveAt * 7919 + seed) % 13),
        );
        for (const one of again) expect(state(known, one, shape).outcome).toBe('unchanged');
      }),
      { numRuns: 500 },
    );
  });

  it('gives, for several statements of one time, what saying them one after the other gives', () => {
    fc.assert(
      fc.property(incoming, fc.array(incoming, { minLength: 1, maxLength: 4 }), (first, later) => {
        const base = arrive([{ ...first, effectiveAt: 1 }]);
        const atOnce = arrive(
          later.map((one) => ({ ...one, effectiveAt: 20 })),
          base,
        );
        const apart = arrive(
          later.map((one, i) => ({ ...one, effectiveAt: 20 + i })),
          base,
        );
        expect(stateAt(atOnce, 100, shape)).toEqual(stateAt(apart, 100, shape));
      }),
      { numRuns: 1_000 },
    );
  });

  it('covers all of time with intervals that meet and differ', () => {
    fc.assert(
      fc.property(fc.array(incoming, { minLength: 1, maxLength: 10 }), (all) => {
        const folded = fold(arrive(all), shape);
        expect(folded[0]?.from).toBe(-Infinity);
        expect(folded.at(-1)?.to).toBe(Infinity);
        folded.slice(1).forEach((next, i) => {
          expect(next.from).toBe(folded[i]?.to);
          expect(next.fields).not.toEqual(folded[i]?.fields);
        });
      }),
    );
  });

  it('lets a statement hold from its own time until just before the next, the first one back to the beginning', () => {
    expect(intervals([dated(10, { mrr: 1 }), dated(20, { mrr: 2 })])).toEqual([
      [-Infinity, 20, { mrr: 1 }],
      [20, Infinity, { mrr: 2 }],
    ]);
  });

  it('puts a late statement in between two', () => {
    expect(intervals([dated(10, { mrr: 1 }), dated(30, { mrr: 3 }), dated(20, { plan: 'b' })])).toEqual([
      [-Infinity, 20, { mrr: 1 }],
      [20, 30, { mrr: 1, plan: 'b' }],
      [30, Infinity, { mrr: 3, plan: 'b' }],
    ]);
  });

  it('takes fields that carry their own date from the newest statement, for all time', () => {
    expect(
      intervals([dated(10, { mrr: 1, endedAt: 'x' }), dated(30, { endedAt: 'y' }), dated(20, { mrr: 2 })]),
    ).toEqual([
      [-Infinity, 20, { mrr: 1, endedAt: 'y' }],
      [20, Infinity, { mrr: 2, endedAt: 'y' }],
    ]);
  });

  it('merges maps by key, and null clears a field, a key or the whole map', () => {
    expect(
      intervals([
        dated(10, { plan: 'a', traits: { x: 1, y: 1 } }),
        dated(20, { traits: { y: 2, z: 2 } }),
        dated(30, { plan: null, traits: { x: null } }),
        dated(40, { traits: null }),
      ]).map(([, , state]) => state),
    ).toEqual([
      { plan: 'a', traits: { x: 1, y: 1 } },
      { plan: 'a', traits: { x: 1, y: 2, z: 2 } },
      { traits: { y: 2, z: 2 } },
      {},
    ]);
  });

  it('forgets with a PUT what was said before it, not what is said of later', () => {
    expect(
      intervals([
        dated(10, { mrr: 1, plan: 'a', endedAt: 'x' }),
        dated(30, { plan: 'c' }),
        dated(20, { mrr: 2 }, { replaces: true }),
      ]),
    ).toEqual([
      [-Infinity, 20, { mrr: 1, plan: 'a' }],
      [20, 30, { mrr: 2 }],
      [30, Infinity, { mrr: 2, plan: 'c' }],
    ]);
  });
});

describe(state.name, () => {
  it('lets the later arrival win when two are of the same time', () => {
    expect(intervals([dated(10, { mrr: 1, plan: 'a' }), dated(10, { mrr: 2 })])).toEqual([
      [-Infinity, Infinity, { mrr: 2, plan: 'a' }],
    ]);
    expect(intervals([dated(10, { mrr: 1, plan: 'a' }), dated(10, { mrr: 2 }, { replaces: true })])).toEqual([
      [-Infinity, Infinity, { mrr: 2 }],
    ]);
  });

  it('dates a first state by the start of the record and later ones by their arrival', () => {
    const known = arrive([
      sent({ mrr: 1 }, { start: 5 * DAY, arrivedAt: 50 * DAY }),
      sent({ mrr: 2 }, { start: 5 * DAY, arrivedAt: 60 * DAY }),
    ]);
    expect(known.map((statement) => statement.effectiveAt / DAY)).toEqual([5, 60]);
  });

  it('is unchanged by an undated repetition, also of a record whose start is still to come', () => {
    const first = sent({ mrr: 1 }, { start: 90 * DAY, arrivedAt: 50 * DAY });
    const known = arrive([first]);
    expect(state(known, { ...first, arrivedAt: 60 * DAY }, shape).outcome).toBe('unchanged');
    expect(state(known, { ...first, arrivedAt: 60 * DAY, replaces: true }, shape).outcome).toBe('unchanged');
  });

  it('keeps an undated correction of a record whose start is still to come', () => {
    const known = arrive([
      sent({ mrr: 1 }, { start: 90 * DAY, arrivedAt: 50 * DAY }),
      sent({ mrr: 2 }, { start: 90 * DAY, arrivedAt: 60 * DAY }),
    ]);
    expect(fold(known, shape).at(-1)?.fields).toEqual({ mrr: 2 });
  });

  it('keeps a dated statement that repeats the state, since another may come in between', () => {
    expect(intervals([dated(10, { mrr: 1 }), dated(30, { mrr: 1 }), dated(20, { mrr: 2 })])).toEqual([
      [-Infinity, 20, { mrr: 1 }],
      [20, 30, { mrr: 2 }],
      [30, Infinity, { mrr: 1 }],
    ]);
  });

  it('tells created, updated and unchanged apart', () => {
    const known = arrive([dated(10, { mrr: 1 })]);
    expect(state([], dated(10, { mrr: 1 }), shape).outcome).toBe('created');
    expect(state(known, dated(10, { mrr: 1 }), shape).outcome).toBe('unchanged');
    expect(state(known, dated(10, { mrr: 2 }), shape).outcome).toBe('updated');
    expect(state(known, sent({ mrr: 2 }), shape).outcome).toBe('updated');
  });

  describe('with repeats thinned', () => {
    const thin: StateShape = { ...shape, thinsRepeats: true };
    const take = (all: readonly Incoming[], before: readonly Statement[] = []) =>
      all.reduce<Statement[]>((known, next) => state(known, next, thin).statements, [...before]);
    const days = (statements: readonly Statement[]) => statements.map((one) => one.effectiveAt / DAY);

    it('keeps the first and the last of identical statements, in whichever order they arrive', () => {
      const run = Array.from({ length: 12 }, (_, i) => dated(i + 1, { mrr: 1, traits: { x: 1 } }));
      fc.assert(
        fc.property(fc.shuffledSubarray(run, { minLength: run.length }), (shuffled) => {
          const known = take(shuffled);
          expect(days(known)).toEqual([1, 12]);
          for (const again of shuffled) expect(state(known, again, thin).outcome).toBe('unchanged');
        }),
      );
    });

    it('gives identical intervals for any order of states that all differ', () => {
      const all = Array.from({ length: 9 }, (_, i) => dated(i + 1, { mrr: i, traits: { [`k${i % 3}`]: i } }));
      fc.assert(
        fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
          expect(fold(take(shuffled), thin)).toEqual(fold(arrive(all), shape));
        }),
        { numRuns: 1_000 },
      );
    });

    it('gives what all of them give when they arrive in the order of their time', () => {
      fc.assert(
        fc.property(fc.array(incoming, { maxLength: 12 }), (all) => {
          const ordered = all.map((one, i) => ({ ...one, effectiveAt: i + 1 }));
          expect(fold(take(ordered), thin)).toEqual(fold(arrive(ordered), shape));
        }),
        { numRuns: 1_000 },
      );
    });

    it('keeps a run of parts of the state to two statements that say all of them', () => {
      const known = take([
        dated(1, { mrr: 1, plan: 'a' }),
        ...Array.from({ length: 10 }, (_, i) => dated(i + 2, i % 2 ? { mrr: 1 } : { plan: 'a' })),
      ]);
      expect(days(known)).toEqual([1, 11]);
      const late = take([dated(5, { mrr: 2, plan: 'b' })], known);
      expect(fold(late, thin).map(({ from, fields }) => [from / DAY, fields])).toEqual([
        [-Infinity, { mrr: 1, plan: 'a' }],
        [5, { mrr: 2, plan: 'b' }],
        [11, { mrr: 1, plan: 'a' }],
      ]);
    });

    it('names the statement that goes when the last one of a run moves on', () => {
      const known = take([dated(1, { mrr: 1 }), dated(2, { mrr: 1 })]);
      const next = state(known, dated(3, { mrr: 1 }), thin);
      expect(next).toMatchObject({ outcome: 'updated', changed: { instead: known[1] } });
    });
  });
});
