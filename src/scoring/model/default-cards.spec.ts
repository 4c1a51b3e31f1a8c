import { chooseCard } from './choose-card.js';
import { DEFAULT_CARDS } from './default-cards.js';
import { evaluate } from './evaluate.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';
import { validateScorecard } from './validate-scorecard.js';

const tiers = new Set(['enterprise', 'mid-market', 'smb']);

/** Everything at the corner that scores 70. */
const fair: FeatureValues = {
  licenceUse28: 0.5,
  usageTrend28: -5,
  daysSinceLastUse: 7,
  featuresUsedPercentile: 0.5,
  licencesAssigned: 0.75,
  activeDays7: 3,
  oldestUrgentDays: 1,
  csat90: 4.2,
  ticketsPerSeatPercentile: 0.8,
  reopenedEscalated90: 1,
  championActive28: 0.625,
  daysSinceTwoWay: 30,
  contactsActive28: 3,
  nps: 8,
  csmSentiment: 3,
  overdueDays: 10,
  mrrChange180: 0,
  milestonesDoneShare: 0.8,
  milestoneLateDays: 7,
  firstValueDone: 0,
  tenureDays: 400,
};
const account = (features: FeatureValues, overrides: Partial<ScoredAccount> = {}): ScoredAccount => ({
  features: { ...fair, ...features },
  tier: 'mid-market',
  stage: 'established',
  status: 'active',
  ...overrides,
});
const scoreOf = (scored: ScoredAccount) => {
  const chosen = chooseCard(
    DEFAULT_CARDS.map((card) => ({ card })),
    scored,
  );
  if (!chosen) throw new Error('no card serves it');
  return { key: chosen.card.key, ...evaluate(chosen.card, scored) };
};

describe('DEFAULT_CARDS', () => {
  it.each(DEFAULT_CARDS.map((card) => [card.key, card] as const))('include a valid %s', (_, card) => {
    expect(validateScorecard(card, { features: new Set(CATALOGUE.map(({ key }) => key)), tiers })).toEqual(
      [],
    );
    expect(card.dimensions.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  });

  it('have measure weights that add up to the dimensions of the default card', () => {
    const [card] = DEFAULT_CARDS;
    const exclusive = card.dimensions.map(({ measures }) => {
      const weights = new Map(measures.map(({ feature, weight }) => [feature, weight]));
      return [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    });
    expect(exclusive).toEqual(card.dimensions.map(({ weight }) => weight));
  });

  it.each([
    ['default', {}],
    ['default-enterprise', { tier: 'enterprise' }],
    ['default-smb', { tier: 'smb' }],
    ['default-onboarding', { tier: 'smb', stage: 'onboarding' }],
    ['default-trial', { tier: 'smb', stage: 'onboarding', status: 'trial' as const }],
  ])('apply %s', (key, overrides) => expect(scoreOf(account({}, overrides)).key).toBe(key));

  it.each([{}, { tier: 'enterprise' }, { tier: 'smb' }])('score a fair account 70: %j', (overrides) =>
    expect(scoreOf(account({}, overrides))).toMatchObject({
      score: 7_000,
      band: 'green',
      confidence: 10_000,
      adjustments: [],
    }),
  );

  it('weigh sentiment more for enterprise than for small accounts', () => {
    const lost = (tier: string) =>
      7_000 - (scoreOf(account({ nps: 0, csmSentiment: 1 }, { tier })).score ?? 0);
    expect([lost('enterprise'), lost('mid-market'), lost('smb')]).toEqual([1_050, 700, 350]);
  });

  it('expect licenses to be assigned gradually', () => {
    const assigned = (tenureDays: number) =>
      scoreOf(account({ tenureDays, licencesAssigned: 0.5 })).measureScores.slice(4, 6);
    expect(assigned(59)).toEqual([null, null]);
    expect(assigned(60)).toEqual([7_000, null]);
    expect(assigned(179)).toEqual([7_000, null]);
    expect(assigned(180)).toEqual([null, 4_000]);
  });

  it('expect no assigned licenses in the first two weeks of onboarding', () => {
    const early = (tenureDays: number) =>
      scoreOf(account({ tenureDays, licencesAssigned: 0.1 }, { stage: 'onboarding' })).measureScores[3];
    expect([early(13), early(14)]).toEqual([null, 4_000]);
  });

  it.each([
    ['noticeGiven', { noticeGiven: 1 }, 3_900],
    ['noUse30d', { daysSinceLastUse: 30 }, 3_900],
    ['urgentOpen7d', { oldestUrgentDays: 7 }, 3_900],
    ['overdue45d', { overdueDays: 45 }, 3_900],
    ['licencesUnassigned', { licencesAssigned: 0.09, tenureDays: 61 }, 3_900],
    ['championGone', { championLost: 1 }, 6_900],
    ['sponsorUnhappy', { sponsorNps60: 6 }, 6_900],
    ['milestoneLate30d', { milestoneLateDays: 30 }, 6_900],
  ])('cap on %s', (key, features, limit) => {
    const scored = account({ ...features, nps: 10, csmSentiment: 5, usageTrend28: 10, licenceUse28: 1 });
    const sut = scoreOf(scored);
    expect(sut.score).toBe(limit);
    expect(sut.adjustments.map(({ cap }) => DEFAULT_CARDS[0].caps[cap]?.key)).toEqual([key]);
  });

  it.each([
    { noticeGiven: 0 },
    { daysSinceLastUse: 29 },
    { oldestUrgentDays: 6.9 },
    { overdueDays: 44 },
    { licencesAssigned: 0.1 },
    { licencesAssigned: 0.09, tenureDays: 60 },
    { championLost: 0 },
    { sponsorNps60: 7 },
    { milestoneLateDays: 29 },
  ])('do not cap on %j', (features) => expect(scoreOf(account(features)).adjustments).toEqual([]));
});
