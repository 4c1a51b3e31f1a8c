import { addDays, DAY_MS } from '../platform/days.js';
import type { Profile } from './profile.js';
import { Random } from './random.js';

/** A record as the public API takes it. */
export type Fact = Readonly<Record<string, unknown>>;

export interface AccountFacts {
  accounts: Fact[];
  contacts: Fact[];
  subscriptions: Fact[];
  tickets: Fact[];
  events: Fact[];
}

export interface Simulation {
  seed: number;
  /** The first UTC day, such as 2026-05-01. */
  start: string;
  /** Nothing later is told. */
  until: Date;
  currency: string;
}

const HOUR_MS = 3_600_000;
const FEATURES = [
  ['Report Opened', 8],
  ['Dashboard Viewed', 6],
  ['Record Edited', 4],
  ['Export Created', 2],
  ['Workflow Run', 2],
  ['Member Invited', 1],
] as const;

/**
 * All that is known of an account up to `until`. A day's facts are drawn for the account and the day alone, and each record is dated: a
 * later `until` adds facts and ends what was open, and says everything else again in the same words.
 */
export function factsOf(profile: Profile, simulation: Simulation): AccountFacts {
  const { start, until } = simulation;
  const days = Math.floor((until.getTime() - Date.parse(start)) / DAY_MS);
  if (profile.since > days) return { accounts: [], contacts: [], subscriptions: [], tickets: [], events: [] };
  const facts: AccountFacts = {
    accounts: [accountOf(profile, simulation)],
    contacts: contactsOf(profile, simulation),
    subscriptions: subscriptionsOf(profile, simulation),
    tickets: [],
    events: [],
  };
  for (let day = Math.max(0, profile.since); day <= days; day++) {
    facts.tickets.push(...ticketsOn(day, profile, simulation));
    facts.events.push(...eventsOn(day, profile, simulation));
  }
  return facts;
}

function accountOf(
  { id, name, tier, csm, industry, channel, since, course }: Profile,
  { start }: Simulation,
): Fact {
  const createdAt = addDays(start, since);
  return {
    id,
    name,
    tier,
    csm,
    internal: course.kind === 'internal',
    acquisitionChannel: channel,
    createdAt,
    traits: { industry },
    effectiveAt: createdAt,
  };
}

function contactsOf({ id, since }: Profile, { start }: Simulation): Fact[] {
  return (['champion', 'sponsor'] as const).map((role, i) => ({
    id: `${id}-C${i + 1}`,
    accountId: id,
    role,
    userIds: [userOf(id, i)],
    effectiveAt: addDays(start, since),
  }));
}

const userOf = (id: string, index: number): string => `${id}-u${index + 1}`;

/** A statement for each state: what it was, and what it became from a day on. */
function subscriptionsOf(profile: Profile, { start, until, currency }: Simulation): Fact[] {
  const { id, plan, seats, seatPrice, since, course } = profile;
  const startedAt = addDays(start, since);
  const instant = (day: number): string => `${addDays(start, day)}T00:00:00.000Z`;
  const passed = (day: number): boolean => Date.parse(instant(day)) <= until.getTime();
  const base = {
    id: `${id}-S1`,
    accountId: id,
    startedAt,
    effectiveAt: startedAt,
    plan,
    billing: 'seats',
    currency,
  };
  const first = {
    ...base,
    seats,
    termMonths: 12,
    autoRenew: true,
    trial: course.kind === 'trial',
    mrr: course.kind === 'trial' ? 0 : seats * seatPrice,
  };
  const changedTo = (day: number, share: number): Fact[] => {
    const left = Math.max(1, Math.round(seats * share));
    return passed(day)
      ? [{ id: base.id, effectiveAt: instant(day), seats: left, mrr: left * seatPrice, trial: false }]
      : [];
  };
  switch (course.kind) {
    case 'growing':
      return [
        first,
        ...changedTo(Math.max(60, since + 40), 1.2),
        ...changedTo(Math.max(150, since + 130), 1.45),
      ];
    case 'shrinking':
      return [first, ...changedTo(course.day, 0.6)];
    case 'trial':
      return [first, ...changedTo(course.day + 30, 1)];
    case 'leaving':
      return [
        {
          ...first,
          ...(passed(course.day) && { noticeGivenAt: instant(course.day), autoRenew: false }),
          ...(passed(course.endDay) && { endedAt: instant(course.endDay), endReason: 'voluntary' }),
        },
      ];
    case 'steady':
    case 'declining':
    case 'silent':
    case 'troubled':
    case 'internal':
      return [first];
  }
}

