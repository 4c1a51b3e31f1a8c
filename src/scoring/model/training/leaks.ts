import { binColumn, fitBins } from '../ebm/binning.js';
import { binCount, type RawColumn } from '../ebm/columns.js';
import type { RunTasks } from '../ebm/fit.js';
import { thin } from '../ebm/thin.js';
import { auc } from '../metrics.js';
import { type Origin, scaleAt, startOf } from './backtest.js';
import type { Effort } from './effort.js';
import { fitRows, type RowsToFit, scoreRows } from './fit-rows.js';
import type { Question } from './question.js';
import { strongestOf } from './strongest.js';
import { takeRows } from './take-rows.js';

/** Out-of-time AUC that an honest feature hardly reaches alone; a judgment call. */
const MAX_ALONE = 0.9;
/** Drop of the AUC without the feature that an honest one hardly causes; a judgment call. */
const MAX_LOST = 0.1;
/** Standard errors allowed for chance. */
const MARGIN = 2;
/** Minimum accounts with the outcome in the windows. */
const MIN_TESTED = 10;
/** The drop is measured only for this many of the strongest features, … */
const DROPPED = 3;
/** … and only from this AUC of their own, since a leak has it and each drop takes a fit. A judgment call. */
const MIN_ALONE = 0.75;
const QUICK: Effort = { bags: 2, pairs: 0, maxRows: 30_000 };
const ALONE_ROWS = 50_000;
/** Pseudo-rows with the mean rate added to each bin, because small bins are noisy. */
const SMOOTHING = 20;
const END_OF_TERM: ReadonlySet<string> = new Set(['daysToRenewal', 'daysToNotice']);
/**
 * The same for the end of the term. Renewals keep it lower even with terms of three years; a higher AUC means that nobody ever renewed, as
 * when contracts were imported in today's state. A judgment call.
 */
const MAX_ALONE_OF_TERM = 0.98;
/** Accounts rarely churn before the end of a term, so these are expected to be strong. */
const TERMS_OF_CONTRACT: ReadonlySet<string> = new Set([...END_OF_TERM, 'autoRenew30']);

export interface Leak {
  readonly feature: string;
  /** Out-of-time AUC of the feature alone; null if there were too few outcomes. */
  readonly auc: number | null;
  /** For people. */
  readonly text: string;
}

/** Features that are probably recorded after the outcome, such as one that is filled in once an account has churned. */
export async function findLeaks(
  question: Question,
  origins: readonly Origin[],
  columns: readonly RawColumn[],
  run: RunTasks,
): Promise<Leak[]> {
  const windows = origins.map((origin) => windowOf(question, origin));
  const alone = new Map(columns.map((column) => [column.name, aloneOf(windows, column)]));
  const leaks = columns.flatMap(({ name }): Leak[] => {
    const found = alone.get(name);
    const most = END_OF_TERM.has(name) ? MAX_ALONE_OF_TERM : MAX_ALONE;
    if (!found || found.auc - MARGIN * found.standardError <= most) return [];
    const text = `${name} alone reaches an out-of-time AUC of ${found.auc.toFixed(3)}: it is probably recorded after the outcome`;
    return [{ feature: name, auc: found.auc, text }];
  });
  const left = columns.filter(({ name }) => !leaks.some(({ feature }) => feature === name));
  const telling = left
    .map(({ name }) => name)
    .filter((name) => !TERMS_OF_CONTRACT.has(name) && (alone.get(name)?.auc ?? 0) >= MIN_ALONE);
  const costly = await costliest(question, origins[0], { columns: left, telling }, run);
  return [
    ...leaks,
    ...costly.map(({ feature, lost }): Leak => ({
      feature,
      auc: alone.get(feature)?.auc ?? null,
      text: `without ${feature} the AUC drops by ${lost.toFixed(3)}: it is probably recorded after the outcome`,
    })),
  ];
}

interface Alone {
  readonly auc: number;
  readonly standardError: number;
}

/** How a feature is tested at an origin. */
interface Window {
  readonly past: Int32Array;
  readonly pastLabels: Uint8Array;
  readonly test: Int32Array;
  readonly outcomes: Uint8Array;
  readonly positives: number;
}

