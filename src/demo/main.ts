import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppModule } from '../app.module.js';
import { addDays, dayOf } from '../platform/days.js';
import { run } from '../platform/run.js';
import { loadSettings, type Settings } from '../platform/settings.js';
import { startFailure } from '../platform/start-failure.js';
import { freePortFrom } from './free-port.js';
import { OWN_DOMAIN } from './profile.js';
import { goOn, learned, riskTable } from './report.js';
import { StewardClient } from './steward-client.js';
import { takeIn } from './take-in.js';

const SEED = 7;
const ACCOUNTS = 300;
const MONTHS = 18;
/** The whole of the history, at the end of a month too. */
const KEPT_DAYS = 600;

const SCORED_MONTHS = 12;

const once = isOnce();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const settings = await demoSettings();
let stopping = false;

say(`Starting Steward on ${settings.dataDir}`);
await run(AppModule, { ...process.env, ...settings.env });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopping = true));
try {
  await show(new StewardClient(`http://${settings.address}:${settings.port}`, settings.key));
  if (once) process.kill(process.pid, 'SIGTERM');
  else say('\nThe service goes on running; Ctrl-C stops it.');
} catch (error) {
  // While it stops, what is still asked of it fails.
  if (!stopping) {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
    process.once('exit', () => (process.exitCode = 1));
    process.kill(process.pid, 'SIGTERM');
  }
}

async function show(client: StewardClient): Promise<void> {
  const now = new Date();
  const { currency, keptDays } = settings;
  await takeIn(client, { seed: SEED, accounts: ACCOUNTS, months: MONTHS, currency, keptDays }, now, say);
  say(`Scoring the last ${SCORED_MONTHS} months, and today`);
  await client.score({ from: monthsBefore(now, SCORED_MONTHS), to: dayOf(now), every: 'month' });
  // So that the list shows how each has changed in 30 days.
  await client.score({ asOf: addDays(dayOf(now), -30) });
  say('Learning from its history who leaves');
  const churn = await client.train('churn');
  await client.score({ asOf: dayOf(now) });
  const accounts = await client.mostAtStake();
  say(`\n${riskTable(accounts)}\n`);
  say(`${learned(churn)}\n`);
  say(goOn({ url: client.url, key: settings.key, dataDir: settings.dataDir }, accounts[0]));
}

function monthsBefore(now: Date, months: number): string {
  return dayOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - months, 0)));
}

function isOnce(): boolean {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
    return values.once || process.env.DEMO_EXIT === '1';
  } catch (error) {
    return fail(
      `${error instanceof Error ? error.message : ''}\nnpm run demo [-- --once]: --once stops after the table`,
    );
  }
}

/** The service's own settings, but on a database, an address and with a key that are the demo's. */
async function demoSettings() {
  const given = (name: string, otherwise: string): string => process.env[name]?.trim() || otherwise;
  const env = {
    ...process.env,
    EVENT_RETENTION_DAYS: given('EVENT_RETENTION_DAYS', String(KEPT_DAYS)),
    INTERNAL_DOMAINS: given('INTERNAL_DOMAINS', OWN_DOMAIN),
  };
  let read: Settings;
  try {
    read = loadSettings(env);
  } catch (error) {
    return fail(startFailure(error, null));
  }
  if (read.databaseUrl !== null) say('DATABASE_URL is left alone: the demo brings its own database');
  const host = given('HOST', '127.0.0.1');
  // Never that of a service: its keys and facts are somebody's.
  const dataDir = path.join(read.dataDir, 'demo');
  const port = await freePortFrom(read.port, host);
  if (port !== read.port) say(`Port ${read.port} is taken; the demo takes ${port}`);
  // A key that everybody knows opens nothing to other machines.
  const known = host === '127.0.0.1' || host === 'localhost' ? 'demo-key' : randomBytes(16).toString('hex');
  const key = read.bootstrapApiKey ?? known;
  return {
    key,
    port,
    dataDir,
    address: host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host,
    currency: read.reportingCurrency,
    keptDays: read.eventRetentionDays,
    env: {
      DATABASE_URL: '',
      DATA_DIR: dataDir,
      HOST: host,
      PORT: String(port),
      BOOTSTRAP_API_KEY: key,
      LOG_LEVEL: given('LOG_LEVEL', 'warn'),
      EVENT_RETENTION_DAYS: env.EVENT_RETENTION_DAYS,
      INTERNAL_DOMAINS: env.INTERNAL_DOMAINS,
    },
  };
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
