import pg from 'pg';
import { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { ReleaseService } from '../../src/intake/quarantine/release.service.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Answer } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { batch, counted, track, type Call, type Counted } from '../support/intake.js';

const DAY_MS = 86_400_000;
const RETENTION = { eventRetentionDays: 800 };

/** Numbers that look random and are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Events of 20 accounts and 60 users, from now back to more than a year ago. */
function events(count: number, random: () => number): Call[] {
  const now = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_, i) =>
    track({
      messageId: `e-${i}`,
      event: `E${Math.floor(random() * 3)}`,
      userId: random() < 0.1 ? undefined : `u-${Math.floor(random() * 60)}`,
      group: `A-${Math.floor(random() * 20)}`,
      timestamp: new Date(now - Math.floor(random() * 400 * DAY_MS)).toISOString(),
    }),
  );
}

function groupOf(call: Call): string {
  return (call['context'] as { groupId: string }).groupId;
}

/** What the roll-ups must say, counted from the calls themselves. */
function expected(calls: readonly Call[]): Counted {
  const days: Record<string, number> = {};
  const active = new Map<string, Set<string>>();
  for (const call of calls) {
    const day = call.timestamp.slice(0, 10);
    const key = `${groupOf(call)} ${day} ${String(call['event'])}`;
    days[key] = (days[key] ?? 0) + 1;
    if (call.userId === undefined) continue;
    const user = `${groupOf(call)} ${call.userId}`;
    active.set(user, (active.get(user) ?? new Set()).add(day));
  }
  return { days, users: Object.fromEntries([...active].map(([user, on]) => [user, on.size])) };
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Sends batches over so many connections at once, to the apps in turn. */
async function send(
  apps: readonly TestApp[],
  batches: readonly Call[][],
  connections: number,
): Promise<Answer[]> {
  const queue = [...batches];
  const answers: Answer[] = [];
  await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        answers.push(await batch(apps[i % apps.length] as TestApp, next));
      }
    }),
  );
  return answers;
}

const sum = (answers: readonly Answer[], field: string): number =>
  answers.reduce((total, { body }) => total + Number(body[field]), 0);

async function createAccounts(app: TestApp): Promise<void> {
  for (let i = 0; i < 20; i++) await client(app).call('PUT', `/v1/accounts/A-${i}`, { name: `No. ${i}` });
}

async function eventRows(app: TestApp): Promise<number> {
  const [row]: { n: number }[] = await app.dataSource.query('SELECT count(*)::int AS n FROM event');
  return row?.n ?? -1;
}

describe('exactly-once events', () => {
  let database: TestDatabase;
  let apps: TestApp[];

  beforeEach(async () => {
    database = await createTestDatabase();
    const settings = { ...RETENTION, databaseUrl: database.url };
    apps = [await startTestApp(settings), await startTestApp(settings)];
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    await database.drop();
  });

  it('hold for 5,000 shuffled, late and repeated events over 8 connections to two instances', async () => {
    const [first, second] = apps as [TestApp, TestApp];
    const random = randomFrom(1);
    const all = events(5_000, random);
    const repeated = [...all, ...all.filter(() => random() < 0.1)];
    await createAccounts(first);

    const answers = await send(apps, inBatches(shuffled(repeated, random), 100), 8);

    expect(sum(answers, 'accepted')).toBe(all.length);
    expect(sum(answers, 'duplicates')).toBe(repeated.length - all.length);
    expect(await counted(second)).toEqual(expected(all));
    const again = await send(apps, inBatches(shuffled(all, random), 500), 8);
    expect(sum(again, 'accepted')).toBe(0);
    expect(sum(again, 'duplicates')).toBe(all.length);
    expect(await counted(first)).toEqual(expected(all));
    expect(await eventRows(first)).toBe(all.length);
  });

  it('hold when half of the accounts arrive while the events are being sent', async () => {
    const random = randomFrom(2);
    const all = events(2_000, random);
    const [first] = apps as [TestApp];

    const sending = send(apps, inBatches(shuffled([...all, ...all.slice(0, 200)], random), 50), 8);
    await Promise.all([sending, createAccounts(first)]);
    await send(apps, inBatches(shuffled(all, random), 500), 4);

    expect(await counted(first)).toEqual(expected(all));
  });

  it('answer identical batches sent concurrently in any order', async () => {
    const random = randomFrom(3);
    await createAccounts(apps[0] as TestApp);
    for (let round = 0; round < 5; round++) {
      const all = events(1_000, random).map((call) => ({ ...call, messageId: `${round}-${call.messageId}` }));
      const answers = await send(
        apps,
        Array.from({ length: 4 }, () => shuffled(all, random)),
        4,
      );
      expect(sum(answers, 'accepted')).toBe(1_000);
      expect(sum(answers, 'duplicates')).toBe(3_000);
    }
  });
});

