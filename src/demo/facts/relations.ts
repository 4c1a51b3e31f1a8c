import { mrrOf, RHYTHMS } from '../advance.js';
import { daysIn, firstDayOf } from '../calendar.js';
import { OWN_DOMAIN } from '../profile.js';
import { Random } from '../random.js';
import { at, EARLIER_DAYS, type Fact, isThere, passed, type Tell } from './fact.js';
import { contactOf } from './people.js';

export const invoices: Tell = (scenario, life) => {
  const { profile, terms, steps } = life;
  return steps.flatMap((step, n) => {
    const day = firstDayOf(step.tick);
    const random = new Random(scenario.seed, profile.id, step.tick, 'invoice');
    const issuedAt = passed(scenario, at(day, 6));
    const term = terms.find(({ startDay, endDay }) => day >= startDay && (endDay === null || day < endDay));
    if (!step.invoiced || issuedAt === undefined || day < scenario.startDay - EARLIER_DAYS) return [];
    if (term === undefined || day < (term.trialUntil ?? 0)) return [];
    const dueTick = step.tick + RHYTHMS[profile.tier].dueTicks;
    const dueDay = firstDayOf(dueTick);
    const isUnpaid = steps.find(({ tick }) => tick === dueTick)?.unpaid ?? false;
    const solved = steps.find(({ tick, paid }) => tick > dueTick && paid);
    const late = random.chance(0.08) ? random.whole(2, 8) : 0;
    const paidMs = !isUnpaid ? at(dueDay + late, 13) : solved ? at(firstDayOf(solved.tick), 13) : null;
    const before = steps[n - 1] ?? step;
    return [
      {
        id: `${profile.id}-I${step.tick}`,
        accountId: profile.id,
        subscriptionId: `${profile.id}-S${term.number}`,
        issuedAt,
        effectiveAt: issuedAt,
        dueAt: new Date(at(dueDay, 23)).toISOString(),
        paidAt: passed(scenario, paidMs),
        amount: mrrOf(profile, before.seats, before.products),
        currency: scenario.currency,
      },
    ];
  });
};

export const surveys: Tell = (scenario, life) => {
  const { profile, steps } = life;
  return steps.flatMap(({ tick, nps, sentiment, champions }): Fact[] => {
    const day = firstDayOf(tick);
    const random = new Random(scenario.seed, profile.id, tick, 'survey');
    if (day < scenario.startDay - EARLIER_DAYS || !isThere(life, day)) return [];
    const base = { accountId: profile.id };
    const facts: Fact[] = [];
    const sentAt = passed(scenario, at(day, 9));
    const answeredAt = passed(scenario, at(day + random.whole(0, 5), 14));
    if (nps !== null && sentAt !== undefined)
      facts.push({
        ...base,
        id: `${profile.id}-N${tick}`,
        contactId: random.chance(0.5) ? contactOf(profile.id, 1) : contactOf(profile.id, 0, champions),
        kind: 'nps',
        sentAt,
        effectiveAt: sentAt,
        ...(answeredAt !== undefined && { answeredAt, score: nps }),
      });
    if (sentiment !== null && sentAt !== undefined)
      facts.push({
        ...base,
        id: `${profile.id}-J${tick}`,
        kind: 'sentiment',
        by: profile.csm,
        answeredAt: sentAt,
        effectiveAt: sentAt,
        score: sentiment,
      });
    return facts;
  });
};

export const activities: Tell = (scenario, life) => {
  const { profile, steps } = life;
  return steps.flatMap(({ tick, twoWay, treated, champions }) => {
    const random = new Random(scenario.seed, profile.id, tick, 'activity');
    const first = firstDayOf(tick);
    const facts: Fact[] = [];
    const tell = (name: string, day: number, hours: number, fields: object): void => {
      const when = passed(scenario, at(day, hours));
      if (when === undefined || day < scenario.startDay - EARLIER_DAYS || !isThere(life, day)) return;
      facts.push({
        id: `${profile.id}-${name}${tick}`,
        accountId: profile.id,
        at: when,
        effectiveAt: when,
        ...fields,
      });
    };
    const by = profile.csm ?? `success@${OWN_DOMAIN}`;
    const kind = random.weighted([
      ['meeting', 3],
      ['call', 3],
      ['training', 1],
    ] as const);
    const contactId = random.chance(0.5) ? contactOf(profile.id, 1) : contactOf(profile.id, 0, champions);
    if (twoWay) tell('K', first + daysIn(tick) - 1, 9, { kind, by, contactId, twoWay: true });
    if (random.chance(0.2)) tell('E', first + 2, 15, { kind: 'email', by, contactId, twoWay: false });
    if (treated)
      tell('W', first, 12, { kind: 'email', by: 'campaign', note: 'campaign save-1', twoWay: false });
    return facts;
  });
};
