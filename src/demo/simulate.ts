import { baseRateOf } from './base-rate.js';
import { isoDay } from './calendar.js';
import { events, type Usage, usage } from './facts/events.js';
import type { Fact, Tell } from './facts/fact.js';
import { accounts, contacts } from './facts/people.js';
import { gauges, milestones } from './facts/progress.js';
import { activities, invoices, surveys } from './facts/relations.js';
import { subscriptions } from './facts/subscriptions.js';
import { tickets } from './facts/support.js';
import { lawsOf } from './laws.js';
import { type Life, lifeOf } from './life.js';
import { type Scenario, scenarioOf, type SimulationOptions } from './scenario.js';
import { meanLifetimeMonths, type Standing, standingsOf } from './truth.js';

export type Kind = (typeof KINDS)[number];

/** In the best order to send: accounts and people before what they did. */
export const KINDS = [
  'accounts',
  'contacts',
  'subscriptions',
  'gauges',
  'milestones',
  'tickets',
  'invoices',
  'surveys',
  'activities',
  'events',
] as const;

const RECORDS: Record<Exclude<Kind, 'events'>, Tell> = {
  accounts,
  contacts,
  subscriptions,
  gauges,
  milestones,
  tickets,
  invoices,
  surveys,
  activities,
};

export interface Truth {
  /** The account's month-ends at risk, each with its true probabilities (computed on demand). */
  of(index: number): Standing[];
  /** What became of an account. `goneDay` is the UTC day from which it has churned for good, else null. */
  outcome(index: number): { id: string; internal: boolean; startedDay: string; goneDay: string | null };
  /** Mean months from the first paid day to churn, over accounts acquired at the start. */
  meanLifetimeMonths(accounts?: number): number;
}

export interface Simulation {
  scenario: Scenario;
  /** Facts of one kind, account by account, generated as they are read, for accounts `from` (inclusive) to `to` (exclusive). */
  facts(kind: Kind, from?: number, to?: number): Generator<Fact>;
  /** Event counts of an account, much faster than generating its events. */
  usage(index: number): Usage;
  truth: Truth;
}

/** Simulates a company. The same options give the same facts, and its hazards depend only on what the facts show. */
export function simulate(options: SimulationOptions): Simulation {
  const scenario = scenarioOf(options);
  const laws = lawsOf(scenario.seed);
  const base = baseRateOf(scenario, laws);
  let newest: { index: number; life: Life } | undefined;
  const life = (index: number): Life => {
    // Reading all kinds of facts of one account asks for the same life many times.
    if (newest?.index !== index) newest = { index, life: lifeOf(scenario, laws, base, index) };
    return newest.life;
  };
  function* facts(kind: Kind, from = 0, to = scenario.accounts): Generator<Fact> {
    for (let index = from; index < to; index++)
      yield* kind === 'events' ? events(scenario, life(index)) : RECORDS[kind](scenario, life(index));
  }
  return {
    scenario,
    facts,
    usage: (index) => usage(scenario, life(index)),
    truth: {
      of: (index) => standingsOf(scenario, laws, base, index),
      outcome: (index) => {
        const { profile, goneDay } = life(index);
        const gone = goneDay !== null && goneDay <= scenario.untilDay ? isoDay(goneDay) : null;
        return {
          id: profile.id,
          internal: profile.internal,
          startedDay: isoDay(profile.since + profile.trialDays),
          goneDay: gone,
        };
      },
      meanLifetimeMonths: (count) => meanLifetimeMonths(scenario, laws, base, count),
    },
  };
}
