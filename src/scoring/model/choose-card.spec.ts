import { chooseCard } from './choose-card.js';
import type { AppliesTo } from './scorecard.js';

const one = (name: string, appliesTo?: AppliesTo) => ({ name, card: { appliesTo } });
const cards = [
  one('all'),
  one('tier', { tiers: ['smb', 'enterprise'] }),
  one('stage', { stages: ['onboarding'] }),
  one('stage and tier', { stages: ['onboarding'], tiers: ['enterprise'] }),
  one('trial', { statuses: ['trial'] }),
  one('another for trials', { statuses: ['trial'] }),
];

describe(chooseCard.name, () => {
  it.each([
    ['mid-market', null, 'active', 'all'],
    ['smb', null, 'active', 'tier'],
    ['smb', 'onboarding', 'active', 'stage'],
    ['enterprise', 'onboarding', 'leaving', 'stage and tier'],
    ['enterprise', 'onboarding', 'trial', 'trial'],
  ] as const)('serves %s, %s, %s with "%s", in any order', (tier, stage, status, name) => {
    const who = { tier, stage, status };
    expect(chooseCard(cards, who)?.name).toBe(name);
    if (name !== 'trial') expect(chooseCard([...cards].reverse(), who)?.name).toBe(name);
  });

  it('takes the first of several matches, and none when none matches', () => {
    const trial = { tier: 'smb', stage: null, status: 'trial' } as const;
    expect(chooseCard([...cards].reverse(), trial)?.name).toBe('another for trials');
    expect(chooseCard(cards.slice(2, 4), trial)).toBeNull();
  });
});
