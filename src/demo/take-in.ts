import { addDays, dayOf } from '../platform/days.js';
import { type AccountFacts, factsOf } from './facts.js';
import { profileOf } from './profile.js';
import type { StewardClient } from './steward-client.js';

export interface Company {
  seed: number;
  accounts: number;
  /** History before the first start. */
  days: number;
  currency: string;
  /** Older events are not sent: the service would refuse them. */
  keptDays: number;
}

/** Accounts sent at a time. */
const GROUP = 10;
const KINDS = [
  'accounts',
  'contacts',
  'subscriptions',
  'tickets',
  'events',
] as const satisfies readonly (keyof AccountFacts)[];

/** Sends the company's history up to now. Sent again, only what has happened since is new. */
export async function takeIn(
  client: StewardClient,
  { seed, accounts, days, currency, keptDays }: Company,
  now: Date,
  say: (line: string) => void,
): Promise<void> {
  const start = await firstDay(client, seed, days, now);
  const keptFrom = addDays(dayOf(now), 2 - keptDays);
  say(`Taking in ${accounts} simulated accounts from ${start} on, through the public API`);
  const total = { received: 0, added: 0, unchanged: 0 };
  for (let from = 0; from < accounts; from += GROUP) {
    const until = Math.min(from + GROUP, accounts);
    const group = Array.from({ length: until - from }, (_, i) =>
      factsOf(profileOf(seed, from + i), { seed, start, until: now, currency }),
    );
    for (const kind of KINDS) {
      const records = group
        .flatMap((facts) => facts[kind])
        .filter((fact) => kind !== 'events' || String(fact.timestamp) >= keptFrom);
      if (records.length === 0) continue;
      const { received, created, updated, unchanged, rejected, errors } = await client.importRecords(
        kind,
        records,
      );
      if (rejected > 0)
        throw new Error(`${kind}: ${rejected} rejected, the first: ${errors[0]?.code} ${errors[0]?.detail}`);
      total.received += received;
      total.added += created + updated;
      total.unchanged += unchanged;
    }
    say(
      `  ${until} of ${accounts} accounts: ${total.received} facts, ${total.added} new, ${total.unchanged} known`,
    );
  }
}

/** The simulation goes on from the day on which it began, so that another start tells the same history. */
async function firstDay(client: StewardClient, seed: number, days: number, now: Date): Promise<string> {
  const { id, since } = profileOf(seed, 0);
  const createdAt = await client.createdAt(id);
  return createdAt === undefined ? addDays(dayOf(now), -days) : addDays(createdAt.slice(0, 10), -since);
}
