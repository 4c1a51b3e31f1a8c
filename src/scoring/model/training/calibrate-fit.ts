import { type CalibrationShift, fitCalibration } from '../calibration.js';
import { drawBag } from '../ebm/bag.js';
import { prepare } from '../ebm/data.js';
import { type BagDeviation, type EbmModel, SPREAD_SCALE } from '../ebm/model.js';
import { type Fitted, type RowsToFit, scoreRows } from './fit-rows.js';
import type { Question } from './question.js';
import { dayNumber, matureAfter } from './snapshots.js';

const DAYS_IN_YEAR = 365.25;

export interface Calibrations {
  /** Calibration on the first day the newest outcomes are known, for use. */
  readonly today: CalibrationShift;
  /** Calibration on the newest day with known outcomes, for comparisons on that day. */
  readonly newest: CalibrationShift;
}

/**
 * Calibrates on rows of days with known, non-overlapping outcomes. Each row is predicted only by bags that its account was left out of, so no
 * account judges a model that learned from it. Accounts in all bags are skipped.
 */
export function calibrateFit(question: Question, fitted: Fitted, asked: RowsToFit): Calibrations {
  const logits = outOfBagLogits(question, fitted, asked);
  const told = [...logits.keys()].filter((at) => !Number.isNaN(logits[at]));
  const { table, labels } = question;
  const days = told.map((at) =>
    dayNumber(table.days[table.day[asked.rows[at] as number] as number] as string),
  );
  const newest = days.reduce((latest, day) => Math.max(latest, day), 0);
  const on = (today: number): CalibrationShift =>
    fitCalibration(
      told.map((at) => labels[asked.rows[at] as number] as number),
      told.map((at) => logits[at] as number),
      days.map((day) => (day - today) / DAYS_IN_YEAR),
    );
  return { today: on(newest + matureAfter(table)), newest: on(newest) };
}

/** The out-of-bag logit of each row; NaN if its account is in all bags. */
export function outOfBagLogits(question: Question, fitted: Fitted, asked: RowsToFit): Float64Array {
  const { model } = fitted;
  const sums = new Float64Array(asked.rows.length);
  const counts = new Uint8Array(asked.rows.length);
  const inside = accountsInside(question, fitted);
  model.bags.forEach((bag, number) => {
    const indexes = [...asked.rows.keys()].filter(
      (at) => !inside(number).has(question.table.account[asked.rows[at] as number] as number),
    );
    const rows = Int32Array.from(indexes, (at) => asked.rows[at] as number);
    const logits = scoreRows(question, ofBag(model, bag), { ...asked, rows });
    indexes.forEach((at, index) => {
      sums[at] = (sums[at] as number) + (logits[index] as number);
      counts[at] = (counts[at] as number) + 1;
    });
  });
  return sums.map((sum, at) => sum / (counts[at] as number));
}

/** The accounts that a bag learned from, by its number. */
function accountsInside({ seed }: Question, { table }: Fitted): (bag: number) => ReadonlySet<number> {
  const { data } = prepare({ ...table, columns: [] }, [], seed);
  const { learnFrom, groups } = table;
  let known: { bag: number; accounts: Set<number> } | undefined;
  return (bag) => {
    if (known?.bag === bag) return known.accounts;
    const { rows, inside } = drawBag(data, seed, bag);
    const accounts = new Set<number>();
    for (const row of rows.subarray(0, inside)) accounts.add(groups?.[learnFrom?.[row] as number] as number);
    known = { bag, accounts };
    return accounts;
  };
}

/** One bag as a model of its own. */
function ofBag(model: EbmModel, bag: BagDeviation): EbmModel {
  const moved = (table: readonly number[], by: readonly number[] = []): number[] =>
    table.map((value, cell) => value + (by[cell] ?? 0) / SPREAD_SCALE);
  return {
    ...model,
    intercept: model.intercept + bag.intercept / SPREAD_SCALE,
    mains: model.mains.map((table, index) => moved(table, bag.mains[index])),
    pairs: model.pairs.map(({ features, table }, index) => ({
      features,
      table: moved(table, bag.pairs[index]),
    })),
    bags: [],
  };
}
