import { daysIn, firstDayOf } from '../calendar.js';
import type { Life, Step } from '../life.js';
import { Random } from '../random.js';
import type { Scenario } from '../scenario.js';
import { ADD_ON, at, type Fact, isThere, MAIN_PRODUCT, userOf } from './fact.js';

const NAMES = [
  'Report Opened',
  'Dashboard Viewed',
  'Record Edited',
  'Export Created',
  'Workflow Run',
  'Member Invited',
  'Alert Set',
  'Api Called',
];
const FEWEST_NAMES = 3;
/** Share of what a weekday sees on Saturdays and Sundays. */
const WEEKEND = 0.15;
const LATE = 0.02;

interface Told {
  event: Fact;
  isLate: boolean;
}

/**
 * What the users did from `start` on. The first users of the account are the active ones, so that its active users of a month are those of its
 * busiest tick; a few events come late, after all the others.
 */
export function* events(scenario: Scenario, life: Life): Generator<Fact> {
  const late: Fact[] = [];
  for (const step of life.steps) {
    if (firstDayOf(step.tick) < scenario.startDay) continue;
    const random = new Random(scenario.seed, life.profile.id, step.tick, 'events');
    for (const { event, isLate } of eventsOf(scenario, life, step, random)) {
      if (isLate) late.push(event);
      else yield event;
    }
  }
  yield* late;
}

function* eventsOf(scenario: Scenario, life: Life, step: Step, random: Random): Generator<Told> {
  const { tick, activeUsers, level, championGone, champions, products } = step;
  const { id, ownUser } = life.profile;
  const first = firstDayOf(tick);
  const days = daysIn(tick);
  const whole = isThere(life, first) && isThere(life, first + days - 1);
  const names = Math.min(NAMES.length, FEWEST_NAMES + Math.floor(level * 6));
  const event = (n: number, userId: string): Told | null => {
    let day = first + random.whole(0, days - 1);
    // The first of January 1970 was a Thursday.
    if (((day + 4) % 7) % 6 === 0 && !random.chance(WEEKEND)) day = first + random.whole(0, days - 1);
    if (((day + 4) % 7) % 6 === 0 && !random.chance(WEEKEND)) day = first + random.whole(0, days - 1);
    const ms = Math.floor(at(day, 7 + 11 * random.next()));
    const name = NAMES[Math.floor(random.next() ** 1.5 * names)] ?? '';
    const addOn = products > 1 && random.chance(0.2);
    const isLate = random.chance(LATE);
    // Only after all draws: the others must not hang on what has not yet happened.
    if (ms > scenario.untilMs || (!whole && !isThere(life, day))) return null;
    const told = {
      messageId: `${id}-${tick}-${n}`,
      accountId: id,
      userId,
      event: name,
      timestamp: new Date(ms).toISOString(),
      product: addOn ? ADD_ON : MAIN_PRODUCT,
    };
    return { event: told, isLate };
  };
  // Without its champion the account's first user is the second.
  const slot = championGone ? 1 : 0;
  for (let n = 0; n < step.events; n++) {
    const user = n < activeUsers ? n : Math.floor(random.next() * activeUsers);
    const fact = event(n, userOf(id, slot + user, champions));
    if (fact !== null) yield fact;
  }
  if (ownUser && activeUsers > 0) {
    const fact = event(step.events, `${id}-own`);
    if (fact !== null) yield fact;
  }
}
