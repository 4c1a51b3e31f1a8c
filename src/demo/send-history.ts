import { addDays, dayOf } from '../platform/days.js';
import type { Fact } from './facts/fact.js';
import { OWN_ACCOUNT_DAYS, profileOf } from './profile.js';
import { scenarioOf } from './scenario.js';
import { KINDS, simulate, type Simulation } from './simulate.js';
import type { StewardClient } from './steward-client.js';

export interface Company {
  seed: number;
  accounts: number;
  /** Months of history before the month of the first start. */
  months: number;
  currency: string;
  /** Older events are not sent because the service would reject them. */
  keptDays: number;
}

/** Records per request. */
const CHUNK = 20_000;
const LINES_EVERY = 100_000;

/** Sends the company's history up to now. Sending it again adds only what has happened since. */
export async function sendHistory(
  client: StewardClient,
  { keptDays, ...company }: Company,
  now: Date,
  say: (line: string) => void,
): Promise<void> {
  const simulation = simulate({ ...company, until: now, start: await firstDay(client, company, now) });
  const keptFrom = addDays(dayOf(now), 2 - keptDays);
  say(`Sending ${company.months} months of ${company.accounts} simulated accounts over the public API`);
  for (const kind of KINDS) {
    const total = { received: 0, added: 0, unchanged: 0 };
    const line = (): string =>
      `  ${kind.padEnd(13)} ${total.received} facts, ${total.added} new, ${total.unchanged} unchanged`;
    for (const records of chunks(kept(simulation, kind, keptFrom))) {
      const { received, created, updated, unchanged, rejected, errors } = await client.importRecords(
        kind,
        records,
      );
      if (rejected > 0)
        throw new Error(
          `${kind}: ${rejected} rejected, first error: ${errors[0]?.code} ${errors[0]?.detail}`,
        );
      total.received += received;
      total.added += created + updated;
      total.unchanged += unchanged;
      if (total.received % LINES_EVERY === 0) say(line());
    }
    if (total.received % LINES_EVERY !== 0) say(line());
  }
}

function* kept(simulation: Simulation, kind: (typeof KINDS)[number], keptFrom: string): Generator<Fact> {
  for (const fact of simulation.facts(kind))
    if (kind !== 'events' || String(fact.timestamp) >= keptFrom) yield fact;
}

function* chunks(facts: Iterable<Fact>): Generator<Fact[]> {
  let chunk: Fact[] = [];
  for (const fact of facts) {
    chunk.push(fact);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** First day of the history already sent, so that a restart continues the same history; undefined at the first start. */
async function firstDay(
  client: StewardClient,
  company: Omit<Company, 'keptDays'>,
  now: Date,
): Promise<string | undefined> {
  const { id } = profileOf(scenarioOf({ ...company, until: now }), 0);
  const createdAt = await client.createdAt(id);
  return createdAt === undefined ? undefined : addDays(createdAt.slice(0, 10), OWN_ACCOUNT_DAYS);
}
