import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { useFittedModels } from './fitted-models.js';
import { fill } from './portfolio.js';
import { scoreAll } from './score-all.js';
import { databaseOf, startService } from './service.js';

/**
 * Measures a full stored run over 100,000 accounts and 10 million roll-up rows with fitted models, compared with one sequential grouped scan
 * of the same rows. BASIS=prior scores with the scorecards alone.
 * Fails above LIMIT scans, above MAX_MB of memory, above GROWTH times the cost per account at a tenth of the size, or above MAX_BYTES per score.
 */
const LIMIT = 12;
const MAX_MB = 512;
const GROWTH = 1.3;
const MAX_BYTES = 600;
const accounts = Number(process.env.ACCOUNTS ?? 100_000);

const service = await startService();
const db = await databaseOf(service);
try {
  await fill(db, 0, accounts / 10);
  await scoreAll(service);
  if (process.env.BASIS !== 'prior') await useFittedModels(db);
  const tenth = await best(2, () => scoreAll(service));
  await fill(db, accounts / 10, accounts);
  // As autovacuum would within minutes.
  await db.query('VACUUM ANALYZE');
  const rows = Number((await db.query<{ n: string }>('SELECT count(*) AS n FROM usage_day')).rows[0]?.n);
  console.log(`${accounts} accounts, ${rows.toLocaleString('en')} roll-up rows`);
  const scans: number[] = [];
  const runs: number[] = [];
  for (let round = 1; round <= 3; round++) {
    await passDay(db);
    scans.push(await scan(db));
    runs.push(await scoreAll(service));
    console.log(`round ${round}: scan ${scans.at(-1)?.toFixed(2)} s, run ${runs.at(-1)?.toFixed(2)} s`);
  }
  const ratio = median(runs) / median(scans);
  const growth = median(runs) / accounts / (tenth / (accounts / 10));
  const peakMb = await peak(service.pid);
  await db.query('VACUUM FULL account_score');
  const { rows: size } = await db.query<{ bytes: number }>(
    'SELECT (pg_total_relation_size($1) / count(*))::int AS bytes FROM account_score',
    ['account_score'],
  );
  console.log(`  a full run takes ${ratio.toFixed(1)} scans (at most ${LIMIT})`);
  console.log(
    `  ${((1e6 * median(runs)) / accounts).toFixed(0)} µs per account, ${growth.toFixed(2)} × the cost at a tenth of the size (at most ${GROWTH})`,
  );
  console.log(`  peak memory of the service ${peakMb} MB (limit ${MAX_MB})`);
  const bytes = size[0]?.bytes ?? NaN;
  console.log(`  ${bytes} bytes per account and day, including indexes (at most ${MAX_BYTES})`);
  const held = ratio <= LIMIT && growth <= GROWTH && peakMb <= MAX_MB && bytes <= MAX_BYTES;
  if (!held) console.log('FAILED');
  process.exitCode = held ? 0 : 1;
} finally {
  await db.end();
  await service.stop();
}

/** Moves the scores to yesterday, so that each run writes a new day as it does at night. */
async function passDay(client: pg.Client): Promise<void> {
  await client.query(`DELETE FROM account_score WHERE as_of < (now() AT TIME ZONE 'UTC')::date`);
  await client.query('UPDATE account_score SET as_of = as_of - 1');
  await client.query('VACUUM account_score');
}

/** In seconds, with one process, as the limit is defined. */
async function scan(client: pg.Client): Promise<number> {
  await client.query(
    'SET max_parallel_workers_per_gather = 0; SET enable_indexscan = off; SET enable_indexonlyscan = off',
  );
  const start = process.hrtime.bigint();
  await client.query(
    'SELECT count(*), sum(events) FROM (SELECT account_id, sum(events) AS events FROM usage_day GROUP BY account_id) AS sums',
  );
  return Number(process.hrtime.bigint() - start) / 1e9;
}

async function best(times: number, measure: () => Promise<number>): Promise<number> {
  const seconds: number[] = [];
  for (let n = 0; n < times; n++) seconds.push(await measure());
  return Math.min(...seconds);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function peak(pid: number): Promise<number> {
  const kb = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1_024);
}
