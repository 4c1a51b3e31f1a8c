import { dayNumber } from '../../src/demo/calendar.js';
import type { SimulationOptions } from '../../src/demo/scenario.js';
import { simulate, type Simulation } from '../../src/demo/simulate.js';
import { type Standing, standingsOf } from '../../src/demo/truth.js';

const company = (changed: Partial<SimulationOptions> = {}): Simulation =>
  simulate({ seed: 11, accounts: 500, months: 24, until: new Date('2026-06-30T23:00:00Z'), ...changed });

const each = function* ({ scenario, truth }: Simulation): Generator<Standing> {
  for (let index = 0; index < scenario.accounts; index++) yield* truth.of(index);
};
/** Every third month-end: what comes of one is over before the next. */
const apart = ({ day }: Standing): boolean => /-(03|06|09|12)-/.test(day);

describe(standingsOf.name, () => {
  it('gives probabilities that come true, low and high', () => {
    const rows = [...each(company())]
      .filter((standing) => apart(standing) && standing.churned90 !== null)
      .map(({ chances, churned90 }) => ({ p: chances(90, 20).churn, y: churned90 ? 1 : 0 }))
      .sort((a, b) => a.p - b.p);
    expect(rows.length).toBeGreaterThan(1_800);
    for (const part of [rows, rows.slice(0, -rows.length / 10), rows.slice(-rows.length / 10)]) {
      const expected = part.reduce((sum, { p }) => sum + p, 0);
      const spread = Math.sqrt(part.reduce((sum, { p }) => sum + p * (1 - p), 0));
      const observed = part.reduce((sum, { y }) => sum + y, 0);
      expect(Math.abs(observed - expected) / spread).toBeLessThan(2.6);
    }
    const tenth = rows.slice(-rows.length / 10);
    expect(tenth.reduce((sum, { p }) => sum + p, 0) / tenth.length).toBeGreaterThan(0.12);
  }, 1_800_000);

  it('gives the rates at which MRR falls and rises by a tenth', () => {
    let expected = { contraction: 0, expansion: 0 };
    let spread = { contraction: 0, expansion: 0 };
    const observed = { contraction: 0, expansion: 0 };
    const sim = company({ seed: 12, accounts: 400 });
    for (let index = 0; index < sim.scenario.accounts; index++) {
      const standings = sim.truth.of(index);
      for (const standing of standings.filter(({ day }) => apart({ day } as Standing))) {
        // Of 30 September 90 days lead to 29 December, of the others to a day beside a month-end.
        const later = standings.find(
          ({ day }) =>
            dayNumber(day) - dayNumber(standing.day) > 88 && dayNumber(day) - dayNumber(standing.day) < 93,
        );
        if (later === undefined) continue;
        const horizon = dayNumber(later.day) - dayNumber(standing.day);
        const { contraction, expansion, churn } = standing.chances(horizon, 25);
        // Who has decided to leave by then has no later standing: close to those who churned.
        const there = 1 - churn;
        const add = (p: number): number => (p / there) * (1 - p / there);
        expected = {
          contraction: expected.contraction + contraction / there,
          expansion: expected.expansion + expansion / there,
        };
        spread = {
          contraction: spread.contraction + add(contraction),
          expansion: spread.expansion + add(expansion),
        };
        if (later.mrr <= 0.9 * standing.mrr) observed.contraction++;
        if (later.mrr >= 1.1 * standing.mrr) observed.expansion++;
      }
    }
    expect(observed.contraction).toBeGreaterThan(20);
    for (const what of ['contraction', 'expansion'] as const)
      expect(Math.abs(observed[what] - expected[what]) / Math.sqrt(spread[what])).toBeLessThan(3);
  }, 1_800_000);

  it('is deterministic, and higher over a year than over 90 days', () => {
    const standing = company({ accounts: 20 }).truth.of(3)[2];
    const again = company({ accounts: 20 }).truth.of(3)[2];
    const chances = standing?.chances(90);
    expect(again?.chances(90)).toEqual(chances);
    expect(standing?.chances(365).churn).toBeGreaterThan(chances?.churn ?? 1);
  });
});

describe('scenarios', () => {
  it('give every account the same risk with a constant hazard', () => {
    const churn = [...each(company({ accounts: 60, constantHazard: true }))]
      .filter(({ day }) => day === '2026-01-31')
      .map(({ chances }) => chances(90, 20).churn);
    expect(churn.length).toBeGreaterThan(20);
    expect(Math.max(...churn) - Math.min(...churn)).toBeLessThan(1e-9);
    expect(churn[0]).toBeGreaterThan(0.02);
  });

  it('add a trait that reveals churn only with a planted leak', () => {
    const scores = (plantedLeak: boolean): { gone: number[]; there: number[] } => {
      const sim = company({ accounts: 200, plantedLeak });
      const newest = new Map<string, number>();
      for (const { id, traits } of sim.facts('accounts')) {
        const score = (traits as { offboardingScore?: number } | undefined)?.offboardingScore;
        if (score !== undefined) newest.set(String(id), score);
      }
      const gone: number[] = [];
      const there: number[] = [];
      for (let index = 0; index < 200; index++) {
        const { id, goneDay } = sim.truth.outcome(index);
        const score = newest.get(id);
        if (score !== undefined) (goneDay === null ? there : gone).push(score);
      }
      return { gone, there };
    };
    const { gone, there } = scores(true);
    expect(gone.length).toBeGreaterThan(10);
    expect(Math.min(...gone)).toBeGreaterThan(Math.max(...there) - 2);
    expect(scores(false)).toEqual({ gone: [], there: [] });
  });

  it('match the requested number of churned accounts', () => {
    const sim = company({ accounts: 300, churned: 5 });
    const gone = Array.from({ length: 300 }, (_, index) => sim.truth.outcome(index)).filter(
      ({ goneDay }) => goneDay,
    );
    expect(gone).toHaveLength(5);
  });

  it('contain only surviving accounts in a stock sample, which live longer', () => {
    const sim = company({ accounts: 600, stockSample: true, constantHazard: true });
    const start = sim.scenario.startDay;
    let days = 0;
    let naive = 0;
    let ends = 0;
    for (let index = 0; index < 600; index++) {
      const { internal, startedDay, goneDay } = sim.truth.outcome(index);
      if (internal) continue;
      const end = goneDay === null ? sim.scenario.untilDay + 1 : dayNumber(goneDay);
      expect(dayNumber(startedDay)).toBeLessThanOrEqual(start);
      expect(end).toBeGreaterThan(start - 1);
      days += end - start;
      naive += end - dayNumber(startedDay);
      if (goneDay !== null) ends++;
    }
    const truth = sim.truth.meanLifetimeMonths(50);
    const spread = 1 / Math.sqrt(ends);
    expect(Math.abs(Math.log(days / ends / 30.44 / truth))).toBeLessThan(3 * spread);
    expect(naive / ends / 30.44 / truth).toBeGreaterThan(1.5);
  });

  it('lower the churn of accounts reached by a campaign', () => {
    const churn = (treatmentEffect: number): number =>
      [...each(company({ accounts: 100, months: 12, treated: 0.9, treatmentEffect }))].reduce(
        (sum, { chances }) => sum + chances(90, 10).churn,
        0,
      );
    expect(churn(-2) / churn(0)).toBeLessThan(0.75);
  });
});
