import type { RawFeatures } from './account-features.js';
import { type Features } from './catalogue.js';
import { CATALOGUE } from '../model/catalogue/catalogue.js';
import { against, peersOf, rankIn } from './peers.js';

const NONE = Object.fromEntries(CATALOGUE.map(({ key }) => [key, null])) as Features;

function raw(values: Partial<Features>, standing: Partial<RawFeatures> = {}): RawFeatures {
  return {
    accountId: 1,
    status: 'active',
    tier: 'smb',
    stage: 'adopting',
    renewsAt: null,
    withoutRate: null,
    products: [],
    values: Object.assign({ ...NONE }, values),
    ...standing,
  };
}

describe(peersOf.name, () => {
  it('needs five accounts of a tier with known values that have not churned', () => {
    const four = [1, 2, 3, 4].map((usageTrend28) => raw({ usageTrend28, events28: 1 }));
    const lapsed = raw({ usageTrend28: 9, events28: 1 }, { status: 'churned' });
    expect(peersOf([...four, lapsed, raw({})]).usageTrend28).toEqual({});
    const peers = peersOf([...four, raw({ usageTrend28: 100 })]);
    expect(peers.usageTrend28).toEqual({ smb: 3 });
    expect(peers.percentiles.events28).toEqual({});
  });

  it("lists the products that at least half of a tier's active accounts with any product have", () => {
    const having = (...products: string[]) => raw({}, { products });
    const four = [having('core', 'maps'), having('core', 'maps'), having('', 'core'), having('')];
    const others = [
      raw({}),
      raw({}, { products: ['core', 'x'], status: 'trial' }),
      raw({}, { products: ['core', 'x'], tier: 'own' }),
    ];
    expect(peersOf([...four, ...others]).products).toEqual({});
    const core = { name: 'core', shareOfPeers: 0.6 };
    expect(peersOf([...four, ...others, having('rare')]).products).toEqual({ smb: [core] });
    const peers = peersOf([...four, ...others, having('rare'), having('maps')]);
    expect(peers.products).toEqual({
      smb: [
        { name: 'core', shareOfPeers: 0.5 },
        { name: 'maps', shareOfPeers: 0.5 },
      ],
    });
  });

  it('does not depend on the order of the accounts', () => {
    const raws = [5, 3, 9, 1, 7, 2].map((events28) => raw({ events28 }));
    expect(peersOf([...raws].reverse())).toEqual(peersOf(raws));
  });
});

describe(rankIn.name, () => {
  const quantiles = Array.from({ length: 101 }, (_, percent) => (percent < 40 ? 0 : percent - 39));

  it.each([
    [-1, 0],
    [0, 0.195],
    [0.5, 0.395],
    [1, 0.4],
    [61, 1],
    [62, 1],
  ])('ranks %d at %d', (value, expected) => expect(rankIn(quantiles, value)).toBeCloseTo(expected, 10));

  it('is null without peers or without a value', () => {
    expect(rankIn(undefined, 1)).toBeNull();
    expect(rankIn(quantiles, null)).toBeNull();
  });
});

describe(against.name, () => {
  it("subtracts the tier's median and rounds", () => {
    const peers = peersOf([1, 2, 3, 4, 5].map((usageTrend28) => raw({ usageTrend28 })));
    const measured = (values: Partial<Features>, tier = 'smb') =>
      against(raw(values, { tier }), peers).features;
    expect(measured({ usageTrend28: 3.26 }).usageTrend28).toBe(0.3);
    expect(measured({ usageTrend28: 3.26 }, 'constructor').usageTrend28).toBe(3.3);
    expect(measured({ usageTrend28: 5_000 }).usageTrend28).toBe(1_000);
    expect(Object.is(measured({ usageTrend28: 3 }).usageTrend28, 0)).toBe(true);
  });

  it('names the most common product the account lacks, if it has any product', () => {
    const some = ['core', 'maps', 'core', 'maps', 'core'].map((name) =>
      raw({}, { products: ['base', name] }),
    );
    const peers = peersOf(some);
    const missing = (...products: string[]) => against(raw({}, { products }), peers).missingProduct;
    expect(missing('other')).toEqual({ name: 'base', shareOfPeers: 1 });
    expect(missing('base', 'maps')).toEqual({ name: 'core', shareOfPeers: 0.6 });
    expect(missing('')).toEqual({ name: 'base', shareOfPeers: 1 });
    expect(missing('base', 'core')).toBeNull();
    expect(missing()).toBeNull();
    expect(against(raw({}, { products: ['x'], tier: 'constructor' }), peers).missingProduct).toBeNull();
  });

  it('makes features of a silent source unknown, except lasting states', () => {
    const peers = peersOf([], ['usage', 'subscriptions', 'gauges', 'accounts']);
    const values = { activeDays28: 3, mrr: 10, mrrChange180: 5, overdueDays: 1, 'gauge.x': 2, 'trait.y': 3 };
    expect(against(raw(values), peers).features).toMatchObject({
      activeDays28: null,
      mrr: 10,
      mrrChange180: null,
      overdueDays: 1,
      'gauge.x': null,
      'trait.y': 3,
    });
  });

  it('keeps every value except the MRR within 32 bits as an integer', () => {
    const huge = Object.fromEntries(CATALOGUE.map(({ key }) => [key, 1e15])) as Features;
    const { features } = against(raw({ ...huge, 'trait.y': -1e15 }), peersOf([]));
    expect(features.mrr).toBe(1e15);
    const fits = CATALOGUE.filter(({ key }) => key !== 'mrr').every(
      ({ key, decimals }) => Math.round((features[key] ?? 0) * 10 ** decimals) < 2 ** 31,
    );
    expect(fits).toBe(true);
    expect(features['trait.y']).toBe(-20_000_000);
  });
});
