import fc from 'fast-check';
import type { ChurnRisk } from './churn-risk.js';
import { DEFAULT_CARDS } from './default-cards.js';
import type { EbmFeature } from './ebm/columns.js';
import { fitEbm } from './ebm/fit.js';
import { randomFrom } from './ebm/random.js';
import { EbmScorer } from './ebm/scorer.js';
import { evaluate } from './evaluate.js';
import { riskByFitted, typicalByFitted } from './fitted-risk.js';
import { logitOf, probabilityOf } from './logit.js';
import { healthParts } from './prior-risk.js';
import { chooseCard } from './choose-card.js';
import type { Scorecard } from './scorecard.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';
import { survivalOf } from './survival.js';
import { hazardsOf } from './survival/tail-hazards.js';
import type { FittedChurn } from './training/trained.js';

const DAYS = 40;
const TAIL = { alpha: 0.8, beta: 20, power: 1 };

/** Leaving hangs on the days without use and, only in a small tier, on the seats. */
async function churnOf(rows: number, level: number, features?: readonly EbmFeature[]) {
  const random = randomFrom(rows);
  const idle = Array.from({ length: rows }, () => Math.floor(DAYS * random()));
  const seats = idle.map(() => 1 + Math.floor(20 * random()));
  const tiers = idle.map(() => (random() < 0.5 ? 'smb' : 'enterprise'));
  const labels = idle.map((days, row) => {
    const small = tiers[row] === 'smb' && (seats[row] ?? 0) < 5 ? 2 : 0;
    return random() < probabilityOf(level + days / 20 + small) ? 1 : 0;
  });
  const columns = [
    { name: 'daysSinceLastUse', kind: 'numeric' as const, values: idle },
    { name: 'seats', kind: 'numeric' as const, values: seats },
    { name: 'tier', kind: 'category' as const, values: tiers },
  ];
  return {
    columns,
    ebm: await fitEbm({ columns, labels }, { seed: 1, bags: 4, ...(features && { features }) }),
  };
}

const active = (features: FeatureValues, tier = 'smb'): ScoredAccount => ({
  features,
  tier,
  stage: 'established',
  status: 'active',
});
const accounts = fc
  .record(
    {
      daysSinceLastUse: fc.integer({ min: 0, max: 400 }),
      seats: fc.integer({ min: 0, max: 50 }),
      nps: fc.option(fc.integer({ min: 0, max: 10 })),
      overdueDays: fc.integer({ min: 0, max: 90 }),
      tenureDays: fc.option(fc.integer({ min: 0, max: 9_000 })),
    },
    { requiredKeys: [] },
  )
  .chain((features) => fc.constantFrom('smb', 'enterprise', 'huge').map((tier) => active(features, tier)));

const cards = [...DEFAULT_CARDS];
const cardOf = (account: ScoredAccount): Scorecard =>
  chooseCard(
    cards.map((card) => ({ card })),
    account,
  )?.card ?? DEFAULT_CARDS[0];

