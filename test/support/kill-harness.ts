import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databasePid, startService, type Service } from '../../bench/service.js';
import { openBeside } from '../../src/platform/postgres/connect.js';

const SENDERS = 4;
const EVENTS_A_BATCH = 50;
const ACCOUNTS = 20;

export interface KillRun {
  readonly dataDir: string;
  readonly rounds: number;
  /** Ends the run as soon as a loss is found, which proves that the harness can detect one. */
  readonly untilMissing?: boolean;
  /** With `off` a run must lose something, with `on` it must not. */
  readonly synchronousCommit: 'on' | 'off';
  /** A number in [0, 1). */
  readonly random: () => number;
}

export interface KillFigures {
  readonly acknowledged: number;
  /** Acknowledged before a kill and missing after it. */
  readonly missing: number;
  /** After all unacknowledged events were resent, as a client would. */
  readonly sent: number;
  readonly stored: number;
  readonly counted: number;
}

interface Batch {
  readonly ids: readonly string[];
  readonly body: string;
}

/** Sends events continuously and repeatedly kills the service, its database, or both at random moments. */
export async function killUnderLoad(run: KillRun): Promise<KillFigures> {
  const { dataDir, synchronousCommit } = run;
  const unsafe: Record<string, string> =
    synchronousCommit === 'off' ? { ALLOW_DATA_LOSS_FOR_TESTS: 'yes' } : {};
  const current = await restartable(() => startService({ dataDir, env: unsafe }));
  try {
    await prepare(current.service, synchronousCommit);
    // New sessions pick up the setting.
    if (synchronousCommit === 'off') await current.restart();
    return await rounds(run, current);
  } finally {
    await current.service.stop();
  }
}

interface Restartable {
  service: Service;
  restart(): Promise<void>;
}

async function restartable(start: () => Promise<Service>): Promise<Restartable> {
  const current: Restartable = {
    service: await start(),
    async restart() {
      await current.service.stop();
      current.service = await start();
    },
  };
  return current;
}

async function rounds(run: KillRun, current: Restartable): Promise<KillFigures> {
  const acknowledged = new Set<string>();
  const open: Batch[] = [];
  let missing = 0;
  let number = 0;
  for (let round = 0; round < run.rounds; round++) {
    let killed = false;
    const senders = Array.from({ length: SENDERS }, async () => {
      while (!killed) {
        const batch = makeBatch(number++);
        open.push(batch);
        if (await send(current.service, batch)) settle(batch, open, acknowledged);
      }
    });
    await sleep(200 + run.random() * 600);
    const target = (['service', 'database', 'both'] as const)[Math.floor(run.random() * 3)] ?? 'both';
    await kill(current.service, target);
    killed = true;
    await Promise.all(senders);
    await current.service.kill();
    await current.restart();
    missing += await countMissing(run.dataDir, acknowledged);
    if (run.untilMissing && missing > 0) break;
  }
  for (const batch of [...open]) {
    while (!(await send(current.service, batch))) await sleep(100);
    settle(batch, open, acknowledged);
  }
  const figures = await count(run.dataDir);
  return { acknowledged: acknowledged.size, missing, sent: number * EVENTS_A_BATCH, ...figures };
}

function settle(batch: Batch, open: Batch[], acknowledged: Set<string>): void {
  for (const id of batch.ids) acknowledged.add(id);
  open.splice(open.indexOf(batch), 1);
}

function makeBatch(number: number): Batch {
  const ids = Array.from({ length: EVENTS_A_BATCH }, (_, i) => `kill-${number}-${i}`);
  const timestamp = new Date().toISOString();
  const batch = ids.map((messageId, i) => ({
    type: 'track',
    messageId,
    userId: `user-${i}`,
    event: messageId,
    timestamp,
    context: { groupId: `kill-${i % ACCOUNTS}` },
  }));
  return { ids, body: JSON.stringify({ batch }) };
}

async function send(service: Service, { body, ids }: Batch): Promise<boolean> {
  try {
    const response = await fetch(`${service.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body,
    });
    const answer = (await response.json()) as { accepted: number; duplicates: number };
    return response.status === 200 && answer.accepted + answer.duplicates === ids.length;
  } catch {
    await sleep(20);
    return false;
  }
}

async function kill(service: Service, target: 'service' | 'database' | 'both'): Promise<void> {
  if (target !== 'database') await service.kill();
  if (target === 'service') return;
  // All at once, so that shared memory not yet on disk is lost, as in a power failure.
  const postmaster = await databasePid(service.dataDir);
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended with its postmaster.
    }
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function prepare(service: Service, synchronousCommit: 'on' | 'off'): Promise<void> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, i) => ({ id: `kill-${i}` }));
  const response = await fetch(`${service.url}/v1/imports/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(accounts),
  });
  if (response.status !== 200) throw new Error(await response.text());
  if (synchronousCommit === 'off') {
    await ask(service.dataDir, `ALTER DATABASE steward SET synchronous_commit = off`);
  }
}

/** The event's name is its id, so that stored events can be identified. */
async function countMissing(dataDir: string, acknowledged: ReadonlySet<string>): Promise<number> {
  const [row] = await ask<{ missing: number }>(
    dataDir,
    `SELECT count(*)::int AS missing FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT FROM event WHERE event.event = id)`,
    [[...acknowledged]],
  );
  return row?.missing ?? NaN;
}

async function count(dataDir: string): Promise<{ stored: number; counted: number }> {
  for (;;) {
    const [row] = await ask<{ pending: number; stored: number; counted: number }>(
      dataDir,
      `SELECT (SELECT count(*)::int FROM event_pending) AS pending, (SELECT count(*)::int FROM event) AS stored,
         (SELECT coalesce(sum(events), 0)::int FROM usage_day) AS counted`,
    );
    if (row?.pending === 0) return { stored: row.stored, counted: row.counted };
    await sleep(50);
  }
}

async function ask<Row extends pg.QueryResultRow>(
  dataDir: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const where = { databaseUrl: null, dataDir, allowDataLossForTests: true };
  const { url } = await openBeside(where, () => undefined);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
