import fc from 'fast-check';
import { dailyHazards, stillThere } from './daily-hazards.js';
import { randomFrom } from './ebm/random.js';
import { Forecast, type ForecastAccount, type ForecastMonth, ifItStays } from './forecast.js';

const ENDS = [7, 38, 69, 97, 128, 158, 189, 219, 250, 281, 311, 342];

const account = (fields: Partial<ForecastAccount> = {}): ForecastAccount => ({
  mrr: 10_000,
  goneInDays: null,
  risk: { within90Days: 0.1, within12Months: 0.3, low: 0.06, high: 0.16 },
  renewsInDays: null,
  contraction: { probability: 0, step: 0.2 },
  expansion: { probability: 0, step: 0.2 },
  ...fields,
});

function forecastOf(accounts: readonly ForecastAccount[], ends = ENDS): ForecastMonth[] {
  const forecast = new Forecast(ends);
  for (const one of accounts) forecast.add(one);
  return forecast.months();
}

const share = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000);
const change = fc.record({ probability: share, step: share });
const accounts = fc.array(
  fc.record({
    mrr: fc.integer({ min: 0, max: 10_000_000 }),
    goneInDays: fc.option(fc.integer({ min: 0, max: 90 })),
    risk: fc.option(
      fc.tuple(share, share, share, share).map((shares) => {
        const [low = 0, within90Days = 0, high = 0, within12Months = 0] = shares.sort((a, b) => a - b);
        return { low, within90Days, high, within12Months };
      }),
    ),
    renewsInDays: fc.option(fc.integer({ min: 0, max: 500 })),
    contraction: change,
    expansion: change,
  }),
  { maxLength: 30 },
);

