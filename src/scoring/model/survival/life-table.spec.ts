import { cohortTable, lifeTableOf, logLikelihoodOf } from './life-table.js';

describe(lifeTableOf.name, () => {
  it('counts an account as at risk from its entry to its end', () => {
    const sut = lifeTableOf([
      { entry: 0, time: 2, churned: true, count: 3 },
      { entry: 0, time: 4, churned: false, count: 2 },
      { entry: 2, time: 3, churned: true, count: 1 },
      { entry: 4, time: 4, churned: false, count: 9 },
    ]);
    expect([...sut.atRisk]).toEqual([5, 5, 3, 2]);
    expect([...sut.lost]).toEqual([0, 3, 1, 0]);
  });

  it.each([
    ['times that are not whole', { entry: 0, time: 1.5, churned: true, count: 1 }],
    ['an end before the entry', { entry: 3, time: 2, churned: false, count: 1 }],
    ['a loss on entry', { entry: 3, time: 3, churned: true, count: 1 }],
  ])('rejects %s', (_, lifetime) => expect(() => lifeTableOf([lifetime])).toThrow(RangeError));
});

describe(cohortTable.name, () => {
  it('is the life table of the cohorts', () => {
    const sut = cohortTable([[10, 8, 5], [20, 15], [7]]);
    expect(sut).toEqual(
      lifeTableOf([
        { entry: 0, time: 1, churned: true, count: 7 },
        { entry: 0, time: 2, churned: true, count: 3 },
        { entry: 0, time: 2, churned: false, count: 5 },
        { entry: 0, time: 1, churned: false, count: 15 },
        { entry: 0, time: 0, churned: false, count: 7 },
      ]),
    );
  });
});

describe(logLikelihoodOf.name, () => {
  it('is the log of P(T = t) or S(t), given the entry', () => {
    const hazards = Float64Array.of(0.3, 0.2, 0.1, 0.4);
    const table = lifeTableOf([
      { entry: 1, time: 3, churned: true, count: 2 },
      { entry: 0, time: 2, churned: false, count: 1 },
    ]);
    expect(logLikelihoodOf(table, hazards)).toBeCloseTo(2 * Math.log(0.8 * 0.1) + Math.log(0.7 * 0.8), 12);
  });

  it('is 0 without data and −Infinity for an impossible outcome', () => {
    expect(logLikelihoodOf(lifeTableOf([]), new Float64Array(0))).toBe(0);
    expect(logLikelihoodOf(cohortTable([[5, 4]]), Float64Array.of(0))).toBe(-Infinity);
  });
});
