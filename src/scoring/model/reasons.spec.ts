import { DEFAULT_CARDS } from './default-cards.js';
import { evaluate } from './evaluate.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import { reasonsOf, riskReasonsOf } from './reasons.js';
import { textFor, unknownText } from './reason-texts.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';

const withFeatures = (features: FeatureValues): ScoredAccount => ({
  features,
  tier: 'smb',
  stage: null,
  status: 'active',
});
const textsFor = (features: FeatureValues): string[] =>
  reasonsOf(DEFAULT_CARDS[0], evaluate(DEFAULT_CARDS[0], withFeatures(features)), features).map(
    ({ text }) => text,
  );

describe(reasonsOf.name, () => {
  it('lists what lowers the score first, strongest first', () => {
    const features = {
      usageTrend28: -34.4,
      daysSinceLastUse: 0,
      oldestUrgentDays: 3.2,
      csat90: 4.9,
      mrrChange180: -12,
    };
    expect(textsFor(features)).toEqual([
      'usage down 34 points against its tier',
      'MRR down 12% over 180 days',
      'urgent ticket open for 3 days',
      'used today',
      'support CSAT 4.9 of 5 over 90 days',
    ]);
  });

  it('combines a cap and a measure of the same feature', () => {
    const features = { usageTrend28: 20, daysSinceLastUse: 45, mrrChange180: 20, oldestUrgentDays: 9 };
    const reasons = reasonsOf(DEFAULT_CARDS[0], evaluate(DEFAULT_CARDS[0], withFeatures(features)), features);
    expect(reasons.filter(({ feature }) => feature === 'daysSinceLastUse')).toHaveLength(1);
    expect(reasons[0]).toMatchObject({ feature: 'daysSinceLastUse', text: 'no usage for 45 days' });
    const { score } = evaluate(DEFAULT_CARDS[0], withFeatures(features));
    expect(reasons.reduce((sum, { contribution }) => sum + contribution, 7_000)).toBe(score);
  });

  it.each([
    [{ daysSinceLastUse: 21 }, 'no usage for 21 days'],
    [{ daysSinceLastUse: 1 }, 'last used 1 day ago'],
    [{ oldestUrgentDays: 0.4 }, 'urgent ticket open for less than a day'],
    [{ oldestUrgentDays: 0 }, 'no open urgent tickets'],
    [{ usageTrend28: -0.4 }, 'usage down 1 point against its tier'],
  ])('explains %j as "%s"', (features, text) => expect(textsFor(features)).toEqual([text]));

  it('omits unknown features', () => expect(textsFor({})).toEqual([]));

  it("uses the cap's own text with several conditions or a category", () => {
    const card = {
      ...DEFAULT_CARDS[0],
      caps: [
        {
          key: 'slow',
          limit: 30,
          when: [
            { feature: 'licencesAssigned', below: 0.1 },
            { attribute: 'tenureDays' as const, above: 60 },
          ],
          text: 'a slow start',
        },
        { key: 'who', limit: 30, when: [{ attribute: 'tier' as const, is: ['smb'] }], text: 'a small one' },
      ],
    };
    const textOf = (features: FeatureValues): (string | undefined)[] => {
      const [first] = reasonsOf(card, evaluate(card, withFeatures(features)), features);
      return [first?.feature, first?.text];
    };
    expect(textOf({ nps: 10, licencesAssigned: 0.05, tenureDays: 61 })).toEqual([
      'licencesAssigned',
      'a slow start',
    ]);
    expect(textOf({ nps: 10 })).toEqual(['tier', 'a small one']);
  });

  it('gives the reason of an override', () => {
    const features = { nps: 8 };
    const evaluation = evaluate(DEFAULT_CARDS[0], withFeatures(features), { score: 20 });
    expect(reasonsOf(DEFAULT_CARDS[0], evaluation, features)).toEqual([
      { feature: 'override', value: null, contribution: -5_000, code: 'override', text: 'overridden' },
    ]);
  });
});

