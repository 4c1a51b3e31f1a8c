import { daysIn, firstDayOf } from '../calendar.js';
import type { Life, Step } from '../life.js';
import { Random } from '../random.js';
import type { Scenario } from '../scenario.js';
import { at, EARLIER_DAYS, type Fact, HOUR_MS, isThere, passed, type Tell } from './fact.js';
import { contactOf } from './people.js';

const MINUTE_MS = 60_000;
const CHANNELS = [
  ['email', 4],
  ['chat', 3],
  ['portal', 2],
  ['phone', 1],
] as const;

export const tickets: Tell = (scenario, life) =>
  life.steps
    .filter(({ tick }) => firstDayOf(tick) >= scenario.startDay - EARLIER_DAYS)
    .flatMap((step) => [...ordinary(scenario, life, step), ...urgent(scenario, life, step)]);

/** Opened, resolved and rated within one tick. */
function ordinary(scenario: Scenario, life: Life, { tick, ratings, crisis }: Step): Fact[] {
  const { id } = life.profile;
  const random = new Random(scenario.seed, id, tick, 'tickets');
  const tickEnd = at(firstDayOf(tick + 1)) - MINUTE_MS;
  return Array.from(ratings).flatMap((rating, n) => {
    const day = firstDayOf(tick) + random.whole(0, daysIn(tick) - 1);
    const openedMs = at(day, random.between(8, 17));
    const hours = crisis ? random.between(20, 150) : random.between(2, 40);
    const resolvedMs = Math.min(tickEnd, openedMs + hours * HOUR_MS);
    const answeredMs = openedMs + (resolvedMs - openedMs) * random.between(0.02, 0.2);
    const reopenedMs = crisis && random.chance(0.3) ? (openedMs + resolvedMs) / 2 : null;
    const priority = random.weighted([
      ['low', 3],
      ['normal', 5],
      ['high', 2],
    ] as const);
    const channel = random.weighted(CHANNELS);
    const slot = random.whole(0, 2);
    const openedAt = passed(scenario, openedMs);
    if (openedAt === undefined || !isThere(life, day)) return [];
    const resolvedAt = passed(scenario, resolvedMs);
    const reopenedAt = passed(scenario, reopenedMs);
    return [
      {
        id: `${id}-T${tick}-${n}`,
        accountId: id,
        contactId: contactOf(id, slot),
        channel,
        priority,
        openedAt,
        effectiveAt: openedAt,
        firstResponseAt: passed(scenario, answeredMs),
        resolvedAt,
        ...(reopenedAt !== undefined && { reopenedAt: [reopenedAt] }),
        ...(resolvedAt !== undefined && rating > 0 && { csat: rating }),
      },
    ];
  });
}

const ESCALATED_DAYS = 5;

/** Opened in the middle of a tick and open for as long as the account's state says. */
function urgent(scenario: Scenario, life: Life, { tick, urgentOpened }: Step): Fact[] {
  const { profile, steps } = life;
  const day = firstDayOf(tick) + Math.floor(daysIn(tick) / 2);
  const openedMs = at(day, 10);
  const openedAt = passed(scenario, openedMs);
  if (!urgentOpened || openedAt === undefined || !isThere(life, day)) return [];
  const solved = steps.find((step) => step.tick > tick && step.urgentResolved);
  const resolvedMs = solved ? at(firstDayOf(solved.tick), 16) : null;
  const escalatedMs = openedMs + ESCALATED_DAYS * 24 * HOUR_MS;
  return [
    {
      id: `${profile.id}-T${tick}-U`,
      accountId: profile.id,
      contactId: contactOf(profile.id, 2),
      channel: 'phone',
      priority: 'urgent',
      openedAt,
      effectiveAt: openedAt,
      firstResponseAt: passed(scenario, openedMs + 2 * HOUR_MS),
      resolvedAt: passed(scenario, resolvedMs),
      escalatedAt:
        resolvedMs !== null && resolvedMs < escalatedMs ? undefined : passed(scenario, escalatedMs),
    },
  ];
}
