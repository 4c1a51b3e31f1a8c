import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { client } from './client.mjs';
import { startService } from './local-service.mjs';
import * as mapping from './mapping.mjs';
import { fitScorecard } from './scorecard.mjs';
import { money, scoreAndList } from './scores.mjs';

const FIRST = '2024-01-31';
const AS_OF = '2024-12-31';
/** Figures of the files for that day, with half-open intervals. */
const EXPECTED = { subscriptions: 4514, mrr: 1_015_960_800 };
const DAY_MS = 86_400_000;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data/ravenstack' },
    url: { type: 'string', default: process.env.STEWARD_URL },
    key: { type: 'string', default: process.env.STEWARD_KEY },
    times: { type: 'string' },
  },
});
const failures = [];
try {
  await main();
} catch (error) {
  failures.push(error.message);
}
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function main() {
  const files = await readFiles(options.data);
  const imports = mapped(files);
  const own = options.url === undefined ? await startOwn(imports) : null;
  try {
    const steward = client(own?.url ?? options.url, own?.key ?? options.key);
    const times = Number(options.times ?? (own ? 2 : 1));
    for (let round = 1; round <= times; round++) {
      console.log(round === 1 ? '\nImporting' : '\nImporting the same data again');
      for (const one of imports) await importFile(steward, one, round);
    }
    printNotMapped();
    await checkFigures(steward);
    await fitScorecard(steward);
    failures.push(
      ...(await scoreAndList(steward, { from: FIRST, to: AS_OF, expected: files.accounts.length })),
    );
  } finally {
    await own?.stop();
  }
}

async function readFiles(folder) {
  const read = async (name) => {
    const file = path.join(folder, `ravenstack_${name}.csv`);
    const text = await readFile(file, 'utf8').catch((error) => {
      throw new Error(`cannot read ${file}. Pass the folder of the RavenStack CSV files with --data`, {
        cause: error,
      });
    });
    return parse(text, { columns: true, bom: true });
  };
  return {
    accounts: await read('accounts'),
    subscriptions: await read('subscriptions'),
    support_tickets: await read('support_tickets'),
    feature_usage: await read('feature_usage'),
    churn_events: await read('churn_events'),
  };
}

function mapped(files) {
  const { accounts, subscriptions, support_tickets, feature_usage, churn_events } = files;
  return [
    { file: 'accounts', rows: accounts, kind: 'accounts', records: mapping.accounts(accounts) },
    {
      file: 'subscriptions',
      rows: subscriptions,
      kind: 'subscriptions',
      records: mapping.subscriptions(subscriptions, churn_events),
    },
    {
      file: 'support_tickets',
      rows: support_tickets,
      kind: 'tickets',
      records: mapping.tickets(support_tickets),
    },
    {
      file: 'feature_usage',
      rows: feature_usage,
      kind: 'events',
      records: mapping.events(feature_usage, subscriptions),
    },
    {
      file: 'churn_events',
      rows: churn_events,
      kind: 'accounts',
      records: mapping.churnEvents(churn_events),
    },
  ];
}

async function startOwn(imports) {
  const { records } = imports.find(({ kind }) => kind === 'events');
  const oldest = Math.min(...records.map(({ timestamp }) => Date.parse(timestamp)));
  const days = Math.ceil((Date.now() - oldest) / DAY_MS) + 1;
  console.log(`Starting a service with EVENT_RETENTION_DAYS=${days} to keep events of 2023`);
  return startService({ EVENT_RETENTION_DAYS: String(days) });
}

async function importFile(steward, { file, rows, kind, records }, round) {
  const answer = await steward.importRecords(kind, records);
  const { received, created, updated, unchanged, quarantined, rejected } = answer;
  const sum = created + updated + unchanged + quarantined + rejected;
  console.log(
    `${file.padEnd(16)} ${rows.length} rows → ${kind}: received ${received} = created ${created} + updated ${updated} + ` +
      `unchanged ${unchanged} + quarantined ${quarantined} + rejected ${rejected}`,
  );
  if (records.length < rows.length) {
    console.log(
      `${' '.repeat(17)}(${rows.length - records.length} combined with another row of the same account and day)`,
    );
  }
  if (received !== records.length || sum !== received || !answer.complete)
    failures.push(`${file}: the counts do not add up`);
  if (round > 1 && unchanged !== received)
    failures.push(`${file}: sending the same data again changed something`);
  for (const { line, id, code, detail } of answer.errors.slice(0, 5))
    console.log(`  line ${line} (${id}): ${code}: ${detail}`);
  if (answer.errors.some(({ code }) => code === 'too_old')) {
    const days = Math.ceil((Date.now() - Date.parse('2023-01-01')) / DAY_MS) + 1;
    failures.push(
      `${file}: events are older than the retention. Start the service with EVENT_RETENTION_DAYS=${days} or more`,
    );
  } else if (rejected > 0) failures.push(`${file}: ${rejected} rejected`);
}

function printNotMapped() {
  console.log('\nNot mapped');
  for (const [file, columns] of Object.entries(mapping.NOT_MAPPED)) {
    for (const [column, why] of Object.entries(columns)) console.log(`${file}.${column}: ${why}`);
  }
}

async function checkFigures(steward) {
  const { mrr, subscriptions } = await steward.get(`/v1/portfolio/revenue?asOf=${AS_OF}`);
  const right =
    subscriptions === EXPECTED.subscriptions && mrr.amount === EXPECTED.mrr && mrr.currency === 'USD';
  console.log(
    `\nAt the end of ${AS_OF}: ${number(subscriptions)} running subscriptions, MRR ${money(mrr)}${right ? ', as expected' : ''}`,
  );
  if (!right)
    failures.push(`expected ${number(EXPECTED.subscriptions)} and ${number(EXPECTED.mrr / 100)} USD`);
}

function number(value) {
  return value.toLocaleString('en');
}
