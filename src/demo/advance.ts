import { daysIn, firstDayOf, isFirstOfMonth, seasonOf } from './calendar.js';
import type { Profile, Tier } from './profile.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';
import type { Situation, TickHappenings } from './situation.js';

const TREATED_TICKS = 12;
/** Ticks until use has ramped up. */
const RAMP_UP_TICKS = 20;

interface Rhythm {
  tickets: number;
  twoWay: number;
  /** Ticks from the invoice, at the start of a month, to its due day. */
  dueTicks: number;
}
export const RHYTHMS: Record<Tier, Rhythm> = {
  enterprise: { tickets: 0.9, twoWay: 0.5, dueTicks: 4 },
  'mid-market': { tickets: 0.5, twoWay: 0.38, dueTicks: 4 },
  smb: { tickets: 0.15, twoWay: 0.12, dueTicks: 2 },
};

/** Advances the account by one tick and records what happened in `happened`. With `leaving` (notice given), use fades and seats no longer change. */
export function advance(
  now: Situation,
  happened: TickHappenings,
  profile: Profile,
  scenario: Scenario,
  tick: number,
  random: Random,
  leaving = false,
): void {
  const today = firstDayOf(tick);
  const days = daysIn(tick);
  champion(now, happened, random);
  use(now, happened, profile, tick, days, random, leaving);
  support(now, happened, profile, days, random);
  sentiment(now, happened, profile, random);
  payments(now, happened, profile, tick, today, random);
  happened.twoWay = random.chance(RHYTHMS[profile.tier].twoWay * (now.level < 0.2 ? 0.4 : 1));
  now.daysSinceTwoWay = happened.twoWay ? 0 : now.daysSinceTwoWay + days;
  happened.treated = !leaving && random.chance(scenario.treated / 4) && now.treatedTicks === 0;
  now.treatedTicks = happened.treated ? TREATED_TICKS : Math.max(0, now.treatedTicks - 1);
  happened.changedOn = null;
  if (!leaving) buy(now, happened, days, random);
  while (now.renewalDay < today + days) now.renewalDay += 365;
  now.ticks++;
}

function champion(now: Situation, happened: TickHappenings, random: Random): void {
  happened.championLeft = now.championGone === 0 && random.chance(0.01);
  happened.championCame = now.championGone > 0 && random.chance(0.075);
  if (happened.championLeft) now.championGone = 1;
  else if (happened.championCame) now.championGone = 0;
  else if (now.championGone > 0) now.championGone++;
}

function use(
  now: Situation,
  happened: TickHappenings,
  profile: Profile,
  tick: number,
  days: number,
  random: Random,
  leaving: boolean,
): void {
  let fall = leaving ? 0.08 : 0;
  if (random.chance(0.02)) {
    const lost = random.chance(0.3) ? random.between(0.85, 1.1) : random.between(0.35, 0.75);
    fall = Math.max(fall, now.level * Math.min(1, lost));
  }
  now.level -= fall;
  const aim = profile.basis - (now.championGone > 0 ? 0.15 : 0) - (now.urgentDays > 0 ? 0.1 : 0);
  const young = now.ticks < RAMP_UP_TICKS;
  const speed = young ? (profile.slow ? 0.03 : 0.2) : now.level < 0.05 ? 0.006 : 0.025;
  if (fall === 0) now.level += speed * (aim - now.level);
  now.level = Math.min(0.97, Math.max(0, now.level + 0.012 * random.normal()));
  now.assigned += (young && profile.slow ? 0.03 : 0.15) * (0.94 - now.assigned);
  now.assigned = Math.max(now.assigned, now.level);

  const users = Math.round(now.seats * now.level * (1 + 0.03 * random.normal()));
  happened.activeUsers = Math.max(0, Math.min(users, Math.round(now.seats * now.assigned)));
  const expected = ((happened.activeUsers * profile.intensity * days) / 7) * seasonOf(tick);
  happened.events = Math.max(happened.activeUsers, Math.round(expected * (1 + 0.05 * random.normal())));
  now.users[now.ticks % now.users.length] = happened.activeUsers;
  now.events[now.ticks % now.events.length] = happened.events / days / seasonOf(tick);
  now.idleDays = happened.activeUsers > 0 ? 0 : now.idleDays + days;
}

const USUAL = [0.02, 0.05, 0.14, 0.46];
const TROUBLED = [0.2, 0.5, 0.78, 0.95];

/** Draws 1 to 5 from the cumulative probabilities of at most 1, 2, 3 and 4. */
function rating(upTo: readonly number[], random: Random): number {
  const draw = random.next();
  return 1 + upTo.filter((chance) => draw >= chance).length;
}

