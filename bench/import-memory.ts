import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { json } from 'node:stream/consumers';
import { startService, type Service } from './service.js';

/** Streams 1,000,000 events as one NDJSON import and measures the memory of the service: `npm run bench:import`. */
const EVENTS = Number(process.argv[2] ?? 1_000_000);
const ACCOUNTS = 500;
/** One line in this many is rejected. */
const BAD_EVERY = 100_000;
const LIMIT_MB = 400;
const SAMPLE_MS = 200;

const DAY_MS = 86_400_000;
const start = Date.now() - 60 * DAY_MS;

function line(i: number): string {
  const event = {
    messageId: `bench-${i}`,
    accountId: `A-${i % ACCOUNTS}`,
    userId: `u-${i % 20_000}`,
    event: `Feature ${i % 40} Used`,
    timestamp: i % BAD_EVERY === BAD_EVERY - 1 ? 'yesterday' : new Date(start + i * 5_000).toISOString(),
    value: i % 7,
    properties: {
      source: 'web',
      plan: 'pro',
      session: `s-${i % 99_991}`,
      path: `/projects/${i % 977}/reports`,
      ms: i % 1_300,
    },
  };
  return `${JSON.stringify(event)}\n`;
}

function* body(): Generator<string> {
  let text = '';
  for (let i = 0; i < EVENTS; i++) {
    text += line(i);
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function* accounts(): Generator<string> {
  for (let i = 0; i < ACCOUNTS; i++) yield `{"id":"A-${i}","name":"Account ${i}"}\n`;
}

interface ImportAnswer {
  received: number;
  created: number;
  rejected: number;
  complete: boolean;
  errors: { line: number; code: string }[];
}

async function send({ url, key }: Service, kind: string, lines: Iterable<string>): Promise<ImportAnswer> {
  const sent = request(`${url}/v1/imports/${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
  });
  const answered = new Promise<ImportAnswer>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      json(response).then((answer) => resolve(answer as ImportAnswer), reject);
    });
  });
  await pipeline(Readable.from(lines), sent);
  return answered;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const service = await startService({ env: { LOG_LEVEL: 'error' } });
let peakMb = 0;
const sampler = setInterval(() => {
  residentMb(service.pid).then(
    (mb) => (peakMb = Math.max(peakMb, mb)),
    () => undefined,
  );
}, SAMPLE_MS);
try {
  await send(service, 'accounts', accounts());
  const idleMb = await residentMb(service.pid);
  const began = performance.now();
  const answer = await send(service, 'events', body());
  const seconds = (performance.now() - began) / 1000;
  const bad = Math.floor(EVENTS / BAD_EVERY);
  const right =
    answer.complete &&
    answer.received === EVENTS &&
    answer.created === EVENTS - bad &&
    answer.rejected === bad &&
    answer.errors.length === bad &&
    answer.errors.every(
      ({ line: number, code }, i) => number === (i + 1) * BAD_EVERY && code === 'malformed',
    );
  console.log(
    `${EVENTS} events in ${seconds.toFixed(1)} s: ${Math.round(EVENTS / seconds)} events/s; ` +
      `RSS ${idleMb.toFixed(0)} MB before, ${peakMb.toFixed(0)} MB peak (limit ${LIMIT_MB})`,
  );
  if (!right)
    console.error('FAILED: wrong counts:', JSON.stringify({ ...answer, errors: answer.errors.slice(0, 20) }));
  if (!right || peakMb >= LIMIT_MB) process.exitCode = 1;
} finally {
  clearInterval(sampler);
  await service.stop();
}
