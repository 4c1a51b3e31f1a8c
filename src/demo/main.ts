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
import { describeModel, nextSteps, riskTable } from './report.js';
import { StewardClient } from './steward-client.js';
import { sendHistory } from './send-history.js';

const SEED = 7;
const ACCOUNTS = 300;
const MONTHS = 18;
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
  else say('\nThe service keeps running. Press Ctrl-C to stop it.');
} catch (error) {
  // Requests fail while the service is stopping.
  if (!stopping) {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : 'unknown error'}\n`);
    process.once('exit', () => (process.exitCode = 1));
    process.kill(process.pid, 'SIGTERM');
  }
}

async function show(client: StewardClient): Promise<void> {
  const now = new Date();
  const { currency, keptDays } = settings;
  await sendHistory(client, { seed: SEED, accounts: ACCOUNTS, months: MONTHS, currency, keptDays }, now, say);
  say(`Scoring the last ${SCORED_MONTHS} months`);
  await client.score({ from: monthsBefore(now, SCORED_MONTHS), to: dayOf(now), every: 'month' });
  // The list shows the change over 30 days.
  await client.score({ asOf: addDays(dayOf(now), -30) });
  say('Training the churn model on the history');
  const churn = await client.train('churn');
  await client.score({ asOf: dayOf(now) });
  const accounts = await client.listByExpectedLoss();
  say(`\n${riskTable(accounts)}\n`);
  say(`${describeModel(churn)}\n`);
  say(nextSteps({ url: client.url, key: settings.key, dataDir: settings.dataDir }, accounts[0]));
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
      `${error instanceof Error ? error.message : ''}\nnpm run demo [-- --once]: --once stops after the list`,
    );
  }
}

/** The service's settings, with a database, an address and a key of the demo's own. */
async function demoSettings() {
  const given = (name: string, otherwise: string): string => process.env[name]?.trim() || otherwise;
  const env = {
    ...process.env,
    INTERNAL_DOMAINS: given('INTERNAL_DOMAINS', OWN_DOMAIN),
  };
  let read: Settings;
  try {
    read = loadSettings(env);
  } catch (error) {
    return fail(startFailure(error, null));
  }
  if (read.databaseUrl !== null) say('Ignoring DATABASE_URL: the demo uses its own database');
  const host = given('HOST', '127.0.0.1');
  // Never a service's own folder: it holds real keys and data.
  const dataDir = path.join(read.dataDir, 'demo');
  const port = await freePortFrom(read.port, host);
  if (port !== read.port) say(`Port ${read.port} is taken, using ${port} instead`);
  // The well-known key only works from this machine.
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
      INTERNAL_DOMAINS: env.INTERNAL_DOMAINS,
    },
  };
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
