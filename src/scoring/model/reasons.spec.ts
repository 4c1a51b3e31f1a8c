import { DEFAULT_CARD } from './default-card.js';
import { evaluate } from './evaluate.js';
import { reasonsOf } from './reasons.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';

const withFeatures = (features: FeatureValues): ScoredAccount => ({
  features,
  tier: 'smb',
  stage: null,
  status: 'active',
});
const textsFor = (features: FeatureValues): string[] =>
  reasonsOf(DEFAULT_CARD, evaluate(DEFAULT_CARD, withFeatures(features)), features).map(({ text }) => text);

describe(reasonsOf.name, () => {
  it('names what lowers the score first, the strongest in front', () => {
    const features = {
      usageTrend28: -34.4,
      daysSinceLastUse: 0,
      oldestUrgentDays: 3.2,
      csat90: 4.9,
      mrrChange180: -12,
    };
    expect(textsFor(features)).toEqual([
      'usage over 28 days develops 34 percentage points worse than the rest of its tier',
      'MRR down 12 % in 180 days',
      'urgent ticket open for 3 days',
      'in use today',
      'support rated 4.9 of 5 over 90 days',
    ]);
  });

  it('makes one reason of a cap and a measure of the same feature', () => {
    const features = { usageTrend28: 20, daysSinceLastUse: 45, mrrChange180: 20, oldestUrgentDays: 9 };
    const reasons = reasonsOf(DEFAULT_CARD, evaluate(DEFAULT_CARD, withFeatures(features)), features);
    expect(reasons.filter(({ feature }) => feature === 'daysSinceLastUse')).toHaveLength(1);
    expect(reasons[0]).toMatchObject({ feature: 'daysSinceLastUse', text: 'no use for 45 days' });
    const { score } = evaluate(DEFAULT_CARD, withFeatures(features));
    expect(reasons.reduce((sum, { contribution }) => sum + contribution, 7_000)).toBe(score);
  });

  it.each([
    [{ daysSinceLastUse: 21 }, 'no use for 21 days'],
    [{ daysSinceLastUse: 1 }, 'last used 1 day ago'],
    [{ oldestUrgentDays: 0.4 }, 'urgent ticket open for less than a day'],
    [{ oldestUrgentDays: 0 }, 'no urgent ticket open'],
    [
      { usageTrend28: -0.4 },
      'usage over 28 days develops 1 percentage point worse than the rest of its tier',
    ],
  ])('says %j as "%s"', (features, text) => expect(textsFor(features)).toEqual([text]));

  it('keeps silent about what is unknown', () => expect(textsFor({})).toEqual([]));
});
