import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openBeside } from '../src/platform/postgres/connect.js';
import { cpuSeconds } from './cpu.js';
import { accounts, batches, trackCalls } from './events.js';
import { Load } from './load.js';
import { databasePid, startService } from './service.js';

/**
 * Sends events to POST /v1/batch until they are rolled up, compared in turn with (a) a bare Express handler that parses the same JSON and (b)
 * COPY of the same rows into a table without indexes. Fails below LIMIT of (a).
 */
const LIMIT = 0.15;
const SIZE = 500;
const CONNECTIONS = 8;
const rounds = Number(process.env.ROUNDS ?? 7);
const perRound = Number(process.env.BATCHES ?? 800);

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const round = (value: number): string => Math.round(value).toLocaleString('en');

const service = await startService();
const bare = spawn(process.execPath, [path.resolve('dist/bench/bare-server.js')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [port] = (await once(bare.stdout, 'data')) as [Buffer];
const { url } = await openBeside(
  { databaseUrl: null, dataDir: service.dataDir, allowDataLossForTests: false },
  () => undefined,
);
const db = new pg.Client({ connectionString: url });
try {
  await db.connect();
  const now = Date.now();
  const headers = { authorization: `Bearer ${service.key}` };
  const made = await fetch(`${service.url}/v1/imports/accounts`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(accounts()),
  });
  if (made.status !== 200) throw new Error(await made.text());
  await db.query(
    'CREATE UNLOGGED TABLE bench_copy (account_id int, at timestamptz, id uuid, event text, user_id text, properties jsonb)',
  );
  await db.query('ALTER TABLE bench_copy SET LOGGED');

  const toService = new Load(`${service.url}/v1/batch`, headers, CONNECTIONS);
  const toBare = new Load(`http://127.0.0.1:${port.toString().trim()}/v1/batch`, {}, CONNECTIONS);
  const drained = async (): Promise<void> => {
    while (((await db.query('SELECT 1 FROM event_pending LIMIT 1')).rowCount ?? 0) > 0) await sleep(5);
  };
  const copy = async (from: number): Promise<number> => {
    const rows = (trackCalls(from, perRound * SIZE, now) as Record<string, unknown>[]).map(
      (call, i) =>
        `${i % 1000}\t${String(call.timestamp)}\t${i.toString(16).padStart(32, '0')}\t${String(call.event)}\t${String(call.userId)}\t${JSON.stringify(call.properties)}\n`,
    );
    const chunks = Array.from({ length: perRound }, (_, i) => rows.slice(i * SIZE, (i + 1) * SIZE).join(''));
    const start = process.hrtime.bigint();
    await pipeline(Readable.from(chunks), db.query(copyFrom('COPY bench_copy FROM STDIN')));
    return Number(process.hrtime.bigint() - start) / 1e9;
  };

  const rates = {
    service: [] as number[],
    bare: [] as number[],
    copy: [] as number[],
    repeats: [] as number[],
  };
  let cpu = 0;
  let sent = 0;
  const postmaster = await databasePid(service.dataDir);
  const used = async (): Promise<number> => (await cpuSeconds(service.pid)) + (await cpuSeconds(postmaster));
  for (let r = -1; r < rounds; r++) {
    const bodies = batches(sent, perRound, SIZE, now);
    const events = perRound * SIZE;
    const bareSeconds = await toBare.send(bodies);
    const before = await used();
    const start = process.hrtime.bigint();
    await toService.send(bodies);
    await drained();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const cpuRound = (await used()) - before;
    // A fifth of these are repeats.
    const mixed = [
      ...bodies.slice(0, perRound / 5),
      ...batches(sent + events, (perRound * 4) / 5, SIZE, now),
    ];
    const repeatStart = process.hrtime.bigint();
    await toService.send(mixed);
    await drained();
    const repeatSeconds = Number(process.hrtime.bigint() - repeatStart) / 1e9;
    const copySeconds = await copy(sent);
    sent += events + events * 0.8;
    await db.query('TRUNCATE bench_copy');
    // The first round is a warm-up.
    if (r < 0) continue;
    rates.bare.push(events / bareSeconds);
    rates.service.push(events / seconds);
    rates.repeats.push(events / repeatSeconds);
    rates.copy.push(events / copySeconds);
    cpu += cpuRound / events / rounds;
    console.log(
      `round ${r + 1}: bare ${round(events / bareSeconds)}/s, service ${round(events / seconds)}/s (${(bareSeconds / seconds).toFixed(3)}), with repeats ${round(events / repeatSeconds)}/s, COPY ${round(events / copySeconds)}/s`,
    );
  }

  const singles = trackCalls(sent, 4_000, now).map((call) => Buffer.from(JSON.stringify(call)));
  const single = new Load(`${service.url}/v1/track`, headers, CONNECTIONS);
  const singleSeconds = await single.send(singles);
  await drained();
  const { rows } = await db.query<{ stored: string; counted: string }>(
    'SELECT (SELECT count(*) FROM event) AS stored, (SELECT sum(events) FROM usage_day) AS counted',
  );
  const expected = sent + singles.length;
  const ratio = median(rates.service) / median(rates.bare);
  console.log(
    `events of about ${Math.round((batches(0, 1, SIZE, now)[0]?.length ?? 0) / SIZE)} bytes, ${SIZE} per batch, ${CONNECTIONS} connections; medians of ${rounds} rounds`,
  );
  console.log(`  (a) bare Express, parsing only   ${round(median(rates.bare))} events/s`);
  console.log(`  (b) COPY without indexes         ${round(median(rates.copy))} events/s`);
  console.log(
    `  service, stored and rolled up    ${round(median(rates.service))} events/s = ${ratio.toFixed(3)} of (a), ${(median(rates.service) / median(rates.copy)).toFixed(3)} of (b)`,
  );
  console.log(`  the same with 20 % repeats       ${round(median(rates.repeats))} events/s`);
  console.log(`  CPU time, service and database   ${(cpu * 1e6).toFixed(1)} µs per event`);
  console.log(`  single track calls               ${round(singles.length / singleSeconds)} calls/s`);
  console.log(`  stored ${rows[0]?.stored}, counted ${rows[0]?.counted}, expected ${expected}`);
  const exact = Number(rows[0]?.stored) === expected && Number(rows[0]?.counted) === expected;
  if (!exact) console.log('FAILED: events were lost or counted twice');
  if (ratio < LIMIT) console.log(`FAILED: below ${LIMIT} of (a)`);
  process.exitCode = exact && ratio >= LIMIT ? 0 : 1;
  for (const load of [toService, toBare, single]) load.close();
} finally {
  await db.end();
  bare.kill();
  await service.stop();
}