function support(
  now: Situation,
  happened: TickHappenings,
  profile: Profile,
  days: number,
  random: Random,
): void {
  happened.urgentOpened = now.urgentDays === 0 && random.chance(0.014);
  happened.urgentResolved = now.urgentDays > 0 && random.chance(0.2);
  // Opened in the middle of the tick.
  if (happened.urgentOpened) now.urgentDays = days / 2;
  else if (happened.urgentResolved) now.urgentDays = 0;
  else if (now.urgentDays > 0) now.urgentDays += days;
  const isTroubled = now.urgentDays > 0;
  const mean = RHYTHMS[profile.tier].tickets * (isTroubled ? 2.5 : 1) * (now.level < 0.05 ? 0.1 : 1);
  happened.tickets = Math.min(happened.ratings.length, random.poisson(mean));
  const slot = now.ticks % now.ratingSums.length;
  now.ratingSums[slot] = 0;
  now.ratingCounts[slot] = 0;
  for (let i = 0; i < happened.tickets; i++) {
    const score = random.chance(0.6) ? rating(isTroubled ? TROUBLED : USUAL, random) : 0;
    happened.ratings[i] = score;
    if (score === 0) continue;
    now.ratingSums[slot] += score;
    now.ratingCounts[slot]++;
  }
}

function sentiment(now: Situation, happened: TickHappenings, profile: Profile, random: Random): void {
  const low =
    Math.max(0, 0.55 - now.level) * 6 + (now.urgentDays > 0 ? 2 : 0) + (now.championGone > 0 ? 1 : 0);
  const beat = now.ticks + profile.phase;
  happened.nps = null;
  if (beat % 12 === 0 && random.chance(0.75))
    happened.nps = Math.round(Math.min(10, Math.max(0, 9 - low + 0.9 * random.normal())));
  now.npsTicks = happened.nps === null ? now.npsTicks + 1 : 0;
  if (happened.nps !== null) now.nps = happened.nps;
  happened.sentiment = null;
  if (profile.tier !== 'smb' && beat % 8 === 3)
    happened.sentiment = Math.round(
      Math.min(5, Math.max(1, 4.2 - 0.6 * low - (now.unpaid ? 0.6 : 0) + 0.5 * random.normal())),
    );
  now.sentimentTicks = happened.sentiment === null ? now.sentimentTicks + 1 : 0;
  if (happened.sentiment !== null) now.sentiment = happened.sentiment;
}

/** Whether an account pays is decided when an invoice is due; nothing before that day depends on it. */
function payments(
  now: Situation,
  happened: TickHappenings,
  profile: Profile,
  tick: number,
  today: number,
  random: Random,
): void {
  const wasUnpaid = now.unpaid;
  const draw = random.next();
  const issued = tick - RHYTHMS[profile.tier].dueTicks;
  const isDue = isFirstOfMonth(issued) && firstDayOf(issued) >= now.paidSince;
  if (wasUnpaid) now.unpaid = draw < 0.92;
  else if (isDue) now.unpaid = draw < (profile.tier === 'smb' ? 0.044 : 0.028);
  happened.paid = wasUnpaid && !now.unpaid;
  happened.invoiced = isFirstOfMonth(tick);
  if (happened.paid) now.unpaidSince = 0;
  else if (now.unpaid && !wasUnpaid) now.unpaidSince = today;
}

/** Changes of seats and the add-on: up when nearly all seats are used, down when few are. */
function buy(now: Situation, happened: TickHappenings, days: number, random: Random): void {
  const use = now.use();
  const more = 0.0025 + 0.06 * Math.max(0, use - 0.75) + (now.nps >= 9 && now.npsTicks < 24 ? 0.0015 : 0);
  const less = 0.0012 + 0.02 * Math.max(0, 0.5 - use) + 0.01 * Math.max(0, -now.trend() - 0.15);
  const draw = random.next();
  const day = random.whole(0, days - 1);
  const share = random.between(0.15, 0.4);
  if (draw < more) {
    if (now.products === 1 && share > 0.33) now.products = 2;
    else resize(now, Math.ceil(now.seats * (1 + share)));
  } else if (draw < more + less) {
    if (now.products === 2 && share > 0.3) now.products = 1;
    else resize(now, Math.max(2, Math.floor(now.seats * (1 - share))));
  } else return;
  happened.changedOn = day;
}

/** Changes the seats; the number of users stays the same. */
function resize(now: Situation, seats: number): void {
  const ratio = now.seats / seats;
  now.level = Math.min(0.97, now.level * ratio);
  now.assigned = Math.min(1, now.assigned * ratio);
  now.seats = seats;
}

/** The add-on costs a quarter of the main product. */
export function mrrOf(profile: Profile, seats: number, products: number): number {
  return seats * profile.seatPrice + (products > 1 ? addOnMrr(profile, seats) : 0);
}

export function addOnMrr(profile: Profile, seats: number): number {
  return Math.round((seats * profile.seatPrice) / 4);
}