describe(Forecast.name, () => {
  it('adds up to the minor unit, each month starting where the last one ended', () => {
    fc.assert(
      fc.property(accounts, (all) => {
        let before = all.reduce((sum, { mrr }) => sum + mrr, 0);
        for (const { start, leave, contract, expand, end, renew, upForRenewal } of forecastOf(all)) {
          expect(start.expected).toBe(before);
          expect(start.expected - leave.expected - contract.expected + expand.expected).toBe(end.expected);
          for (const { low, expected, high } of [start, leave, contract, expand, end, renew]) {
            expect(low).toBeLessThanOrEqual(expected);
            expect(high).toBeGreaterThanOrEqual(expected);
            expect(Number.isSafeInteger(expected) && Number.isSafeInteger(high)).toBe(true);
            expect(low).toBeGreaterThanOrEqual(0);
          }
          expect(upForRenewal).toBeLessThanOrEqual(all.reduce((sum, { mrr }) => sum + mrr, 0));
          before = end.expected;
        }
      }),
    );
  });

  it('is zero without accounts', () => {
    const none = { expected: 0, low: 0, high: 0 };
    const flows = { renew: none, contract: none, expand: none, leave: none, accountsLeaving: none };
    expect(forecastOf([])).toEqual(ENDS.map(() => ({ start: none, upForRenewal: 0, end: none, ...flows })));
  });

  it("matches the scores' losses by day 90 and day 365", () => {
    const many = Array.from({ length: 1_000 }, () => account());
    const [quarter, rest] = forecastOf(many, [90, 365]);
    expect(quarter?.leave.expected).toBe(1_000_000);
    expect(quarter?.accountsLeaving.expected).toBe(100);
    expect(rest?.end.expected).toBe(7_000_000);
  });

  it('keeps an account without a prediction, with certainty', () => {
    const [first] = forecastOf([account({ risk: null, renewsInDays: 3 })]);
    const sure = { expected: 10_000, low: 10_000, high: 10_000 };
    expect(first).toMatchObject({ start: sure, end: sure, renew: sure, upForRenewal: 10_000 });
  });

  it('ends an account that gave notice on its last day and renews nothing', () => {
    const leaving = account({ risk: null, goneInDays: 40, renewsInDays: 40 });
    const months = forecastOf([leaving, account({ mrr: 500, risk: null })]);
    expect(months.map(({ end }) => end.expected).slice(0, 4)).toEqual([10_500, 10_500, 500, 500]);
    expect(months[2]).toMatchObject({
      upForRenewal: 10_000,
      renew: { expected: 0, high: 0 },
      leave: { expected: 10_000, low: 10_000, high: 10_000 },
      accountsLeaving: { expected: 1, low: 1, high: 1 },
    });
  });

  it('is certain about accounts that gave notice, whatever the others', () => {
    const gone = account({ mrr: 90_000, goneInDays: 3, risk: null });
    const [month] = forecastOf([gone, ...Array.from({ length: 5 }, () => account({ mrr: 100_000 }))]);
    expect(month?.leave).toMatchObject({ low: 90_000 });
    expect(month?.leave.high).toBeGreaterThan(100_000);
  });

  it('counts an account whose last day is today as lost in the first month', () =>
    expect(forecastOf([account({ goneInDays: 0 })])[0]?.leave.expected).toBe(10_000));

  it('counts churned accounts with unknown MRR, without money', () => {
    const [month] = forecastOf([account({ mrr: 0, goneInDays: 3 })]);
    expect(month).toMatchObject({ leave: { expected: 0, high: 0 }, accountsLeaving: { expected: 1 } });
  });

  it('spreads MRR changes over their 90 days while the account stays', () => {
    const change = { probability: 0.19, step: 0.5 };
    const [first, second] = forecastOf(
      [account({ risk: null, contraction: change }), account({ risk: null, expansion: change })],
      [45, 90],
    );
    expect(first).toMatchObject({ contract: { expected: 500 }, expand: { expected: 500 } });
    expect(second).toMatchObject({ contract: { expected: 475 }, expand: { expected: 525 } });
    const gone = forecastOf([account({ goneInDays: 1, contraction: change })])[0];
    expect(gone?.contract.expected).toBe(0);
  });

  it('has an interval that covers nine of ten outcomes', () => {
    const random = randomFrom(11);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const all = Array.from({ length: 300 }, (_, n) => {
      const within90Days = 0.02 + 0.2 * random() ** 2;
      return account({
        mrr: 1_000 * (1 + (n % 40)),
        risk: {
          within90Days,
          within12Months: 1 - (1 - within90Days) ** 3,
          low: 0.75 * within90Days,
          high: 1.3 * within90Days,
        },
        contraction: { probability: 0.05, step: 0.2 },
        expansion: { probability: 0.1, step: 0.3 },
      });
    });
    const ends = [30, 61, 182, 365];
    const months = forecastOf(all, ends);
    const draws = 1_000;
    const inside = { leave: ends.map(() => 0), end: ends.map(() => 0) };
    for (let draw = 0; draw < draws; draw++) {
      const shift = Math.exp((0.29 * normal()) / 1.645);
      const lost = ends.map(() => 0);
      const left = ends.map(() => 0);
      for (const one of all) {
        const { early, late } = dailyHazards(one.risk ?? { within90Days: 0, within12Months: 0 });
        const hazards = { early: early * shift, late: late * shift };
        const luck = random();
        let mrr = one.mrr;
        for (const [month, end] of ends.entries()) {
          if (stillThere(hazards, end) < luck) {
            lost[month] = (lost[month] ?? 0) + mrr;
            break;
          }
          const days = end - (ends[month - 1] ?? 0);
          if (random() < 1 - 0.95 ** (days / 90)) mrr *= 0.8;
          if (random() < 1 - 0.9 ** (days / 90)) mrr *= 1.3;
          left[month] = (left[month] ?? 0) + mrr;
        }
      }
      for (const [month, { leave, end }] of months.entries()) {
        const [out = 0, there = 0] = [lost[month], left[month]];
        if (leave.low <= out && out <= leave.high) inside.leave[month] = (inside.leave[month] ?? 0) + 1;
        if (end.low <= there && there <= end.high) inside.end[month] = (inside.end[month] ?? 0) + 1;
      }
    }
    for (const count of [...inside.leave, ...inside.end]) {
      expect(count / draws).toBeGreaterThan(0.86);
      expect(count / draws).toBeLessThan(0.94);
    }
  });
});

describe(ifItStays.name, () => {
  it('inverts the share counted over accounts that stayed', () => {
    const risk = { within90Days: 0.4, within12Months: 0.4, low: 0.4, high: 0.4 };
    // Of all, 18 % shrink and stay.
    const contraction = { probability: ifItStays(0.18, 0.4), step: 0.5 };
    const [month] = forecastOf([account({ risk, contraction })], [90]);
    expect(month?.contract.expected).toBe(10_000 * 0.18 * 0.5);
  });

  it('stays a probability', () => {
    expect([ifItStays(0.5, 0.9), ifItStays(0.1, 1), ifItStays(0, 1), ifItStays(0.2, 0)]).toEqual([
      1, 0, 0, 0.2,
    ]);
  });
});
