import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import {
  fitBdw,
  fitBdwWithPrior,
  fitSbg,
  tailLogLikelihood,
  tailRetention,
  type TailShape,
  tailSurvival,
} from './beta-discrete-weibull.js';
import { cohortTable, lifeTableOf } from './life-table.js';

/** Per cent surviving, years 0 to 12 (Fader and Hardie 2007, table 1). */
const REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3];
const HIGH_END = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4];
const FIVE_COHORTS = [
  [10_000, 8_000, 6_480, 5_307, 4_391],
  [10_000, 8_000, 6_480, 5_307],
  [10_000, 8_000, 6_480],
  [10_000, 8_000],
  [10_000],
];
const DATA = '../shared/data/sbg';
const withData = existsSync(DATA) ? it : it.skip;

/** `count` accounts followed through `renewals`. */
const cohortOf = (percents: readonly number[], renewals: number, count: number) =>
  cohortTable([percents.slice(0, renewals + 1).map((percent) => (count * percent) / 100)]);
const survivalIn = (shape: TailShape, years: readonly number[]) =>
  years.map((year) => tailSurvival(shape, year));

function expectAll(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((one, index) => expect(one).toBeCloseTo(expected[index] ?? NaN, digits));
}

withData(`the figures are those of ${DATA} (skipped where it is absent)`, () => {
  const read = (name: string) =>
    parse<Record<string, string>>(readFileSync(`${DATA}/${name}`), { columns: true });
  const table = read('fader_hardie_2007_table1.csv');
  expect(table.map(({ regular_pct }) => Number(regular_pct))).toEqual(REGULAR);
  expect(table.map(({ highend_pct }) => Number(highend_pct))).toEqual(HIGH_END);
  const cohorts = read('fader_hardie_2010_multicohort.csv').map(({ cohort: _, ...years }) =>
    Object.values(years)
      .filter((cell) => cell !== '')
      .map(Number),
  );
  expect(cohorts).toEqual(FIVE_COHORTS);
});

describe(fitSbg.name, () => {
  it.each([
    ['Regular', REGULAR, 0.704077, 1.182043, -1680.265188],
    ['High End', HIGH_END, 0.668088, 3.806095, -1611.158147],
  ])('matches the published %s over 7 renewals', (_, percents, alpha, beta, logLikelihood) => {
    const sut = fitSbg(cohortOf(percents, 7, 1_000));
    expect(sut.alpha).toBeCloseTo(alpha, 5);
    expect(sut.beta).toBeCloseTo(beta, 5);
    expect(sut.logLikelihood).toBeCloseTo(logLikelihood, 6);
    expect(sut.power).toBe(1);
  });

  it.each([
    ['Regular', REGULAR, [0.22008, 0.20441, 0.19119, 0.17986, 0.17004]],
    ['High End', HIGH_END, [0.46044, 0.43578, 0.41417, 0.39506, 0.378]],
  ])('predicts years 8 to 12 of %s', (_, percents, expected) => {
    const sut = fitSbg(cohortOf(percents, 7, 1_000));
    expectAll(survivalIn(sut, [8, 9, 10, 11, 12]), expected, 5);
  });

  it('fits several cohorts at once', () => {
    const sut = fitSbg(cohortTable(FIVE_COHORTS));
    expect(sut.alpha).toBeCloseTo(3.798122, 3);
    expect(sut.beta).toBeCloseTo(15.191892, 3);
    expect(sut.logLikelihood).toBeCloseTo(-40255.837281, 6);
  });

  it('recovers the parameters from survivors, given their entry', () => {
    const truth = { alpha: 0.8, beta: 4, power: 1 };
    const began = 1e6;
    const left = (period: number) => began * (tailSurvival(truth, period - 1) - tailSurvival(truth, period));
    const from = (entry: number) => [
      ...Array.from({ length: 12 }, (_, index) => entry + index + 1).map((time) => ({
        entry,
        time,
        churned: true,
        count: left(time),
      })),
      { entry, time: entry + 12, churned: false, count: began * tailSurvival(truth, entry + 12) },
    ];
    const sut = fitSbg(lifeTableOf([from(0), from(3), from(9)].flat()));
    expect(sut.alpha).toBeCloseTo(0.8, 4);
    expect(sut.beta).toBeCloseTo(4, 3);
    const naive = fitSbg(lifeTableOf(from(9).map((one) => ({ ...one, entry: 0 }))));
    expect(tailSurvival(naive, 12)).toBeGreaterThan(1.5 * tailSurvival(truth, 12));
  });

  it('is finite at a single churn rate, without churn and when all churn', () => {
    const steady = fitSbg(cohortTable([[10_000, 9_000, 8_100, 7_290, 6_561]]));
    expect(tailSurvival(steady, 8)).toBeCloseTo(0.9 ** 8, 4);
    expect(tailSurvival(fitSbg(cohortTable([[50, 50, 50, 50]])), 3)).toBeCloseTo(1, 4);
    expect(tailSurvival(fitSbg(cohortTable([[50, 0]])), 1)).toBeCloseTo(0, 4);
    expect(() => fitSbg(cohortTable([[10]]))).toThrow(RangeError);
  });
});