describe(riskByFitted.name, () => {
  let model: FittedChurn;
  let columns: Awaited<ReturnType<typeof churnOf>>['columns'];
  const risk = (account: ScoredAccount, by = model, card = cardOf(account)): ChurnRisk => {
    const found = riskByFitted(by, card, account, evaluate(card, account));
    if (!found) throw new Error('an active account has a risk');
    return found;
  };
  const partsSum = (found: ChurnRisk): number =>
    found.parts().reduce((sum, { contribution }) => sum + contribution, 0);

  beforeAll(async () => {
    const first = await churnOf(900, -3);
    const { features } = first.ebm;
    const [second, third] = [await churnOf(800, -2.5, features), await churnOf(700, -2, features)];
    columns = first.columns;
    model = {
      basis: 'fitted',
      prior: { basis: 'prior', kappa: 0.2, base: 0, means: {}, churned: 90, windows: 900 },
      cards,
      ebm: first.ebm,
      calibration: { shift: 0.1, slope: 0.9, centre: -2 },
      later: [second.ebm, third.ebm, null],
      tail: { expected: TAIL, worst: { ...TAIL, beta: 15 }, best: { ...TAIL, beta: 30 } },
    };
  });

  it('is the calibrated boosted model on top of the scorecard, with the interval of its bags', () => {
    const scores = new EbmScorer(model.ebm).score(columns);
    for (const row of [0, 1, 2, 3, 4, 5]) {
      const [idle, seats, tiers] = columns;
      const features = { daysSinceLastUse: idle?.values[row] as number, seats: seats?.values[row] as number };
      const account = active(features, tiers?.values[row] as string);
      const card = cardOf(account);
      const health = healthParts({}, card, account, evaluate(card, account)).reduce((a, b) => a + b, 0);
      const raw = (scores.logits[row] ?? 0) - 0.2 * health;
      const found = risk(account);
      expect(found.logit / 10_000).toBeCloseTo(-2 + 0.1 + 0.9 * (raw + 2), 3);
      expect(found.health).toBeCloseTo(health, 12);
      // 1.645: 90 % of a normal distribution lie within. Bags agree twice as much as fits on new data would.
      const half = 0.9 * 1.645 * 2 * (scores.spreads[row] ?? 0);
      expect(half).toBeGreaterThan(0.01);
      expect(logitOf(found.high) - logitOf(found.probability)).toBeCloseTo(half, 9);
      expect(logitOf(found.probability) - logitOf(found.low)).toBeCloseTo(half, 9);
    }
    expect(risk(active({ daysSinceLastUse: 39 })).probability).toBeGreaterThan(
      2 * risk(active({ daysSinceLastUse: 1 })).probability,
    );
  });

  it('has contributions that add up to the logit exactly and curves consistent with the probabilities', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const found = risk(account);
        expect(found.parts().every(({ contribution }) => Number.isInteger(contribution))).toBe(true);
        expect(found.base + partsSum(found)).toBe(found.logit);
        expect(found.probability).toBeCloseTo(probabilityOf(found.logit / 10_000), 12);
        expect(1 - (survivalOf(found.curves.expected, 3)[3] ?? 1)).toBeCloseTo(found.probability, 12);
        expect(1 - (survivalOf(found.curves.expected, 12)[12] ?? 1)).toBeCloseTo(found.probability12m, 12);
        const survival = [...survivalOf(found.curves.worst, 60)];
        expect(survival.every((there, month) => there > 0 && there <= (survival[month - 1] ?? 1))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is null for accounts not at risk', () => {
    for (const status of ['trial', 'leaving', 'churned'] as const) {
      const account = { ...active({}), status };
      expect(
        riskByFitted(model, cards[0] as Scorecard, account, evaluate(cards[0] as Scorecard, account)),
      ).toBeNull();
    }
  });

  it('computes health from the scorecards of the fit, not the current ones', () => {
    const account = active({ daysSinceLastUse: 30, overdueDays: 60 });
    const other = { ...cardOf(account), dimensions: cardOf(account).dimensions.slice(0, 1) };
    expect(risk(account, model, other).logit).toBe(risk(account).logit);
  });

  it('tends to the average where a later quarter had too few churns to fit', () => {
    const account = active({ daysSinceLastUse: 39 });
    const [first, , , fourth] = risk(account).curves.expected.quarters;
    const average = -2 + 0.1 + 0.9 * (model.ebm.intercept + 2);
    expect(logitOf(fourth) - average).toBeCloseTo(0.95 ** 9 * (logitOf(first) - average), 3);
  });

  it('follows the tail by age beyond the first year, keeping the distance to its cohort', () => {
    const found = risk(active({ daysSinceLastUse: 39, tenureDays: 730 }));
    const survival = survivalOf(found.curves.expected, 14);
    const hazards = hazardsOf({ expected: TAIL, worst: TAIL, best: TAIL }).expected;
    const age = Math.floor(730 / 30.44);
    const quarter = 1 - [10, 11, 12].reduce((there, month) => there * (1 - (hazards[age + month] ?? 0)), 1);
    const away = logitOf(found.curves.expected.quarters[3]) - logitOf(quarter);
    const hazard = 1 - (survival[14] ?? 0) / (survival[13] ?? 1);
    expect(logitOf(hazard)).toBeCloseTo(logitOf(hazards[age + 14] ?? 0) + 0.95 ** 2 * away, 9);
  });

  it('widens the interval for the uncertainty of late ages', () => {
    const { best, worst } = risk(active({})).curves;
    const sure = risk(active({}), { ...model, tail: { expected: TAIL, worst: TAIL, best: TAIL } }).curves;
    expect(survivalOf(best, 60)[60]).toBeGreaterThan(survivalOf(sure.best, 60)[60] ?? 1);
    expect(survivalOf(worst, 60)[60]).toBeLessThan(survivalOf(sure.worst, 60)[60] ?? 0);
    expect(survivalOf(best, 60)[12]).toBeCloseTo(survivalOf(sure.best, 60)[12] ?? 0, 12);
  });

  it('keeps worst, expected and best in order at any age', () => {
    const crossing = {
      expected: TAIL,
      worst: { alpha: 2, beta: 40, power: 0.7 },
      best: { alpha: 0.3, beta: 12, power: 1.4 },
    };
    for (let tenureDays = 0; tenureDays < 6_000; tenureDays += 300) {
      const { worst, expected, best } = risk(active({ tenureDays }), { ...model, tail: crossing }).curves;
      const [low, middle, high] = [worst, expected, best].map((curve) => survivalOf(curve, 60));
      for (let month = 1; month <= 60; month++) {
        expect(low?.[month]).toBeLessThanOrEqual(middle?.[month] ?? 0);
        expect(middle?.[month]).toBeLessThanOrEqual(high?.[month] ?? 0);
      }
    }
  });

  it("continues at the fourth quarter's rate when no tail was fitted", () => {
    const found = risk(active({}), { ...model, tail: null });
    const survival = survivalOf(found.curves.expected, 24);
    expect(1 - (survival[15] ?? 0) / (survival[12] ?? 1)).toBeCloseTo(found.curves.expected.quarters[3], 9);
  });

  it('equals the base for an average account', () => {
    const { quarters } = typicalByFitted(model, active({}));
    expect(quarters[0]).toBeCloseTo(probabilityOf(risk(active({})).base / 10_000), 4);
  });
});
