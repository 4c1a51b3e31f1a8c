import { fitEbm } from './ebm/fit.js';
import { randomFrom } from './ebm/random.js';
import { signalsOf } from './expansion.js';
import { fitPropensityPrior, liftOf, propensityOf } from './propensity.js';

const unknown = { features: {}, tier: '', stage: null, status: 'active' as const };

describe(liftOf.name, () => {
  const signals = signalsOf({
    features: { licenceUse28: 1, limitUse: 1, usageGrowth28: 30, usageGrowthPrior28: 30 },
    status: 'active',
    missingProduct: null,
  });

  it('adds up the signals, up to a maximum', () => {
    expect(liftOf([])).toBe(0);
    expect(liftOf(signals.slice(0, 1))).toBe(1);
    expect(liftOf(signals)).toBe(2.5);
  });
});

describe(fitPropensityPrior.name, () => {
  it('matches the base rate on average over the reference', () => {
    const reference = [0, 0, 1, 2.5];
    const sut = fitPropensityPrior({ reference, scale: 1, happened: 7, windows: 60 });
    const all = reference.map((x) => propensityOf(sut, x, unknown));
    expect(all.reduce((sum, p) => sum + p, 0) / 4).toBeCloseTo(0.1, 9);
    expect(all[0]).toBeLessThan(all[2] ?? 0);
    expect(all[2]).toBeLessThan(all[3] ?? 0);
  });

  it('is 1 in 20 without any data', () => {
    const sut = fitPropensityPrior({ reference: [], scale: 1, happened: 0, windows: 0 });
    expect(propensityOf(sut, 0, unknown)).toBeCloseTo(0.05, 12);
  });
});

describe(propensityOf.name, () => {
  it('passes values to a fitted model by feature name, on top of the offset', async () => {
    const random = randomFrom(1);
    const values = Array.from({ length: 600 }, () => random());
    const tiers = values.map((_, row) => (row % 2 === 0 ? 'smb' : 'enterprise'));
    const labels = values.map((value, row) => (random() < (row % 2 === 0 ? value : 0.1) ? 1 : 0));
    const columns = [
      { name: 'seats', kind: 'numeric' as const, values },
      { name: 'tier', kind: 'category' as const, values: tiers },
    ];
    const ebm = await fitEbm({ columns, labels }, { seed: 1, bags: 4 });
    const calibration = { shift: 0, slope: 1, centre: 0 };
    const sut = { basis: 'fitted' as const, scale: 1, ebm, calibration };
    const of = (seats: number, tier: string, x = 0): number =>
      propensityOf(sut, x, { ...unknown, features: { seats }, tier });
    expect(of(0.9, 'smb')).toBeGreaterThan(2 * of(0.1, 'smb'));
    expect(of(0.9, 'smb')).toBeGreaterThan(2 * of(0.9, 'enterprise'));
    expect(of(0.9, 'smb', -3)).toBeLessThan(of(0.9, 'smb') / 2);
  });
});
