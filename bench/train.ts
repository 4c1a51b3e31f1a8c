import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { simulate } from '../src/demo/simulate.js';
import { loadCompany } from './company/load-company.js';
import { ListReaders } from './list-speed.js';
import { scoreAll } from './score-all.js';
import { databaseOf, type Service, startService } from './service.js';

/**
 * Trains on 100,000 simulated accounts and 12 past month-ends while 20 people read the list. Fails if it takes longer than MAX_MINUTES, the
 * service more than MAX_MB, or the median latency of the list rises by more than SLOWER times. With `DATA_DIR` the company is kept for the
 * next run.
 */
const MAX_MINUTES = 10;
const MAX_MB = 2_048;
const SLOWER = 3;
const CONNECTIONS = 20;
/** Pause of a reader between requests: together they request about 50 pages a second. */
const PAUSE_MS = 400;
const BEFORE_MS = 10_000;
/** The newest four have no outcomes yet. */
const MONTHS = 16;
const accounts = Number(process.env.ACCOUNTS ?? 100_000);

interface Training {
  id: string;
  status: string;
  step: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  error: string | null;
}

const service = await startService({ dataDir: process.env.DATA_DIR });
const db = await databaseOf(service);
try {
  if ((await db.query('SELECT FROM account LIMIT 1')).rowCount === 0) await fill();
  console.log(`scored in ${(await scoreAll(service)).toFixed(1)} s`);
  const readers = new ListReaders(service, CONNECTIONS, PAUSE_MS);
  await sleep(BEFORE_MS);
  const before = readers.p50();
  const training = await train(service);
  const during = readers.p50();
  await readers.stop();
  const took = Date.parse(training.finishedAt ?? '') - Date.parse(training.startedAt ?? '');
  const peakMb = await peak(service.pid);
  const ratio = during / before;
  console.log(`  a training takes ${(took / 60_000).toFixed(1)} minutes (at most ${MAX_MINUTES})`);
  console.log(`  peak memory of the service ${peakMb} MB (limit ${MAX_MB})`);
  console.log(
    `  list p50 ${during.toFixed(1)} ms = ${ratio.toFixed(2)} × ${before.toFixed(1)} ms before training (at most ${SLOWER})`,
  );
  const held = took <= MAX_MINUTES * 60_000 && peakMb <= MAX_MB && ratio <= SLOWER;
  if (!held) console.log('FAILED');
  process.exitCode = held ? 0 : 1;
} finally {
  await db.end();
  await service.stop();
}

async function fill(): Promise<void> {
  const loading = Date.now();
  const simulation = simulate({ seed: 1, accounts, months: MONTHS, until: new Date() });
  const progress = (done: number): void => {
    if (done % 10_000 === 0) console.log(`  ${done} accounts written, ${seconds(Date.now() - loading)} s`);
  };
  await loadCompany(db, simulation, { progress });
  // As autovacuum would within minutes.
  await db.query('VACUUM ANALYZE');
  console.log(`${accounts} accounts written in ${seconds(Date.now() - loading)} s`);
}

/** Prints when each step begins. */
async function train({ url, key }: Service): Promise<Training> {
  const headers = { authorization: `Bearer ${key}` };
  const path = `${url}/v1/models/churn/trainings`;
  const response = await fetch(path, { method: 'POST', headers });
  const { id } = (await response.json()) as Training;
  const began = Date.now();
  let shown = '';
  for (;;) {
    const answer = await fetch(`${path}/${id}`, { headers });
    const training = (await answer.json()) as Training;
    const step = (training.step ?? training.status).replace(/\d.*$/, '').trim();
    if (step !== shown) console.log(`  ${seconds(Date.now() - began)} s: ${(shown = step)}`);
    if (training.status === 'failed') throw new Error(training.error ?? 'The training failed');
    if (training.status === 'succeeded') return training;
    await sleep(200);
  }
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

async function peak(pid: number): Promise<number> {
  const kb = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1_024);
}
