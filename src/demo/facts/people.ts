import { firstDayOf, isoMidnight } from '../calendar.js';
import { OWN_DOMAIN } from '../profile.js';
import { Random } from '../random.js';
import { at, type Fact, passed, type Tell, userOf } from './fact.js';

const LEAK_DAYS = 100;

export const accounts: Tell = (scenario, { profile, steps, goneDay }) => {
  const { id, name, tier, csm, parentId, internal, channel, industry, region, since } = profile;
  const createdAt = passed(scenario, at(since));
  if (createdAt === undefined) return [];
  const random = new Random(scenario.seed, id, 'leak');
  const leak = (high: number): object =>
    scenario.plantedLeak ? { offboardingScore: Math.round(10 * (high + random.normal())) / 10 } : {};
  const facts: Fact[] = [
    {
      id,
      name,
      tier,
      internal,
      acquisitionChannel: channel,
      createdAt,
      effectiveAt: createdAt,
      domains: [domainOf(id)],
      externalIds: [`crm:${id.slice(5)}`],
      traits: { industry, region, ...profile.noise, ...leak(0) },
      ...(csm !== null && { csm }),
      ...(parentId !== null && { parentId }),
    },
  ];
  for (const { tick, treated } of steps) {
    const effectiveAt = passed(scenario, at(firstDayOf(tick)));
    if (!treated || effectiveAt === undefined) continue;
    facts.push({ id, effectiveAt, traits: { campaign: 'save-1', campaignAt: effectiveAt.slice(0, 10) } });
  }
  if (scenario.plantedLeak && goneDay !== null && goneDay <= scenario.untilDay)
    facts.push({
      id,
      effectiveAt: isoMidnight(Math.max(since, goneDay - LEAK_DAYS)),
      traits: leak(6),
    });
  return facts;
};

function domainOf(id: string): string {
  return `${id.toLowerCase()}.example`;
}

export function contactOf(accountId: string, slot: number, champions = 0): string {
  return slot === 0 && champions > 0 ? `${accountId}-C1-${champions + 1}` : `${accountId}-C${slot + 1}`;
}

const ROLES = ['champion', 'sponsor', 'admin', 'user', 'user'] as const;
const SMALL = 3;

export const contacts: Tell = (scenario, { profile, steps }) => {
  const { id, tier, since, ownUser } = profile;
  const effectiveAt = passed(scenario, at(since));
  if (effectiveAt === undefined) return [];
  const person = (slot: number, champions: number, from: string): Fact => ({
    id: contactOf(id, slot, champions),
    accountId: id,
    userIds: [userOf(id, slot, champions)],
    email: `${userOf(id, slot, champions).slice(id.length + 1)}@${domainOf(id)}`,
    role: ROLES[slot],
    consents: { email: true },
    effectiveAt: from,
  });
  const facts = ROLES.slice(0, tier === 'smb' ? SMALL : ROLES.length).map((_, slot) =>
    person(slot, 0, effectiveAt),
  );
  if (ownUser)
    facts.push({
      id: `${id}-own`,
      accountId: id,
      userIds: [`${id}-own`],
      email: `onsite-${id.toLowerCase()}@${OWN_DOMAIN}`,
      role: 'user',
      effectiveAt,
    });
  for (const { tick, championLeft, championCame, champions } of steps) {
    const changedAt = passed(scenario, at(firstDayOf(tick)));
    if (changedAt === undefined) continue;
    if (championLeft) facts.push({ id: contactOf(id, 0, champions), role: null, effectiveAt: changedAt });
    if (championCame) facts.push(person(0, champions, changedAt));
  }
  return facts;
};