/** The share of a usual working day's use, from 0 to 1. */
function levelOn(day: number, { course, since }: Profile): number {
  switch (course.kind) {
    case 'growing':
      return Math.min(0.9, 0.5 + 0.002 * day);
    case 'declining':
      return day < course.day ? 0.75 : 0.75 * 0.5 ** ((day - course.day) / 12);
    case 'silent':
      return day < course.day ? 0.7 : 0;
    case 'shrinking':
      return day < course.day ? 0.75 : 0.5;
    case 'leaving':
      return day < course.day ? 0.6 : day < course.endDay ? 0.2 : 0;
    case 'trial':
      return Math.min(0.7, 0.2 + 0.05 * (day - since));
    case 'troubled':
      return 0.55;
    case 'steady':
    case 'internal':
      return 0.75;
  }
}

function eventsOn(day: number, profile: Profile, { seed, start, until }: Simulation): Fact[] {
  const random = new Random(seed, profile.id, day, 'events');
  const date = addDays(start, day);
  const midnight = Date.parse(date);
  const weekend = [0, 6].includes(new Date(midnight).getUTCDay());
  const level = levelOn(day, profile) * (weekend ? 0.08 : 1) * (0.85 + 0.3 * random.next());
  const events: Fact[] = [];
  for (let user = 0; user < profile.users; user++) {
    if (!random.chance(level)) continue;
    const count = random.whole(1, 3);
    for (let n = 1; n <= count; n++) {
      const at = midnight + 7 * HOUR_MS + Math.floor(random.next() * 11 * HOUR_MS);
      const event = random.weighted(FEATURES);
      if (at > until.getTime()) continue;
      const userId = userOf(profile.id, user);
      events.push({
        messageId: `${userId}-${date}-${n}`,
        accountId: profile.id,
        userId,
        event,
        timestamp: new Date(at).toISOString(),
      });
    }
  }
  return events;
}

function ticketsOn(day: number, profile: Profile, { seed, start, until }: Simulation): Fact[] {
  const random = new Random(seed, profile.id, day, 'tickets');
  const troubled = profile.course.kind === 'troubled';
  const perDay = (troubled ? 0.12 : 0.03) + profile.users * 0.002;
  if (!random.chance(levelOn(day, profile) === 0 ? 0 : perDay)) return [];
  const openedMs = Date.parse(addDays(start, day)) + 8 * HOUR_MS + Math.floor(random.next() * 9 * HOUR_MS);
  if (openedMs > until.getTime()) return [];
  const priority = random.weighted([
    ['low', 3],
    ['normal', 5],
    ['high', 2],
    ['urgent', troubled ? 2.5 : 0.4],
  ] as const);
  const answeredMs = openedMs + random.whole(20, 600) * 60_000;
  const hours = troubled ? random.whole(100, 500) : random.whole(3, 60);
  const resolvedMs = openedMs + hours * HOUR_MS;
  const answers = random.chance(0.7);
  const csat = random.weighted(troubled ? LOW_CSAT : USUAL_CSAT);
  const tell = (ms: number): string | undefined =>
    ms <= until.getTime() ? new Date(ms).toISOString() : undefined;
  const openedAt = new Date(openedMs).toISOString();
  return [
    {
      id: `${profile.id}-T${day}`,
      accountId: profile.id,
      contactId: `${profile.id}-C1`,
      channel: 'email',
      priority,
      openedAt,
      effectiveAt: openedAt,
      firstResponseAt: tell(answeredMs),
      resolvedAt: tell(resolvedMs),
      csat: answers && tell(resolvedMs) ? csat : undefined,
    },
  ];
}

const USUAL_CSAT = [
  [5, 6],
  [4, 3],
  [3, 1],
] as const;
const LOW_CSAT = [
  [1, 2],
  [2, 4],
  [3, 3],
  [4, 1],
] as const;