function windowOf({ labels, seed }: Question, { train, test }: Origin): Window {
  const labelsOf = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => labels[row] as number);
  const { rows } = thin(labelsOf(train), seed, ALONE_ROWS);
  const past = rows.map((index) => train[index] as number);
  const outcomes = labelsOf(test);
  return { past, pastLabels: labelsOf(past), test, outcomes, positives: positivesOf(outcomes) };
}

/** Over all windows, weighted by the number of outcomes in each. Null: too few outcomes. */
function aloneOf(windows: readonly Window[], column: RawColumn): Alone | null {
  const told = windows.filter(({ positives, test }) => positives > 0 && positives < test.length);
  const total = told.reduce((sum, { positives }) => sum + positives, 0);
  if (total < MIN_TESTED) return null;
  let [area, variance] = [0, 0];
  for (const window of told) {
    const { positives, test } = window;
    const own = aucAlone(window, column);
    area += (positives / total) * own;
    variance += ((positives / total) * aucError(own, positives, test.length - positives)) ** 2;
  }
  return { auc: area, standardError: Math.sqrt(variance) };
}

/** Predicts the past rate of each bin, so a missing value can be as informative as a number. */
function aucAlone({ past, pastLabels, test, outcomes }: Window, column: RawColumn): number {
  const [before] = takeRows([column], past) as [RawColumn];
  const [now] = takeRows([column], test) as [RawColumn];
  const feature = fitBins(before);
  const counts = new Float64Array(binCount(feature));
  const happened = new Float64Array(counts.length);
  binColumn(feature, before).forEach((bin, at) => {
    counts[bin] = (counts[bin] as number) + 1;
    happened[bin] = (happened[bin] as number) + (pastLabels[at] as number);
  });
  const mean = positivesOf(pastLabels) / past.length;
  const rates = happened.map((one, bin) => (one + SMOOTHING * mean) / ((counts[bin] as number) + SMOOTHING));
  return auc(
    outcomes,
    Float64Array.from(binColumn(feature, now), (bin) => rates[bin] as number),
  );
}

/** Of the strongest `telling` features, those without which a quick model of the newest window loses too much. */
async function costliest(
  question: Question,
  origin: Origin | undefined,
  { columns, telling }: { columns: readonly RawColumn[]; telling: readonly string[] },
  run: RunTasks,
): Promise<{ feature: string; lost: number }[]> {
  if (!origin || columns.length < 2 || telling.length === 0) return [];
  const { train, test } = origin;
  const scale = startOf(question, scaleAt(question, train));
  const outcomes = Uint8Array.from(test, (row) => question.labels[row] as number);
  const positives = positivesOf(outcomes);
  if (positives < MIN_TESTED || positives === outcomes.length) return [];
  const fit = async (of: readonly RawColumn[]) => {
    const asked: RowsToFit = { columns: of, rows: train, scale };
    const { model } = await fitRows(question, asked, QUICK, run);
    return { model, auc: auc(outcomes, scoreRows(question, model, { ...asked, rows: test })) };
  };
  const whole = await fit(columns);
  const margin = MARGIN * aucError(whole.auc, positives, outcomes.length - positives);
  // A random ranking has an AUC of one half, so no more than the excess over it can be lost.
  if (whole.auc - margin - MAX_LOST <= 0.5) return [];
  const strongest = strongestOf(whole.model, takeRows(columns, test))
    .map(({ features: [feature] }) => feature as string)
    .filter((feature) => telling.includes(feature))
    .slice(0, DROPPED);
  const found: { feature: string; lost: number }[] = [];
  for (const feature of strongest) {
    const without = await fit(columns.filter(({ name }) => name !== feature));
    const lost = whole.auc - without.auc;
    if (lost - margin > MAX_LOST) found.push({ feature, lost });
  }
  return found;
}

function positivesOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0);
}

/** Hanley & McNeil 1982. */
function aucError(area: number, positives: number, negatives: number): number {
  const q1 = area / (2 - area) - area ** 2;
  const q2 = (2 * area ** 2) / (1 + area) - area ** 2;
  const variance =
    (area * (1 - area) + (positives - 1) * q1 + (negatives - 1) * q2) / (positives * negatives);
  return Math.sqrt(Math.max(0, variance));
}
