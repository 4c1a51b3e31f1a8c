import { advance, mrrOf } from './advance.js';
import { daysIn, firstDayOf, tickOf } from './calendar.js';
import { type Laws, logistic, pressure } from './laws.js';
import { type Profile, profileOf } from './profile.js';
import { Random } from './random.js';
import type { Scenario } from './scenario.js';
import { nothing, Situation, type TickHappenings } from './situation.js';

/** Share of churned accounts that return within the grace period. */
export const RETURNING = 0.08;
const GIVING_NOTICE = 0.9;

/** Probability that an account gives notice before it leaves. The others, and those that do not pay, are gone the next day. */
export function noticeChance({ constantHazard }: Scenario, overdueDays: number): number {
  return constantHazard || isFailed(overdueDays) ? 0 : GIVING_NOTICE;
}

function isFailed(overdueDays: number): boolean {
  return overdueDays > 30;
}

/** One subscription of the main product; days as in calendar.ts. */
export interface Term {
  /** 1, 2, …: a second one starts when a customer returns. */
  number: number;
  startDay: number;
  /** Trial until this day. */
  trialUntil: number | null;
  firstRenewal: number;
  noticeDay: number | null;
  /** First day on which it no longer runs. */
  endDay: number | null;
  failedPayment: boolean;
}

/** Everything the facts of a tick are made from. */
export interface Step extends TickHappenings {
  tick: number;
  seats: number;
  products: number;
  assigned: number;
  level: number;
  crisis: boolean;
  championGone: boolean;
  unpaid: boolean;
  /** Number of earlier champions. */
  champions: number;
}

export interface Life {
  profile: Profile;
  terms: Term[];
  steps: Step[];
  /** Day from which it has churned for good, if known. */
  goneDay: number | null;
  /** The same for a trial that did not convert. */
  lapsedDay: number | null;
}

/** Called at the end of each tick. `paying`: it pays and has not decided to churn. */
export type Watch = (
  tick: number,
  now: Situation,
  seen: { profile: Profile; paying: boolean; mrr: number },
) => void;

/**
 * What happens to an account from its first day to `until`. Draws depend only on the account and its ticks, so a later `until` continues the
 * same history. Before the facts begin nobody churns, or (in a stock sample) accounts that do are left out.
 */
export function lifeOf(scenario: Scenario, laws: Laws, base: number, index: number, watch?: Watch): Life {
  for (let attempt = 0; ; attempt++) {
    const profile = profileOf(scenario, index, attempt);
    const life = live(
      scenario,
      laws,
      base,
      profile,
      new Random(scenario.seed, index, attempt, 'life'),
      watch,
    );
    if (life !== null) return life;
  }
}

const NO_RATINGS = new Uint8Array(0);

/** Null if it churned before the facts begin. */
function live(
  scenario: Scenario,
  laws: Laws,
  base: number,
  profile: Profile,
  random: Random,
  watch?: Watch,
): Life | null {
  const now = new Situation(profile);
  const told = nothing();
  const first: Term = {
    number: 1,
    startDay: profile.since,
    trialUntil: profile.trialDays > 0 ? now.paidSince : null,
    firstRenewal: now.renewalDay,
    noticeDay: null,
    endDay: null,
    failedPayment: false,
  };
  const life: Life = { profile, terms: [first], steps: [], goneDay: null, lapsedDay: null };
  let term = first;
  let comesBackOn: number | null = null;
  let champions = 0;
  // A customer churns when its summed hazards reach a drawn threshold, so another base rate only moves the same churns in time.
  let patience = random.exponential();
  const leaves = (tick: number): boolean =>
    !profile.internal &&
    firstDayOf(tick) > now.paidSince &&
    firstDayOf(tick) > term.startDay &&
    (scenario.stockSample || firstDayOf(tick) >= scenario.startDay);

  for (let tick = tickOf(profile.since), last = tickOf(scenario.untilDay); tick <= last; tick++) {
    const today = firstDayOf(tick);
    const tomorrow = today + daysIn(tick);
    if (term.endDay === null && leaves(tick)) {
      patience += Math.log1p(-logistic(base + pressure(laws, scenario, profile, now, tick)));
      if (patience < 0) {
        decide(
          scenario,
          term,
          profile,
          today + random.whole(0, daysIn(tick) - 1),
          now.overdueDays(today),
          random,
        );
        comesBackOn = random.chance(RETURNING) ? (term.endDay ?? 0) + random.whole(5, 25) : null;
      }
    }
    if (term.endDay === null || term.endDay > today || (comesBackOn ?? tomorrow) < tomorrow) {
      advance(now, told, profile, scenario, tick, random, term.endDay !== null);
      if (told.championCame) champions++;
      life.steps.push(stepOf(tick, now, told, champions));
    }
    if (
      first.endDay === null &&
      first.trialUntil !== null &&
      first.trialUntil < tomorrow &&
      first.trialUntil >= today
    ) {
      if (!random.chance(now.use() > 0.3 ? 0.95 : 0.6)) {
        first.endDay = first.trialUntil;
        life.lapsedDay = first.trialUntil;
        return life;
      }
    }
    if (comesBackOn !== null && comesBackOn < tomorrow) {
      now.renewalDay = comesBackOn + 365;
      const back = life.steps.at(-1);
      // A returning customer pays its open invoices.
      if (back && now.unpaid) back.paid = true;
      now.unpaid = false;
      now.unpaidSince = 0;
      term = { ...first, number: term.number + 1, startDay: comesBackOn, trialUntil: null };
      Object.assign(term, {
        firstRenewal: now.renewalDay,
        noticeDay: null,
        endDay: null,
        failedPayment: false,
      });
      life.terms.push(term);
      comesBackOn = null;
      patience = random.exponential();
    }
    const paying = term.endDay === null && now.paidSince < tomorrow && !profile.internal;
    watch?.(tick, now, { profile, paying, mrr: mrrOf(profile, now.seats, now.products) });
    if (term.endDay !== null && comesBackOn === null && term.endDay < tomorrow) {
      if (term.endDay < scenario.startDay) return null;
      life.goneDay = term.endDay;
      return life;
    }
  }
  if (term.endDay !== null && comesBackOn === null) life.goneDay = term.endDay;
  return life;
}

function decide(
  scenario: Scenario,
  term: Term,
  profile: Profile,
  day: number,
  overdueDays: number,
  random: Random,
): void {
  const gives = random.chance(noticeChance(scenario, overdueDays));
  term.failedPayment = isFailed(overdueDays);
  term.noticeDay = gives ? day : null;
  term.endDay = day + 1 + (gives ? profile.noticeDays : 0);
}

function stepOf(tick: number, now: Situation, told: TickHappenings, champions: number): Step {
  return {
    tick,
    activeUsers: told.activeUsers,
    events: told.events,
    championLeft: told.championLeft,
    championCame: told.championCame,
    urgentOpened: told.urgentOpened,
    urgentResolved: told.urgentResolved,
    ratings: told.tickets === 0 ? NO_RATINGS : told.ratings.slice(0, told.tickets),
    tickets: told.tickets,
    nps: told.nps,
    sentiment: told.sentiment,
    twoWay: told.twoWay,
    invoiced: told.invoiced,
    paid: told.paid,
    changedOn: told.changedOn,
    treated: told.treated,
    seats: now.seats,
    products: now.products,
    assigned: now.assigned,
    level: now.level,
    crisis: now.urgentDays > 0,
    championGone: now.championGone > 0,
    unpaid: now.unpaid,
    champions,
  };
}