describe(riskReasonsOf.name, () => {
  it('lists what raises the risk first, with one reason per feature', () => {
    const parts = Object.entries({ nps: 300, csat90: -900, seats: 400, mrr: 0 }).map(
      ([feature, contribution]) => ({ feature, contribution }),
    );
    const account = { features: { nps: 3, csat90: 4.9, seats: 1 }, tier: 'smb', stage: null };
    const sut = riskReasonsOf([...parts, { feature: 'nps', contribution: 250 }], account);
    expect(sut).toEqual([
      { feature: 'nps', value: 3, contribution: 550, code: 'nps', text: 'latest NPS score 3 of 10' },
      { feature: 'seats', value: 1, contribution: 400, code: 'seats', text: '1 seat' },
      {
        feature: 'csat90',
        value: 4.9,
        contribution: -900,
        code: 'csat90',
        text: 'support CSAT 4.9 of 5 over 90 days',
      },
    ]);
  });

  it('combines lines with the same text, including categories and missing values, under the strongest', () => {
    const account = {
      features: { activeDays7: 0, activeDays28: 9, activeDays90: 60, openUrgent: 1 },
      tier: 'smb',
      stage: 'adopting',
    };
    const sut = riskReasonsOf(
      [
        { feature: 'activeDays90', contribution: -500 },
        { feature: 'activeDays7', contribution: 300 },
        { feature: 'activeDays28', contribution: 400 },
        { feature: 'openUrgent', contribution: 70 },
        { feature: 'oldestUrgentDays', contribution: -70 },
        { feature: 'tier', contribution: 40 },
        { feature: 'firstResponseHours90', contribution: 30 },
        { feature: 'trait.companySize', contribution: -20 },
        { feature: 'stage', contribution: -10 },
      ],
      account,
    );
    const codes = new Map(sut.map(({ feature, code }) => [feature, code]));
    expect(codes.get('tier')).toBe('tier');
    expect(codes.get('activeDays28')).toBe('activeDays28');
    expect(codes.get('firstResponseHours90')).toBe('firstResponseHours90.unknown');
    expect(sut.map(({ feature, contribution, text }) => [feature, contribution, text])).toEqual([
      ['activeDays28', 200, 'used on 9 of the last 28 days'],
      ['tier', 40, 'tier smb'],
      ['firstResponseHours90', 30, 'first response time unknown'],
      ['trait.companySize', -20, 'company size unknown'],
      ['stage', -10, 'stage adopting'],
    ]);
  });
});

describe(textFor.name, () => {
  it.each([
    ['licenceUse28', 0.995, '99% of licenses in use'],
    ['licenceUse28', 1.04, '104% of licenses in use'],
    ['licencesAssigned', 0.001, 'less than 1% of licenses assigned'],
    ['usageVsOwn90', -2.13, 'usage far below its usual level'],
    ['usageVsOwn90', 1.4, 'usage above its usual level'],
    ['usageVsOwn90', 0.2, 'usage at its usual level'],
    ['openUrgent', 0, 'no open urgent tickets'],
    ['openTickets', 1, '1 open ticket'],
    ['firstResponseHours90', 0.5, 'first response after less than an hour'],
    ['resolutionHours90', 47.6, 'tickets resolved in 48 hours'],
    ['resolutionHours90', 72, 'tickets resolved in 3 days'],
    ['overdueDays', 45.5, 'invoice overdue for 45 days'],
    ['overdueDays', 0.4, 'invoice overdue for less than a day'],
    ['daysToRenewal', 0, 'renewal today'],
    ['autoRenew', 0, 'does not auto-renew'],
    ['autoRenew30', 1, 'set to auto-renew 30 days ago'],
    ['mrr', 11_100, 'current MRR'],
    ['npsChange', -3, 'NPS down 3'],
    ['championActive28', 0, 'champion not active for 28 days'],
    ['milestoneLateDays', 12, 'milestone 12 days late'],
    ['milestoneLateDays', 0, 'no late milestones'],
    ['firstValueDone', 1, 'first value reached'],
    ['trait.employees', 250, 'employees 250'],
    ['gauge.credits', 12.3456, 'credits 12.3'],
    ['usagePercentile', 0, 'less usage than the rest of its tier'],
    ['usagePercentile', 0.7, 'more usage than 70% of its tier'],
    ['featuresUsedPercentile', 0.02, 'uses fewer features than 98% of its tier'],
    ['featuresUsedPercentile', 0.001, 'uses fewer features than 99% of its tier'],
    ['featuresUsedPercentile', 1, 'uses more features than the rest of its tier'],
    ['ticketsPerSeatPercentile', 0.8, 'more tickets per seat than 80% of its tier'],
  ])('explains %s at %d as "%s"', (feature, value, text) => expect(textFor(feature, value)).toBe(text));

  it.each(CATALOGUE.map(({ key }) => key))('has a text for %s at 0, 1 and 100', (feature) => {
    const texts = [0, 1, 100].map((value) => textFor(feature, value));
    expect(texts.join()).not.toMatch(/NaN|undefined|Infinity/);
    expect(new Set(texts).size).toBeGreaterThan(1);
    expect(textFor(feature, null)).toBeUndefined();
  });
});

describe(unknownText.name, () => {
  it.each([
    ['csat90', 'support CSAT unknown'],
    ['nps', 'NPS unknown'],
    ['gauge.apiCalls', 'api calls unknown'],
  ])('explains %s when unknown: %s', (feature, text) => expect(unknownText(feature)).toBe(text));
});
