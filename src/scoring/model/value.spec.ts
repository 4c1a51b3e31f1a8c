import fc from 'fast-check';
import type { ChurnRisk, HazardCurve } from './churn-risk.js';
import { logitOf, probabilityOf } from './logit.js';
import { survivalOf } from './survival.js';
import { valueOf, worthOf } from './value.js';

const TERMS = { margin: 0.8, yearlyRate: 0.1, horizonMonths: 60 };

/** Every month alike. */
const steady = (hazard: number): HazardCurve => {
  const quarter = 1 - (1 - hazard) ** 3;
  return { quarters: [quarter, quarter, quarter, quarter], cohort: () => hazard, lateOffset: 0 };
};
const shifted = (logit: number): HazardCurve => {
  const at = (offset: number) => probabilityOf(-3 + offset);
  return {
    quarters: [at(logit), at(0.9 * logit), at(0.8 * logit), at(0.7 * logit)],
    cohort: (month) => (month % 12 === 0 ? 0.04 : 0.01),
    lateOffset: 0.7 * logit,
  };
};
const lossOf = (curve: HazardCurve, months: number) => 1 - (survivalOf(curve, months)[months] ?? 1);
const riskAlong = (expected: HazardCurve, best: HazardCurve, worst: HazardCurve): ChurnRisk => ({
  basis: 'prior',
  base: 0,
  health: 0,
  parts: () => [],
  foremost: null,
  logit: 0,
  probability: 0,
  low: 0,
  high: 0,
  probability12m: 0,
  curves: { expected, best, worst },
});

describe(worthOf.name, () => {
  it('matches the figures computed by hand', () => {
    const sut = worthOf(100, survivalOf(steady(0.02), 60), TERMS);
    expect(sut.ltv).toBeCloseTo(2284.790277, 6);
    expect(sut.stay).toBeCloseTo(2422.670162, 6);
    expect(sut.leave).toBeCloseTo(78.093156, 6);
    expect(lossOf(steady(0.02), 3)).toBeCloseTo(0.058808, 6);
    expect(sut.expectedLoss).toBeCloseTo(137.879885, 6);
  });

  it('loses p × (stay − churn), and is worth less the higher the risk', () => {
    const logit = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(logit, logit, (one, other) => {
        const worth = (at: number) => worthOf(10_000, survivalOf(shifted(at), 60), TERMS);
        const sut = worth(one);
        const p = lossOf(shifted(one), 3);
        expect(sut.expectedLoss).toBeCloseTo(p * (sut.stay - sut.leave), 4);
        expect(sut.expectedLoss).toBeGreaterThan(0);
        if (one + 1e-6 < other) expect(worth(other).ltv).toBeLessThan(sut.ltv);
      }),
    );
  });

  it('has a limit without churn', () => {
    const sut = worthOf(100, survivalOf(steady(0), 60), TERMS);
    expect([sut.expectedLoss, sut.stay]).toEqual([0, sut.ltv]);
    expect(sut.leave).toBeGreaterThan(70);
  });
});

describe(survivalOf.name, () => {
  it('matches the probabilities of the quarters', () => {
    const curve: HazardCurve = { ...shifted(0), quarters: [0.1, 0.2, 0.05, 0.3] };
    const survival = survivalOf(curve, 24);
    expect(survival[3]).toBeCloseTo(0.9, 12);
    expect(survival[6]).toBeCloseTo(0.9 * 0.8, 12);
    expect(survival[12]).toBeCloseTo(0.9 * 0.8 * 0.95 * 0.7, 12);
  });

  it("puts more of a quarter's churn where the cohort churns", () => {
    const survival = survivalOf(shifted(0), 12);
    const lost = (month: number) => 1 - (survival[month] ?? 0) / (survival[month - 1] ?? 1);
    expect(lost(12)).toBeGreaterThan(3.5 * lost(11));
  });

  it('follows the cohort beyond a year', () => {
    const survival = survivalOf({ ...steady(0.01), lateOffset: 2 }, 120);
    const hazard = (month: number) => 1 - (survival[month] ?? 0) / (survival[month - 1] ?? 1);
    expect(hazard(13)).toBeCloseTo(probabilityOf(logitOf(0.01) + 1.9), 10);
    expect(hazard(120)).toBeCloseTo(0.01, 3);
  });
});

describe(valueOf.name, () => {
  const typical = () => steady(0.02);
  const risk = riskAlong(steady(0.02), steady(0.005), steady(0.06));

  it('returns whole minor units with the interval and the assumptions', () => {
    const sut = valueOf({ mrr: 10_000, status: 'active', risk, typical, terms: TERMS });
    // Σ .8 · 10,000 · ((1 − hazard) / 1.1^(1/12))^month over 60 months, at hazards of 2 %, 6 % and .5 %.
    expect(sut).toMatchObject({ ltv: 228_479, ltvLow: 108_953, ltvHigh: 331_524, expectedLoss: 13_788 });
    expect(sut?.assumptions).toEqual({ ...TERMS, fadePerMonth: 0.95 });
  });

  it('puts the full value at stake after notice', () => {
    const sut = valueOf({ mrr: 10_000, status: 'leaving', risk: null, typical, terms: TERMS });
    expect(sut).toMatchObject({ ltv: 23_622, ltvLow: 23_622, ltvHigh: 23_622, expectedLoss: 242_267 });
  });

  it.each([
    ['a trial', { status: 'trial' as const }],
    ['a churned account', { status: 'churned' as const }],
    ['an account whose MRR is not known', { mrr: null }],
    ['an account without a risk', { risk: null }],
  ])('is null for %s', (_, overrides) =>
    expect(valueOf({ mrr: 10_000, status: 'active', risk, typical, terms: TERMS, ...overrides })).toBeNull(),
  );
});