describe('the fits', () => {
  const cohort = fc
    .array(fc.integer({ min: 0, max: 2_000 }), { minLength: 2, maxLength: 12 })
    .map((counts) => counts.sort((one, other) => other - one))
    .filter(([began = 0]) => began > 0);
  const logs = fc.tuple(...[2, 4, 1].map((most) => fc.double({ min: -most, max: most, noNaN: true })));

  it('maximize the likelihood for any cohorts', () => {
    fc.assert(
      fc.property(
        fc.array(cohort, { minLength: 1, maxLength: 3 }),
        logs,
        (cohorts, [a = 0, b = 0, c = 0]) => {
          const table = cohortTable(cohorts);
          const [sbg, bdw] = [fitSbg(table), fitBdw(table)];
          const anyOf = (power: number): TailShape => ({ alpha: Math.exp(a), beta: Math.exp(b), power });
          expect(sbg.logLikelihood).toBeGreaterThan(tailLogLikelihood(anyOf(1), table) - 1e-4);
          expect(bdw.logLikelihood).toBeGreaterThan(tailLogLikelihood(anyOf(Math.exp(c)), table) - 1e-4);
          expect(bdw.logLikelihood).toBeGreaterThan(sbg.logLikelihood - 1e-4);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe(fitBdw.name, () => {
  const sut = fitBdw(cohortOf(HIGH_END, 4, 100));

  it('matches the published High End over 4 renewals in likelihood, as its parameters lie on a ridge', () => {
    expect(sut.logLikelihood).toBeCloseTo(-122.27493, 5);
    const published = { alpha: 0.2593, beta: 1.7226, power: 1.5844 };
    expect(tailLogLikelihood(published, cohortOf(HIGH_END, 4, 100))).toBeCloseTo(sut.logLikelihood, 5);
    expect(sut.alpha).toBeCloseTo(published.alpha, 3);
    expect(sut.beta).toBeCloseTo(published.beta, 3);
    expect(sut.power).toBeCloseTo(published.power, 3);
  });

  it('predicts years 5 to 10', () => {
    const percents = survivalIn(sut, [5, 6, 7, 8, 9, 10]).map((share) => 100 * share);
    expectAll(percents, [54.661, 51.037, 48.104, 45.669, 43.604, 41.823], 3);
  });
});

describe(fitBdwWithPrior.name, () => {
  it.each([
    ['Regular', REGULAR, 1.6],
    ['High End', HIGH_END, 2],
  ])('is as far off in the later years of %s as published, from 4 renewals', (_, percents, worst) => {
    const held = percents.slice(5);
    const missed = (shape: TailShape) =>
      held.reduce(
        (sum, percent, index) => sum + Math.abs((100 * tailSurvival(shape, index + 5)) / percent - 1),
        0,
      ) / held.length;
    const sut = fitBdwWithPrior(cohortOf(percents, 4, 1_000));
    expect(100 * missed(sut)).toBeCloseTo(worst, 1);
    expect(missed(fitSbg(cohortOf(percents, 4, 1_000)))).toBeGreaterThan(3 * missed(sut));
  });

  it('is the mode of likelihood times prior', () => {
    const table = cohortOf(REGULAR, 4, 100);
    const sut = fitBdwWithPrior(table);
    const posterior = (shape: TailShape) => tailLogLikelihood(shape, table) - Math.log(shape.power) ** 2 / 2;
    const at = posterior(sut);
    for (const key of ['alpha', 'beta', 'power'] as const) {
      for (const factor of [0.98, 1.02])
        expect(posterior({ ...sut, [key]: factor * sut[key] })).toBeLessThan(at);
    }
    expect(sut.logLikelihood).toBeCloseTo(tailLogLikelihood(sut, table), 12);
  });

  it('stays near a power of 1 with very little data', () => {
    const sut = fitBdwWithPrior(cohortTable([[3, 2]]));
    expect(sut.power).toBeGreaterThan(0.5);
    expect(sut.power).toBeLessThan(2);
  });
});

describe(tailSurvival.name, () => {
  const shape = { alpha: 0.668, beta: 3.806, power: 1 };

  it('follows the recursion of the shifted-beta-geometric', () => {
    let p = shape.alpha / (shape.alpha + shape.beta);
    let survival = 1 - p;
    for (let t = 1; t <= 40; t++) {
      expect(tailSurvival(shape, t)).toBeCloseTo(survival, 12);
      expect(tailRetention(shape, t)).toBeCloseTo(
        (shape.beta + t - 1) / (shape.alpha + shape.beta + t - 1),
        12,
      );
      p *= (shape.beta + t - 1) / (shape.alpha + shape.beta + t);
      survival -= p;
    }
  });

  it('is the same curve in another unit of time at the same power', () => {
    const bent = { ...shape, power: 1.5 };
    expect(tailSurvival(bent, 4)).toBeCloseTo(tailSurvival(shape, 8), 12);
    expect(tailSurvival(bent, 0)).toBe(1);
  });
});
