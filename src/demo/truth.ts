import { advance, mrrOf } from './advance.js';
import { daysIn, firstDayOf, isoDay, tickOf } from './calendar.js';
import { type Laws, logistic, pressure } from './laws.js';
import { type Life, lifeOf, noticeChance, RETURNING } from './life.js';
import { profileOf } from './profile.js';
import { Random } from './random.js';
import type { Scenario } from './scenario.js';
import { nothing, Situation } from './situation.js';

const LABEL_DAYS = 90;

export interface Chances {
  /** The account ends within the horizon and does not return within 30 days. */
  churn: number;
  /** It is still a customer at the end of the horizon, with at most 90 % of today's MRR. */
  contraction: number;
  /** It is still a customer at the end of the horizon, with at least 110 % of today's MRR. */
  expansion: number;
}

export interface Standing {
  /** The last day of the month. */
  day: string;
  mrr: number;
  /** Whether it churned within 90 days; null if `until` comes first. */
  churned90: boolean | null;
  /** Estimated by roll-outs from the state at the end of the day, on demand. */
  chances(horizonDays: number, rollOuts?: number): Chances;
}

/**
 * Each month-end at which the account was at risk: paying, not in trial, and not yet decided to churn. A roll-out does not draw whether the
 * account churns but carries its survival probability, which needs far fewer roll-outs.
 */
export function standingsOf(scenario: Scenario, laws: Laws, base: number, index: number): Standing[] {
  const seen: { tick: number; now: Situation; mrr: number }[] = [];
  // A stock sample draws several lives and keeps the last one.
  const life: Life = lifeOf(scenario, laws, base, index, (tick, now, { profile, paying, mrr }) => {
    if (now.ticks === 1) seen.length = 0;
    const next = firstDayOf(tick + 1);
    if (tick % 4 !== 3 || !paying || next <= scenario.startDay || next > scenario.untilDay) return;
    const copy = new Situation(profile);
    now.copyTo(copy);
    seen.push({ tick, now: copy, mrr });
  });
  const { profile } = life;
  const gone = life.goneDay;
  return seen.map(({ tick, now, mrr }) => {
    const today = firstDayOf(tick + 1);
    return {
      day: isoDay(today - 1),
      mrr,
      churned90:
        today + LABEL_DAYS > scenario.untilDay
          ? null
          : gone !== null && gone > today && gone <= today + LABEL_DAYS,
      chances: (horizonDays, rollOuts = 200) => {
        const sum: Chances = { churn: 0, contraction: 0, expansion: 0 };
        const copy = new Situation(profile);
        for (let n = 0; n < rollOuts; n++) {
          now.copyTo(copy);
          const random = new Random(scenario.seed, index, tick, 'roll-out', n);
          const one = rollOut(scenario, laws, base, profile, copy, tick + 1, horizonDays, random);
          sum.churn += one.churn;
          sum.contraction += one.contraction;
          sum.expansion += one.expansion;
        }
        return {
          churn: sum.churn / rollOuts,
          contraction: sum.contraction / rollOuts,
          expansion: sum.expansion / rollOuts,
        };
      },
    };
  });
}

const told = nothing();

function rollOut(
  scenario: Scenario,
  laws: Laws,
  base: number,
  profile: Life['profile'],
  now: Situation,
  from: number,
  horizonDays: number,
  random: Random,
): Chances {
  const start = firstDayOf(from);
  const mrr = mrrOf(profile, now.seats, now.products);
  let { seats, products } = now;
  let churn = 0;
  // Probability of not having decided to churn yet.
  let undecided = 1;
  for (let tick = from; firstDayOf(tick) < start + horizonDays; tick++) {
    const before = firstDayOf(tick) - start;
    const days = daysIn(tick);
    const decides = undecided * logistic(base + pressure(laws, scenario, profile, now, tick));
    const notice = noticeChance(scenario, now.overdueDays(firstDayOf(tick)));
    /** Share of the tick's days on which a decision still leads to an end within the horizon. */
    const inTime = (wait: number): number => Math.min(1, Math.max(0, (horizonDays - wait - before) / days));
    const ends = (1 - notice) * inTime(0) + notice * inTime(profile.noticeDays);
    churn += decides * (1 - RETURNING) * ends;
    // Accounts that return continue as before and may churn again.
    undecided -= decides * (1 - RETURNING);
    advance(now, told, profile, scenario, tick, random);
    if (told.changedOn === null || before + told.changedOn < horizonDays) ({ seats, products } = now);
  }
  const later = mrrOf(profile, seats, products);
  const there = 1 - churn;
  return {
    churn,
    contraction: later <= 0.9 * mrr ? there : 0,
    expansion: later >= 1.1 * mrr ? there : 0,
  };
}

const MONTH_DAYS = 30.44;
const MAX_LIFETIME_MONTHS = 600;

/** Mean months from the first paid day to churn, for accounts acquired at the start; capped at 50 years. */
export function meanLifetimeMonths(scenario: Scenario, laws: Laws, base: number, accounts = 300): number {
  const first = tickOf(scenario.startDay);
  let sum = 0;
  for (let index = 0; index < accounts; index++) {
    const profile = { ...profileOf(scenario, index), since: scenario.startDay, trialDays: 0 };
    const random = new Random(scenario.seed, index, 'lifetime');
    const now = new Situation(profile);
    let there = 1;
    for (let tick = first; tick < first + MAX_LIFETIME_MONTHS * 4 && there > 1e-4; tick++) {
      sum += there / 4;
      if (tick > first) {
        const decide =
          there * (1 - RETURNING) * logistic(base + pressure(laws, scenario, profile, now, tick));
        const notice = noticeChance(scenario, now.overdueDays(firstDayOf(tick)));
        sum += (decide * notice * profile.noticeDays) / MONTH_DAYS;
        there -= decide;
      }
      advance(now, told, profile, scenario, tick, random);
    }
  }
  return sum / accounts;
}
