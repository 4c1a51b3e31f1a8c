import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import {
  openOutbox,
  Outbox,
  type OutboxMessage,
  type OutboxPosition,
} from '../../src/platform/outbox/outbox.js';
import { OutboxConsumers, OutboxLeaseLost } from '../../src/platform/outbox/outbox-consumers.js';
import { ScoresRepository } from '../../src/scoring/scores/scores.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const CRM = 'crm';

let database: TestDatabase;
let dataSource: DataSource;
let outbox: Outbox;
let consumers: OutboxConsumers;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url, { poolSize: 20 }).initialize();
  outbox = new Outbox();
  consumers = new OutboxConsumers(dataSource);
});
beforeEach(async () => {
  await dataSource.query('TRUNCATE outbox, outbox_consumer, outbox_delivery');
  await consumers.register(dataSource.manager, CRM, 'oldest');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const event = (n: number, accountId: number | null = 1) => ({
  topic: 'test.happened',
  accountId,
  payload: { n },
});
const append = (n: number, accountId: number | null = 1, manager = dataSource.manager) =>
  outbox.append(manager, [event(n, accountId)]);
const numbersOf = (messages: readonly OutboxMessage[]) => messages.map(({ payload }) => payload['n']);
/** Transactions of other tests in the same cluster hold messages back too, so what is waited for may take a moment. */
async function gather(want: number, more: () => Promise<OutboxMessage[]>): Promise<OutboxMessage[]> {
  const all: OutboxMessage[] = [];
  while (all.length < want) {
    const some = await more();
    all.push(...some);
    if (some.length === 0) await sleep(20);
  }
  return all;
}
function reader(): (limit?: number) => Promise<OutboxMessage[]> {
  let after: OutboxPosition | null = null;
  return async (limit = 100) => {
    const messages = await outbox.read(dataSource.manager, after, limit);
    after = messages.at(-1)?.position ?? after;
    return messages;
  };
}

describe(Outbox.name, () => {
  it('waits for an open earlier transaction, then reads in commit order', async () => {
    const late = dataSource.createQueryRunner();
    await late.startTransaction();
    await append(1, 1, late.manager);
    const read = reader();
    await append(2);
    await append(3);
    expect(await read()).toEqual([]);
    await late.commitTransaction();
    await late.release();
    await append(4);
    expect(numbersOf(await gather(4, read))).toEqual([1, 2, 3, 4]);
    expect(await read()).toEqual([]);
  });

  it('does not deliver what was rolled back', async () => {
    await expect(
      dataSource.transaction(async (manager) => {
        await append(1, 1, manager);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await append(2);
    expect(numbersOf(await gather(1, reader()))).toEqual([2]);
  });

  it('neither skips nor repeats while many transactions commit out of order', async () => {
    const read = reader();
    const seen: unknown[] = [];
    let writing = true;
    const reading = (async () => {
      while (writing) seen.push(...numbersOf(await read(7)));
    })();
    await Promise.all(
      Array.from({ length: 10 }, async (_, writer) => {
        for (let i = 0; i < 12; i++) {
          await dataSource.transaction(async (manager) => {
            await append(writer * 100 + i, writer, manager);
            await sleep(((writer * 7 + i * 13) % 5) * 4);
          });
        }
      }),
    );
    writing = false;
    await reading;
    seen.push(...numbersOf(await gather(120 - seen.length, read)));
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });

  it('keeps reading in order after a move to a cluster with lower transaction ids', async () => {
    await append(1);
    await append(2);
    const [first] = await gather(2, reader());
    // As a restore finds it: the ids are those of a cluster that had come much further.
    const further = `(pg_current_xact_id()::text::bigint + 1000000000)::text::xid8`;
    await dataSource.query(`UPDATE outbox SET xid = ${further}`);
    await dataSource.query(`UPDATE outbox_generation SET system_identifier = 'another'`);
    const [row] = await dataSource.query<{ xid: string }[]>('SELECT xid::text AS xid FROM outbox LIMIT 1');
    const position = {
      generation: first?.position.generation ?? 0,
      xid: row?.xid ?? '',
      id: first?.position.id ?? 0,
    };
    await dataSource.query(
      'UPDATE outbox_consumer SET generation = $1, xid = $2::text::xid8, outbox_id = $3',
      Object.values(position),
    );
    expect(await outbox.read(dataSource.manager, null, 10)).toEqual([]);

    await openOutbox(dataSource.manager);
    await openOutbox(dataSource.manager);
    await append(3);
    const read = async () => outbox.read(dataSource.manager, position, 10);
    let messages = await read();
    while (messages.length < 2) messages = await read();
    expect(numbersOf(messages)).toEqual([2, 3]);
    expect(messages.map((message) => message.position.generation - position.generation)).toEqual([0, 1]);
    expect(numbersOf(await gather(2, () => consumers.claim(CRM, 10)))).toEqual([2, 3]);
  });
});

describe(OutboxConsumers.name, () => {
  it('delivers every message to each consumer since its registration', async () => {
    await append(1);
    await gather(1, reader());
    await consumers.register(dataSource.manager, 'webhooks', 'now');
    await append(2);
    expect(numbersOf(await gather(2, () => consumers.claim(CRM, 10)))).toEqual([1, 2]);
    const late = numbersOf(await gather(1, () => consumers.claim('webhooks', 10)));
    // A transaction of somebody else that was open at the registration lets it see the first one too.
    expect(late.at(-1)).toBe(2);
    await expect(consumers.claim('nobody', 1)).rejects.toThrow('nobody');
  });

  it('gives an account to one worker at a time, in order, and other accounts to other workers', async () => {
    for (const [n, account] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 2],
    ] as const)
      await append(n, account);
    await gather(5, reader());
    const first = await consumers.claim(CRM, 1);
    const second = await consumers.claim(CRM, 10);
    expect([numbersOf(first), numbersOf(second)]).toEqual([[1], [3, 5]]);
    expect(await consumers.claim(CRM, 10)).toEqual([]);
    await consumers.acknowledge(dataSource.manager, CRM, first);
    expect(numbersOf(await consumers.claim(CRM, 10))).toEqual([2, 4]);
  });

  it('redelivers a released message after the pause', async () => {
    await append(1);
    await gather(1, reader());
    await consumers.release(dataSource.manager, CRM, await consumers.claim(CRM, 1), 60_000);
    expect(await consumers.claim(CRM, 1)).toEqual([]);
    await dataSource.query('UPDATE outbox_delivery SET leased_until = now()');
    expect(await consumers.claim(CRM, 1)).toMatchObject([{ epoch: 2, payload: { n: 1 } }]);
  });

  it('rejects the acknowledgement of a worker that lost its lease, with its transaction', async () => {
    await append(1);
    await gather(1, reader());
    const slow = await consumers.claim(CRM, 1);
    await dataSource.query('UPDATE outbox_delivery SET leased_until = now()');
    const next = await consumers.claim(CRM, 1);
    const late = dataSource.transaction(async (manager) => {
      await append(9, 1, manager);
      await consumers.acknowledge(manager, CRM, slow);
    });
    await expect(late).rejects.toThrow(OutboxLeaseLost);
    await consumers.acknowledge(dataSource.manager, CRM, next);
    const [left] = await dataSource.query<{ n: number }[]>('SELECT count(*) AS n FROM outbox');
    expect(left?.n).toBe(1);
  });

  it('loses nothing when workers are killed', async () => {
    const LEASE_MS = 300;
    for (let n = 0; n < 20; n++) await append(n, n % 4);
    await gather(20, reader());
    for (let kills = 0; kills < 3; kills++) {
      const child: ChildProcess = spawn(
        process.execPath,
        [
          '--import',
          './test/support/typescript.mjs',
          'test/support/outbox-worker.ts',
          database.url,
          CRM,
          `${LEASE_MS}`,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      if (child.stdout === null) throw new Error('no output');
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      expect(JSON.parse(line)).not.toHaveLength(0);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    const done: number[] = [];
    while (done.length < 20) {
      const claimed = await consumers.claim(CRM, 4);
      await consumers.acknowledge(dataSource.manager, CRM, claimed);
      done.push(...(numbersOf(claimed) as number[]));
      if (claimed.length === 0) await sleep(50);
    }
    expect([...done].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    for (const account of [0, 1, 2, 3]) {
      const own = done.filter((n) => n % 4 === account);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('prunes only old messages delivered to all consumers', async () => {
    await consumers.register(dataSource.manager, 'slow', 'oldest');
    for (const n of [1, 2, 3]) await append(n);
    await gather(3, reader());
    const claimed = await consumers.claim(CRM, 10);
    await consumers.acknowledge(dataSource.manager, CRM, claimed);
    const [one] = await consumers.claim('slow', 1);
    if (!one) throw new Error('nothing was claimed');
    await dataSource.query(
      `UPDATE outbox SET created_at = now() - interval '31 days' WHERE payload ->> 'n' <> '3'`,
    );
    expect(await consumers.prune(30)).toBe(0);
    await consumers.acknowledge(dataSource.manager, 'slow', [one]);
    expect(await consumers.prune(30)).toBe(1);
    await consumers.unregister(dataSource.manager, 'slow');
    expect(await consumers.prune(30)).toBe(1);
    expect(numbersOf(await outbox.read(dataSource.manager, null, 10))).toEqual([3]);
  });

  it('delivers messages of an account deleted since', async () => {
    await append(1, 77);
    await gather(1, reader());
    await dataSource.transaction(async (manager) => {
      await new ScoresRepository().forgetDeletedOf(manager, [77]);
      await new ScoresRepository().forgetDeleted(manager);
    });
    expect(numbersOf(await consumers.claim(CRM, 1))).toEqual([1]);
  });
});
