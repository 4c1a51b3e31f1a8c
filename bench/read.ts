import 'reflect-metadata';
import { Agent, get } from 'node:http';
import { SORTS } from '../src/portfolio/list/accounts-query.dto.js';
import { fill } from './portfolio.js';
import { scoreAll } from './score-all.js';
import { databaseOf, startService } from './service.js';

/**
 * Measures typical reads with 100,000 accounts over 50 connections, compared with a handler of the same service that runs SELECT 1. Fails if
 * the median of a list is above LIST times that, page 1,000 above DEEP times page 1, or the account page above PAGE times that.
 */
const LIST = 4;
const DEEP = 1.5;
const PAGE = 30;
const CONNECTIONS = 50;
const REQUESTS = 2_000;
const FILTERS = [
  'band=red',
  'status=active',
  'tier=smb',
  'stage=adopting',
  'csm=csm-7',
  'band=yellow&csm=csm-7&sort=-mrr',
];
const accounts = Number(process.env.ACCOUNTS ?? 100_000);

const service = await startService({ entry: 'dist/bench/probed-service.js' });
const db = await databaseOf(service);
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const headers = { authorization: `Bearer ${service.key}` };
let failed = false;
try {
  await fill(db, 0, accounts);
  await scoreAll(service);
  const one = async (): Promise<number> => p50(() => '/v1/bench-select-one');
  await one();
  const queries = [...SORTS.map((sort) => `sort=${sort}`), ...FILTERS];
  for (const query of queries) {
    const base = await one();
    const list = await p50(() => `/v1/accounts?limit=25&${query}`);
    report(`list ${query}`, list, base, LIST);
  }
  const cursor = await cursorOfPage(1_000);
  const firstPage = await p50(() => '/v1/accounts?limit=25');
  const deep = await p50(() => `/v1/accounts?limit=25&cursor=${encodeURIComponent(cursor)}`);
  report('page 1,000 against page 1', deep, firstPage, DEEP);
  const base = await one();
  report('account page', await p50((n) => `/v1/accounts/bench-${1 + ((n * 7919) % accounts)}`), base, PAGE);
  if (failed) console.log('FAILED');
  process.exitCode = failed ? 1 : 0;
} finally {
  agent.destroy();
  await db.end();
  await service.stop();
}

function report(what: string, ms: number, baseline: number, limit: number): void {
  const ratio = ms / baseline;
  if (!(ratio <= limit)) failed = true;
  console.log(
    `${what.padEnd(36)} p50 ${ms.toFixed(2)} ms = ${ratio.toFixed(2)} × ${baseline.toFixed(2)} ms (at most ${limit})`,
  );
}

/** Median latency in milliseconds. */
async function p50(pathOf: (n: number) => string): Promise<number> {
  const times: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let n = next++; n < REQUESTS; n = next++) {
      const start = process.hrtime.bigint();
      await read(pathOf(n));
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;
}

async function cursorOfPage(page: number): Promise<string> {
  let cursor = '';
  // The sort order is the same for any page size, so large pages get there with fewer requests.
  for (let seen = 0; seen < page * 25; seen += 250) {
    const text = await read(`/v1/accounts?limit=250${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    const { nextCursor } = JSON.parse(text) as { nextCursor: string | null };
    if (nextCursor === null) throw new Error('The list has too few pages');
    cursor = nextCursor;
  }
  return cursor;
}

function read(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(service.url + path, { agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 300)}`));
      });
    }).on('error', reject);
  });
}
