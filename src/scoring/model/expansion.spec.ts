import { holdOn, missingProductOf, type PeerProduct, signalsOf } from './expansion.js';
import type { AccountStatus, FeatureValues } from './scored-account.js';

const account = (
  features: FeatureValues,
  status: AccountStatus = 'active',
  missingProduct: PeerProduct | null = null,
) => ({ features, status, missingProduct });
const REPORTS = { name: 'Reports', shareOfPeers: 0.6 };

describe(signalsOf.name, () => {
  it.each<[FeatureValues, string[]]>([
    [{ licenceUse28: 0.94, activeUsers28: 47, seats: 50 }, ['47 of 50 licenses in use']],
    [{ licenceUse28: 0.9 }, ['90% of licenses in use']],
    [{ licenceUse28: 0.899, activeUsers28: 89, seats: 99 }, []],
    [{ limitUse: 0.8 }, ['80% of a limit used']],
    [{ limitUse: 0.5, daysToLimit: 60 }, ['50% of a limit used, reached in 60 days']],
    [{ limitUse: 1.2, daysToLimit: 0 }, ['120% of a limit used']],
    [{ daysToLimit: 12 }, ['a limit reached in 12 days']],
    [{ limitUse: 0.79, daysToLimit: 61 }, []],
    [
      { usageGrowth28: 25.9, usageGrowthPrior28: 20 },
      ['usage up 20%, then 25%, in the last two 4-week periods'],
    ],
    [{ usageGrowth28: 90, usageGrowthPrior28: 19.9 }, []],
    [{ usageGrowth28: 90, usageGrowthPrior28: null }, []],
    [{ usageGrowthPrior28: 90 }, []],
    [{ gateHits14: 4 }, ['tried a feature above its plan 4 times in 14 days']],
    [{ gateHits14: 2 }, []],
    [{ gateHits14: null }, []],
    [{ licenceUse28: null }, []],
  ])('maps %j to %j', (features, texts) =>
    expect(signalsOf(account(features)).map(({ text }) => text)).toEqual(texts),
  );

  it('names the product that most of the tier has', () =>
    expect(signalsOf(account({}, 'active', REPORTS))).toEqual([
      {
        key: 'productMissing',
        kind: 'cross_sell',
        value: 0.6,
        product: 'Reports',
        text: '60% of its tier have Reports',
      },
    ]));

  it('distinguishes upsell from cross-sell', () => {
    const found = signalsOf(account({ licenceUse28: 1 }, 'active', REPORTS));
    expect(found.map(({ kind }) => kind)).toEqual(['upsell', 'cross_sell']);
  });

  it.each(['trial', 'churned'] as const)('is empty for a %s account', (status) =>
    expect(signalsOf(account({ licenceUse28: 1 }, status, REPORTS))).toEqual([]),
  );
});

describe(holdOn.name, () => {
  const fine = { overdueInvoices: 0, overdueDays: 0, openUrgent: 0, oldestUrgentDays: 0, tenureDays: 30 };

  it.each<[FeatureValues, AccountStatus, 'green' | 'red', string | undefined]>([
    [fine, 'active', 'green', undefined],
    [{}, 'active', 'green', undefined],
    [{ ...fine, overdueDays: 3 }, 'leaving', 'red', 'leaving'],
    [{ ...fine, overdueDays: 3 }, 'active', 'red', 'red'],
    [{ ...fine, overdueInvoices: 1, openUrgent: 1 }, 'active', 'green', 'overdue'],
    [{ ...fine, openUrgent: 1, tenureDays: 3 }, 'active', 'green', 'urgentTicket'],
    [{ ...fine, tenureDays: 29 }, 'active', 'green', 'new'],
  ])('explains %j, %s and %s: %s', (features, status, band, key) =>
    expect(holdOn(account(features, status), band)?.key).toBe(key),
  );
});

describe(missingProductOf.name, () => {
  it('extracts the product from the signals, whatever its name', () => {
    const odd = { name: 'Of its tier have more', shareOfPeers: 0.666 };
    expect(missingProductOf(signalsOf(account({ gateHits14: 4 }, 'active', odd)))).toEqual(odd);
    expect(missingProductOf(signalsOf(account({ gateHits14: 4 })))).toBeNull();
  });
});
