import { setTimeout as sleep } from 'node:timers/promises';
import { fill } from './portfolio.js';
import { scoreAll } from './score-all.js';
import { databaseOf, startService } from './service.js';

/**
 * Measures how long a new fact waits for its account's score while a batch of 500 events for as many accounts arrives every second. Fails if
 * more than 5 % wait longer than MAX_SECONDS.
 */
const MAX_SECONDS = 60;
const BATCH = 500;
const SECONDS = 60;
const accounts = Number(process.env.ACCOUNTS ?? 20_000);

const service = await startService();
const db = await databaseOf(service);
try {
  await fill(db, 0, accounts);
  await scoreAll(service);
  /** Time of the first fact not yet scored, by account. */
  const waiting = new Map<string, number>();
  const waits: number[] = [];
  for (let second = 0; second < SECONDS || waiting.size > 0; second++) {
    if (second > SECONDS + 2 * MAX_SECONDS) throw new Error(`${waiting.size} accounts were never scored`);
    const next = sleep(1_000);
    if (second < SECONDS) await send(second, waiting);
    await seeScored(waiting, waits);
    await next;
  }
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  console.log(
    `${accounts} accounts, ${sorted.length} samples: time from new facts to score ${at(0.5).toFixed(1)} s (p50), ${at(0.95).toFixed(1)} s (p95, at most ${MAX_SECONDS}), ${at(1).toFixed(1)} s (longest)`,
  );
  process.exitCode = at(0.95) <= MAX_SECONDS ? 0 : 1;
  if (process.exitCode > 0) console.log('FAILED');
} finally {
  await db.end();
  await service.stop();
}

async function send(second: number, waiting: Map<string, number>): Promise<void> {
  const timestamp = new Date().toISOString();
  const batch = Array.from({ length: BATCH }, (_, n) => {
    const id = `bench-${1 + (((second * BATCH + n) * 7_919) % accounts)}`;
    return {
      type: 'track',
      messageId: `live-${second}-${n}`,
      userId: `u-${n}`,
      event: 'Live',
      timestamp,
      context: { groupId: id },
    };
  });
  const answer = await fetch(`${service.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  const now = Date.now();
  for (const { context } of batch) if (!waiting.has(context.groupId)) waiting.set(context.groupId, now);
}

async function seeScored(waiting: Map<string, number>, waits: number[]): Promise<void> {
  const { rows } = await db.query<{ id: string; scored_at: Date }>(
    `SELECT a.id, max(s.scored_at) AS scored_at FROM account a JOIN account_score s USING (account_id) WHERE a.id = ANY($1) GROUP BY 1`,
    [[...waiting.keys()]],
  );
  for (const { id, scored_at } of rows) {
    const since = waiting.get(id) ?? Infinity;
    if (scored_at.getTime() < since) continue;
    waits.push((scored_at.getTime() - since) / 1_000);
    waiting.delete(id);
  }
}
