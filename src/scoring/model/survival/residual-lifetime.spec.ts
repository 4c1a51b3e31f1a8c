import type { TailShape } from './beta-discrete-weibull.js';
import { fitSbg, tailSurvival } from './beta-discrete-weibull.js';
import { cohortTable } from './life-table.js';
import { discountedResidualLifetime } from './residual-lifetime.js';

describe(discountedResidualLifetime.name, () => {
  const regular = fitSbg(cohortTable([[1_000, 631, 468, 382, 326, 289, 262, 241]]));
  const highEnd = fitSbg(cohortTable([[1_000, 869, 743, 653, 593, 551, 517, 491]]));

  it.each([
    ['Regular', regular, [2.964399, 4.10314, 4.869805, 5.442059, 5.894095]],
    ['High End', highEnd, [5.414479, 5.901378, 6.293892, 6.61992, 6.896707]],
  ])('matches the figures of %s', (_, shape, expected) =>
    expected.forEach((value, index) =>
      expect(discountedResidualLifetime(shape, 0.1, index + 1)).toBeCloseTo(value, 5),
    ),
  );

  it('matches the published figure after 7 renewals', () =>
    expect(discountedResidualLifetime(highEnd, 0.1, 8)).toBeCloseTo(7.529628, 5));

  it('matches its definition as a sum', () => {
    const shape: TailShape = { alpha: 1.5, beta: 2, power: 1 };
    let sum = 0;
    for (let t = 3; t < 400; t++) sum += (tailSurvival(shape, t) / tailSurvival(shape, 2)) * 1.2 ** (3 - t);
    expect(discountedResidualLifetime(shape, 0.2, 3)).toBeCloseTo(sum, 10);
  });

  it('is finite without discount only for α above 1, as the limit of small rates', () => {
    const shape = { alpha: 3, beta: 4, power: 1 };
    expect(discountedResidualLifetime(shape, 0, 2)).toBe(2.5);
    expect(discountedResidualLifetime(shape, 1e-5, 2)).toBeCloseTo(2.5, 3);
    expect(discountedResidualLifetime(regular, 0, 1)).toBe(Infinity);
  });

  it.each([
    ['another power', { alpha: 1, beta: 1, power: 1.5 }, 0.1, 1],
    ['a negative rate', regular, -0.1, 1],
    ['a contract before the first', regular, 0.1, 0],
  ])('rejects %s', (_, shape, rate, n) =>
    expect(() => discountedResidualLifetime(shape, rate, n)).toThrow(RangeError),
  );
});

describe('five cohorts (Fader and Hardie 2010)', () => {
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

  it("are worth more than last year's retention implies, which is 12.2 % too low", () => {
    const cohorts = [
      [10_000, 8_000, 6_480, 5_307, 4_391],
      [10_000, 8_000, 6_480, 5_307],
      [10_000, 8_000, 6_480],
      [10_000, 8_000],
      [10_000],
    ];
    const last = cohorts.map((survivors) => survivors.at(-1) ?? 0);
    const before = cohorts.slice(0, -1).map((survivors) => survivors.at(-2) ?? 0);
    const retention = sum(last.slice(0, -1)) / sum(before);
    const constant = (sum(last) * retention) / (1 - retention / 1.1);
    const shape = fitSbg(cohortTable(cohorts));
    const worth = cohorts.map(
      (survivors) => (survivors.at(-1) ?? 0) * discountedResidualLifetime(shape, 0.1, survivors.length),
    );
    expect(1 - constant / sum(worth)).toBeCloseTo(0.122, 3);
  });
});
