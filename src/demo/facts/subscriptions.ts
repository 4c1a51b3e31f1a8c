import { addOnMrr } from '../advance.js';
import { firstDayOf } from '../calendar.js';
import type { Life, Term } from '../life.js';
import type { Profile } from '../profile.js';
import { Random } from '../random.js';
import type { Scenario } from '../scenario.js';
import { ADD_ON, at, type Fact, HOUR_MS, MAIN_PRODUCT, passed, type Tell } from './fact.js';

/** What is paid for from a day on. */
interface Level {
  day: number;
  seats: number;
  products: number;
}

const LATE_STATEMENTS = 0.1;
const TERM_DAYS = 365;

/** One dated statement per change. For some accounts they arrive out of order, as in CRM exports. */
export const subscriptions: Tell = (scenario, life) => {
  const levels = levelsOf(life);
  return life.terms.flatMap((term) => {
    const [first, ...changes] = mainOf(scenario, life.profile, term, levels);
    if (first === undefined) return [];
    const late = new Random(scenario.seed, life.profile.id, 'late').chance(LATE_STATEMENTS);
    return [
      first,
      ...(late ? changes.reverse() : changes),
      ...addOnsOf(scenario, life.profile, term, levels),
    ];
  });
};

function levelsOf({ profile, steps }: Life): Level[] {
  const levels: Level[] = [{ day: profile.since, seats: profile.seats, products: 1 }];
  for (const { tick, changedOn, seats, products } of steps)
    if (changedOn !== null)
      levels.push({ day: Math.max(profile.since, firstDayOf(tick) + changedOn), seats, products });
  return levels;
}

const levelOn = (levels: readonly Level[], day: number): Level | undefined =>
  levels.findLast((level) => level.day <= day);

function within({ startDay, endDay }: Term, levels: readonly Level[]): Level[] {
  return levels.filter(({ day }) => day > startDay && (endDay === null || day < endDay));
}

function mainOf(scenario: Scenario, profile: Profile, term: Term, levels: readonly Level[]): Fact[] {
  const id = `${profile.id}-S${term.number}`;
  const startedAt = passed(scenario, at(term.startDay));
  const seats = levelOn(levels, term.startDay)?.seats ?? profile.seats;
  if (startedAt === undefined) return [];
  const yearly = profile.termMonths === 12;
  const paid = (count: number): object => ({ seats: count, mrr: count * profile.seatPrice });
  const facts: Fact[] = [
    {
      id,
      accountId: profile.id,
      product: MAIN_PRODUCT,
      plan: profile.plan,
      billing: 'seats',
      currency: scenario.currency,
      startedAt,
      effectiveAt: startedAt,
      termMonths: profile.termMonths,
      autoRenew: true,
      trial: term.trialUntil !== null,
      limits: { projects: { allowed: 100, gauge: 'projects' } },
      ...(yearly && { renewsAt: new Date(at(term.firstRenewal)).toISOString() }),
      ...paid(seats),
      ...(term.trialUntil !== null && { mrr: 0 }),
    },
  ];
  const tell = (ms: number, fields: object): void => {
    const effectiveAt = passed(scenario, ms);
    if (effectiveAt !== undefined) facts.push({ id, effectiveAt, ...fields });
  };
  const trialUntil = term.trialUntil ?? term.startDay;
  if (term.trialUntil !== null && (term.endDay === null || trialUntil < term.endDay))
    tell(at(trialUntil), { trial: false, ...paid(levelOn(levels, trialUntil)?.seats ?? seats) });
  for (const level of within(term, levels))
    if (level.day > trialUntil) tell(at(level.day), paid(level.seats));
    else tell(at(level.day), { seats: level.seats });
  const lastDay = term.endDay ?? scenario.untilDay + 1;
  if (yearly)
    for (let day = term.firstRenewal; day < lastDay; day += TERM_DAYS)
      tell(at(day), { renewsAt: new Date(at(day + TERM_DAYS)).toISOString() });
  tellEnd(term, tell);
  return facts;
}

function tellEnd(term: Term, tell: (ms: number, fields: object) => void): void {
  if (term.noticeDay !== null) {
    const ms = at(term.noticeDay) + 11 * HOUR_MS;
    tell(ms, { autoRenew: false, noticeGivenAt: new Date(ms).toISOString() });
  }
  if (term.endDay === null) return;
  tell(at(term.endDay), {
    endedAt: new Date(at(term.endDay)).toISOString(),
    endReason: term.failedPayment ? 'failed_payment' : 'voluntary',
  });
}

/** Every period with the add-on is a separate subscription. */
function addOnsOf(scenario: Scenario, profile: Profile, term: Term, levels: readonly Level[]): Fact[] {
  const start = levelOn(levels, term.startDay);
  const course = [...(start ? [{ ...start, day: term.startDay }] : []), ...within(term, levels)];
  const facts: Fact[] = [];
  let id: string | null = null;
  const tell = (day: number, fields: object): void => {
    const effectiveAt = passed(scenario, at(day));
    if (effectiveAt !== undefined) facts.push({ id, effectiveAt, ...fields });
  };
  for (const { day, seats, products } of course) {
    const mrr = addOnMrr(profile, seats);
    const date = new Date(at(day)).toISOString();
    if (products > 1 && id === null) {
      id = `${profile.id}-S${term.number}-A${day}`;
      tell(day, {
        accountId: profile.id,
        product: ADD_ON,
        plan: profile.plan,
        billing: 'seats',
        currency: scenario.currency,
        startedAt: date,
        autoRenew: true,
        seats,
        mrr: day < (term.trialUntil ?? 0) ? 0 : mrr,
      });
    } else if (products > 1) tell(day, { seats, mrr });
    else if (id !== null) {
      tell(day, { endedAt: date, endReason: 'voluntary' });
      id = null;
    }
  }
  if (id !== null) tellEnd(term, (ms, fields) => tell(ms / at(1), fields));
  return facts;
}
