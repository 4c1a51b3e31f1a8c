import { DAY_MS } from '../../platform/days.js';
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
/** Weekend use relative to a weekday. */
const WEEKEND = 0.15;
const LATE = 0.02;

/** Stands for a user's slot: one of our own employees. */
const OWN_USER = -1;

/** `n` numbers the events of a tick; `name` is an index into NAMES; `slot` is the user's, or OWN_USER. */
type Visit = (n: number, slot: number, ms: number, name: number, isOfAddOn: boolean, isLate: boolean) => void;

/**
 * What the users did from `start` on. The first users of the account are the active ones, so its active users of a month are those of its
 * busiest tick. A few events arrive late, after all others.
 */
export function* events(scenario: Scenario, life: Life): Generator<Fact> {
  const { id } = life.profile;
  const late: Fact[] = [];
  for (const step of life.steps) {
    const timely: Fact[] = [];
    visitEvents(scenario, life, step, (n, slot, ms, name, isOfAddOn, isLate) => {
      (isLate ? late : timely).push({
        messageId: `${id}-${step.tick}-${n}`,
        accountId: id,
        userId: nameOfUser(life, step, slot),
        event: NAMES[name] ?? '',
        timestamp: new Date(ms).toISOString(),
        product: isOfAddOn ? ADD_ON : MAIN_PRODUCT,
      });
    });
    yield* timely;
  }
  yield* late;
}

function nameOfUser({ profile: { id } }: Life, { champions }: Step, slot: number): string {
  return slot === OWN_USER ? `${id}-own` : userOf(id, slot, champions);
}

/** One generator for the events and for their counts, so that millions of events can be counted without building each one. */
function visitEvents(scenario: Scenario, life: Life, step: Step, visit: Visit): void {
  const { tick, activeUsers, level, championGone, products } = step;
  const first = firstDayOf(tick);
  if (first < scenario.startDay) return;
  const { id, ownUser } = life.profile;
  const random = new Random(scenario.seed, id, tick, 'events');
  const days = daysIn(tick);
  const whole = isThere(life, first) && isThere(life, first + days - 1);
  const names = Math.min(NAMES.length, FEWEST_NAMES + Math.floor(level * 6));
  const tell = (n: number, slot: number): void => {
    let day = first + random.whole(0, days - 1);
    // 1 January 1970 was a Thursday.
    if (((day + 4) % 7) % 6 === 0 && !random.chance(WEEKEND)) day = first + random.whole(0, days - 1);
    if (((day + 4) % 7) % 6 === 0 && !random.chance(WEEKEND)) day = first + random.whole(0, days - 1);
    const ms = Math.floor(at(day, 7 + 11 * random.next()));
    const name = Math.floor(random.next() ** 1.5 * names);
    const isOfAddOn = products > 1 && random.chance(0.2);
    const isLate = random.chance(LATE);
    // Only after all draws, so that the others do not depend on `until`.
    if (ms > scenario.untilMs || (!whole && !isThere(life, day))) return;
    visit(n, slot, ms, name, isOfAddOn, isLate);
  };
  // Without a champion, the second user is the first active one.
  const away = championGone ? 1 : 0;
  for (let n = 0; n < step.events; n++) {
    const user = n < activeUsers ? n : Math.floor(random.next() * activeUsers);
    tell(n, away + user);
  }
  if (ownUser && activeUsers > 0) tell(step.events, OWN_USER);
}

/** Event counts of an account. */
export interface Usage {
  /** By UTC day (as in calendar.ts) and event name. */
  readonly days: readonly { day: number; event: string; events: number }[];
  /** By month (its first day) and user: one bit per active day, the lowest for the 1st. */
  readonly users: readonly { month: number; userId: string; days: number }[];
}

/** Equal to counting the output of `events`. */
export function usage(scenario: Scenario, life: Life): Usage {
  const days: { day: number; event: string; events: number }[] = [];
  const users = new Map<number, Map<string, number>>();
  for (const step of life.steps) {
    const first = firstDayOf(step.tick);
    const month = firstDayOf(step.tick - (step.tick % 4));
    const counts = new Uint32Array(daysIn(step.tick) * NAMES.length);
    const bits = new Map<number, number>();
    visitEvents(scenario, life, step, (_, slot, ms, name) => {
      const day = Math.floor(ms / DAY_MS);
      const cell = (day - first) * NAMES.length + name;
      counts[cell] = (counts[cell] ?? 0) + 1;
      bits.set(slot, (bits.get(slot) ?? 0) | (1 << (day - month)));
    });
    counts.forEach((count, cell) => {
      if (count === 0) return;
      const day = first + Math.floor(cell / NAMES.length);
      days.push({ day, event: NAMES[cell % NAMES.length] ?? '', events: count });
    });
    const ofMonth = users.get(month) ?? new Map<string, number>();
    users.set(month, ofMonth);
    for (const [slot, used] of bits) {
      const userId = nameOfUser(life, step, slot);
      ofMonth.set(userId, (ofMonth.get(userId) ?? 0) | used);
    }
  }
  return {
    days,
    users: [...users].flatMap(([month, ofMonth]) =>
      [...ofMonth].map(([userId, used]) => ({ month, userId, days: used })),
    ),
  };
}
