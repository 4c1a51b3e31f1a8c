import { setTimeout as sleep } from 'node:timers/promises';
import { accounts, batches } from './events.js';
import { Load } from './load.js';
import { databaseOf, startService } from './service.js';

/** Ingests many millions of events. Fails if the last million is slower than LIMIT times the first, including roll-ups. */
const LIMIT = 0.8;
const SIZE = 500;
const millions = Number(process.env.MILLIONS ?? 10);
const SLICE = 100;

const service = await startService();
const db = await databaseOf(service);
try {
  const headers = { authorization: `Bearer ${service.key}` };
  await fetch(`${service.url}/v1/imports/accounts`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(accounts()),
  });
  const load = new Load(`${service.url}/v1/batch`, headers, 8);
  const rates: number[] = [];
  for (let million = 0; million < millions; million++) {
    let seconds = 0;
    for (let slice = 0; slice < 1_000_000 / SIZE / SLICE; slice++) {
      // Generated outside the measured time.
      seconds += await load.send(
        batches(million * 1_000_000 + slice * SLICE * SIZE, SLICE, SIZE, Date.now()),
      );
    }
    const start = Date.now();
    while (((await db.query('SELECT 1 FROM event_pending LIMIT 1')).rowCount ?? 0) > 0) await sleep(10);
    seconds += (Date.now() - start) / 1_000;
    rates.push(1_000_000 / seconds);
    console.log(`million ${million + 1}: ${Math.round(1_000_000 / seconds).toLocaleString('en')} events/s`);
  }
  const ratio = (rates.at(-1) ?? NaN) / (rates[0] ?? NaN);
  const { rows } = await db.query<{ stored: string; counted: string }>(
    'SELECT (SELECT count(*) FROM event) AS stored, (SELECT sum(events) FROM usage_day) AS counted',
  );
  const exact = [rows[0]?.stored, rows[0]?.counted].every((count) => Number(count) === millions * 1_000_000);
  console.log(
    `last million relative to the first: ${ratio.toFixed(2)}; stored ${rows[0]?.stored}, counted ${rows[0]?.counted}`,
  );
  process.exitCode = ratio >= LIMIT && exact ? 0 : 1;
  if (process.exitCode) console.log('FAILED');
  load.close();
} finally {
  await db.end();
  await service.stop();
}
