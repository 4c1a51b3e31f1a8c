import { daysIn, firstDayOf } from '../calendar.js';
import type { Life } from '../life.js';
import { Random } from '../random.js';
import type { Scenario } from '../scenario.js';
import { at, EARLIER_DAYS, type Fact, isThere, passed, type Tell } from './fact.js';

const LICENSES_GAUGE = 'licencesAssigned';
const PROJECTS_PER_PLAN = 100;

/** Twice a month, once on its last day. */
export const gauges: Tell = (scenario, life) => {
  const { id } = life.profile;
  return life.steps.flatMap(({ tick, seats, assigned, level }) => {
    const day = firstDayOf(tick) + daysIn(tick) - 1;
    const read = passed(scenario, at(day, 20));
    if (tick % 2 === 0 || day < scenario.startDay - EARLIER_DAYS || read === undefined || !isThere(life, day))
      return [];
    return [
      { accountId: id, name: LICENSES_GAUGE, value: Math.round(seats * assigned), at: read },
      {
        accountId: id,
        name: 'projects',
        value: Math.round(PROJECTS_PER_PLAN * (0.15 + 0.75 * level)),
        at: read,
      },
    ];
  });
};

/** Onboarding steps and their days after the start. */
const ONBOARDING = [
  ['kickoff', 7],
  ['data_connected', 25],
  ['first_value', 42],
  ['rollout', 85],
] as const;
const REVIEW_DAYS = 180;

export const milestones: Tell = (scenario, life) => [
  ...onboarding(scenario, life),
  ...reviews(scenario, life),
];

function onboarding(scenario: Scenario, life: Life): Fact[] {
  const { profile } = life;
  const random = new Random(scenario.seed, profile.id, 'onboarding');
  const planned = passed(scenario, at(profile.since));
  if (planned === undefined) return [];
  return ONBOARDING.map(([name, days]) => {
    const pace = profile.slow ? random.between(1.3, 2.4) : random.between(0.6, 1.05);
    const doneDay = profile.since + Math.round(days * pace);
    return {
      id: `${profile.id}-M-${name}`,
      accountId: profile.id,
      name,
      plan: 'onboarding',
      dueAt: new Date(at(profile.since + days)).toISOString(),
      doneAt: isThere(life, doneDay) ? passed(scenario, at(doneDay, 15)) : undefined,
      effectiveAt: planned,
    };
  });
}

/** Twice a year; postponed when use is low or there is no champion. */
function reviews(scenario: Scenario, life: Life): Fact[] {
  const { profile, steps } = life;
  const random = new Random(scenario.seed, profile.id, 'reviews');
  const facts: Fact[] = [];
  for (let due = profile.since + REVIEW_DAYS; due <= scenario.untilDay + REVIEW_DAYS; due += REVIEW_DAYS) {
    const slack = random.whole(0, 12) - 6;
    const delay = random.whole(20, 80);
    const planned = passed(scenario, at(due - REVIEW_DAYS / 2));
    if (due < scenario.startDay - EARLIER_DAYS || planned === undefined || !isThere(life, due)) continue;
    const step = steps.findLast(({ tick }) => firstDayOf(tick) <= due);
    const fine = step !== undefined && step.level > 0.4 && !step.championGone;
    const doneDay = due + (fine ? slack : delay);
    facts.push({
      id: `${profile.id}-M-${due}`,
      accountId: profile.id,
      name: 'business_review',
      plan: 'success plan',
      dueAt: new Date(at(due)).toISOString(),
      doneAt: isThere(life, doneDay) ? passed(scenario, at(doneDay, 15)) : undefined,
      effectiveAt: planned,
    });
  }
  return facts;
}
