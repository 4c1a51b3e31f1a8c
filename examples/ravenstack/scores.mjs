const BANDS = ['green', 'yellow', 'red', 'unknown'];

/** Scores every month-end from `from` to `to`, prints the bands at each and lists the accounts at the last. */
export async function scoreAndList(steward, { from, to, expected }) {
  const failures = [];
  console.log(`\nScoring each month-end from ${from} to ${to}`);
  await steward.score({ from, to, every: 'month' }, ({ asOf, done, total }) =>
    console.log(`  at ${asOf}: ${done} of ${total ?? '?'} accounts scored`),
  );

  console.log('\nMonth-end     green  yellow     red unknown             MRR');
  let last = [];
  for (const day of monthEnds(from, to)) {
    last = await listOf(steward, day);
    console.log(monthLine(day, last));
  }

  console.log(`\nAccounts as of ${to}, highest expected loss first`);
  last.forEach((account, index) => console.log(accountLine(index + 1, account)));
  const withReasons = last.filter(({ topReasons }) => topReasons.length > 0).length;
  const known = last.filter(({ health }) => health.band !== 'unknown').length;
  console.log(`\n${last.length} accounts, ${withReasons} with reasons, ${known} with a band`);
  if (last.length > expected) failures.push(`more accounts than the ${expected} sent`);
  if (withReasons < last.length) failures.push('some accounts have no reasons');
  if (known < 0.9 * last.length) failures.push('more than 10 % of the accounts have no band');
  return failures;
}

async function listOf(steward, day) {
  const accounts = [];
  for await (const account of steward.list(`/v1/accounts?sort=-expectedLoss&asOf=${day}&limit=200`))
    accounts.push(account);
  return accounts;
}

function monthEnds(from, to) {
  const days = [];
  for (let day = from; day <= to;) {
    days.push(day);
    const [year, month] = day.split('-').map(Number);
    day = new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10);
  }
  return days;
}

function monthLine(day, accounts) {
  const counts = BANDS.map((band) => accounts.filter(({ health }) => health.band === band).length);
  const amount = accounts.reduce((sum, { mrr }) => sum + (mrr?.amount ?? 0), 0);
  const mrr = money({ amount, currency: accounts[0]?.mrr?.currency ?? '' });
  return `${day} ${counts.map((count) => String(count).padStart(8)).join('')} ${mrr.padStart(20)}`;
}

function accountLine(rank, { id, name, status, mrr, health, churnRisk, expectedLoss, topReasons }) {
  const score = health.score === null ? '–' : health.score.toFixed(1);
  return [
    String(rank).padStart(4),
    id.padEnd(9),
    (name ?? '').padEnd(12),
    status.padEnd(8),
    health.band.padEnd(7),
    score.padStart(5),
    `${money(mrr)} a month`.padStart(22),
    (churnRisk === null ? '' : `risk ${(100 * churnRisk.probability).toFixed(1)} %`).padStart(11),
    (expectedLoss === null ? '' : `at stake ${money(expectedLoss)}`).padStart(27),
    ` ${topReasons.map(({ text }) => text).join(' · ')}`,
  ].join(' ');
}

export function money({ amount, currency }) {
  return `${(amount / 100).toLocaleString('en', { minimumFractionDigits: 2 })} ${currency}`;
}