describe('a fault between any two steps', () => {
  let app: TestApp;
  let left = Infinity;
  const { query } = pg.Client.prototype;

  beforeAll(async () => {
    app = await startTestApp(RETENTION);
    await app.app.get(RollUpService, { strict: false }).beforeApplicationShutdown();
    // A typed override would have to repeat pg's six overloads.
    const failing = function (this: pg.Client, ...args: unknown[]): unknown {
      if (--left === 0) {
        (
          this as unknown as { connection: { stream: { destroy(error: Error): void } } }
        ).connection.stream.destroy(new Error('a fault on purpose'));
      }
      return Reflect.apply(query, this, args) as unknown;
    };
    pg.Client.prototype.query = failing as typeof query;
  });
  afterAll(async () => {
    pg.Client.prototype.query = query;
    await app.stop();
  });

  /**
   * Does `work` again and again; the first, then the second, … statement of what it runs as `faulty` fails and takes its
   * connection with it, as a killed server would. Answers how many steps there were to fail.
   */
  async function atEachStep(
    work: (faulty: (step: () => Promise<unknown>) => Promise<void>) => Promise<void>,
  ): Promise<number> {
    for (let n = 1; n < 200; n++) {
      let failed = false;
      await work(async (step) => {
        left = n;
        await step();
        failed = left <= 0;
        left = Infinity;
      });
      if (!failed) return n - 1;
    }
    throw new Error('it never went through');
  }

  const post = (calls: readonly Call[]) => client(app).call('POST', '/v1/batch', { batch: calls });
  const putAccount = (id: string) => client(app).call('PUT', `/v1/accounts/${id}`, { name: id });

  it('does not change the result once the request is retried', async () => {
    const random = randomFrom(4);
    const sent: Call[] = [];
    await createAccounts(app);
    const steps = await atEachStep(async (faulty) => {
      const calls = events(20, random).map((call) => ({
        ...call,
        messageId: `f-${sent.length}-${call.messageId}`,
      }));
      sent.push(...calls);
      await faulty(() => post(calls));
      await batch(app, calls);
    });
    expect(steps).toBeGreaterThanOrEqual(3);
    expect(await counted(app)).toEqual(expected(sent));
  });

  it('does not change the result of a drain', async () => {
    const random = randomFrom(5);
    const sent: Call[] = [];
    const rollUp = app.app.get(RollUpService, { strict: false });
    await app.dataSource.query('TRUNCATE usage_day, user_month, event');
    const steps = await atEachStep(async (faulty) => {
      const calls = events(20, random).map((call) => ({
        ...call,
        messageId: `d-${sent.length}-${call.messageId}`,
      }));
      sent.push(...calls);
      await batch(app, calls);
      await faulty(() => rollUp.drain().catch(() => undefined));
    });
    expect(steps).toBeGreaterThanOrEqual(3);
    expect(await counted(app)).toEqual(expected(sent));
  });

  it('does not change the result of a record that releases quarantined facts', async () => {
    const random = randomFrom(6);
    const sent: Call[] = [];
    const groups: string[] = [];
    await app.dataSource.query('TRUNCATE usage_day, user_month, event');
    const steps = await atEachStep(async (faulty) => {
      const group = `N-${groups.length}`;
      groups.push(group);
      const calls = events(5, random).map((call) => ({
        ...call,
        messageId: `${group}-${call.messageId}`,
        context: { groupId: group },
      }));
      sent.push(...calls);
      await batch(app, calls);
      await client(app).call('PUT', `/v1/tickets/T-${group}`, { accountId: group, openedAt: '2025-01-01' });
      await faulty(() => putAccount(group));
      await putAccount(group);
    });
    await app.app.get(ReleaseService, { strict: false }).sweep();
    expect(steps).toBeGreaterThanOrEqual(8);
    expect(await counted(app)).toEqual(expected(sent));
    expect(await app.dataSource.query('SELECT count(*)::int AS n FROM ticket')).toEqual([
      { n: groups.length },
    ]);
    expect(await app.dataSource.query('SELECT count(*)::int AS n FROM quarantine')).toEqual([{ n: 0 }]);
  });
});
