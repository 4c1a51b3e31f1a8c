import { minorDigits } from '../platform/currencies.js';
import type { ListedAccount, TrainedModel } from './steward-client.js';

const SHOWN = 12;

/** The accounts with the highest expected loss, each with its reasons. */
export function riskTable(accounts: readonly ListedAccount[]): string {
  const rows = accounts
    .slice(0, SHOWN)
    .map((account, i) => [
      String(i + 1),
      account.name ?? account.id,
      account.tier,
      account.status,
      account.health.score === null ? '–' : account.health.score.toFixed(1),
      account.health.band,
      formatChange(account.health.change30d),
      account.churnRisk === null ? '–' : `${(100 * account.churnRisk.probability).toFixed(0)} %`,
      formatMoney(account.mrr),
      formatMoney(account.expectedLoss),
    ]);
  const head = ['', 'Account', 'Tier', 'Status', 'Health', 'Band', '30 days', 'Risk', 'MRR', 'Exp. loss'];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        RIGHT_ALIGNED.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const indent = ' '.repeat((widths[0] ?? 0) + 2);
  const lines = rows.flatMap((row, i) => [
    line(row),
    ...(accounts[i]?.topReasons ?? []).map(({ text }) => `${indent}  - ${text}`),
  ]);
  return [
    `Highest expected loss among ${accounts.length} accounts (${bands(accounts)})`,
    '',
    line(head),
    ...lines,
  ].join('\n');
}

/** Numeric columns. */
const RIGHT_ALIGNED = new Set([0, 4, 6, 7, 8, 9]);

function bands(accounts: readonly ListedAccount[]): string {
  const count = (band: string): number => accounts.filter(({ health }) => health.band === band).length;
  return ['red', 'yellow', 'green', 'unknown'].map((band) => `${count(band)} ${band}`).join(', ');
}

function formatChange(points: number | null): string {
  return points === null ? '–' : `${points > 0 ? '+' : ''}${points.toFixed(1)}`;
}

function formatMoney(mrr: ListedAccount['mrr']): string {
  if (mrr === null) return '–';
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency: mrr.currency,
    maximumFractionDigits: 0,
  }).format(mrr.amount / 10 ** minorDigits(mrr.currency));
}

/** What the training decided, and how well the model predicts months it has not seen. */
export function describeModel({ version, report }: TrainedModel): string {
  const { data, decision, backtest, verdict } = report;
  const lines = [
    `Churn model, version ${version}: ${decision.text}`,
    `  trained on ${data.accounts} accounts at ${data.days} month-ends, ${data.happened} of which churned within 90 days`,
    `  ${verdict.text}`,
  ];
  const tested = backtest?.pooled[decision.basis === 'fitted' ? 'fitted' : 'judgement'];
  if (tested) {
    const { auc, liftAt10, observedToExpected } = tested;
    const figures = { AUC: auc, 'lift at 10 %': liftAt10, 'observed/expected': observedToExpected };
    const shown = Object.entries(figures).map(([name, value]) => `${name} ${value?.toFixed(2) ?? '–'}`);
    lines.push(`  backtest on later months: ${shown.join(', ')}`);
  }
  return lines.join('\n');
}

/** Commands to try next. */
export function nextSteps(
  { url, key, dataDir }: { url: string; key: string; dataDir: string },
  worst: ListedAccount | undefined,
): string {
  const curl = (path: string): string => `  curl -H 'Authorization: Bearer ${key}' '${url}${path}'`;
  return [
    `Service  ${url}`,
    `Docs     ${url}/docs`,
    `API key  ${key}`,
    `Data     ${dataDir}`,
    '',
    curl('/v1/accounts?limit=5'),
    curl('/v1/models?key=churn&limit=1'),
    curl(`/v1/accounts/${worst?.id ?? 'DEMO-002'}/score`),
  ].join('\n');
}
