import { type CalibrationShift, fitCalibration } from '../calibration.js';
import { drawBag } from '../ebm/bag.js';
import { prepare } from '../ebm/data.js';
import { type BagDeviation, type EbmModel, SPREAD_SCALE } from '../ebm/model.js';
import { type Fitted, type RowsToFit, scoreRows } from './fit-rows.js';
import type { Question } from './question.js';
import { dayNumber, matureAfter } from './snapshots.js';

const DAYS_IN_YEAR = 365.25;

export interface Calibrations {
  /** For the first day on which the newest outcomes are known: for use. */
  readonly today: CalibrationShift;
  /** For the newest day with known outcomes: to be compared on it. */
  readonly newest: CalibrationShift;
}

/**
 * By rows of days whose outcomes are known and do not overlap: each is asked of those bags alone that its account was left out of, so that
 * no account says how well itself was learned. Who is in all bags is not asked.
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

/** Of each of the rows; NaN where none can be told. */
export function outOfBagLogits(question: Question, fitted: Fitted, asked: RowsToFit): Float64Array {
  const { model } = fitted;
  const sums = new Float64Array(asked.rows.length);
  const counts = new Uint8Array(asked.rows.length);
  const inside = accountsInside(question, fitted);
  model.bags.forEach((bag, number) => {
    const places = [...asked.rows.keys()].filter(
      (at) => !inside(number).has(question.table.account[asked.rows[at] as number] as number),
    );
    const rows = Int32Array.from(places, (at) => asked.rows[at] as number);
    const logits = scoreRows(question, ofBag(model, bag), { ...asked, rows });
    places.forEach((at, place) => {
      sums[at] = (sums[at] as number) + (logits[place] as number);
      counts[at] = (counts[at] as number) + 1;
    });
  });
  return sums.map((sum, at) => sum / (counts[at] as number));
}

/** By the number of a bag: the accounts that it has learned from. */
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

/** One of the bags as a model by itself. */
function ofBag(model: EbmModel, bag: BagDeviation): EbmModel {
  const moved = (table: readonly number[], by: readonly number[] = []): number[] =>
    table.map((value, cell) => value + (by[cell] ?? 0) / SPREAD_SCALE);
  return {
    ...model,
    intercept: model.intercept + bag.intercept / SPREAD_SCALE,
    mains: model.mains.map((table, place) => moved(table, bag.mains[place])),
    pairs: model.pairs.map(({ features, table }, place) => ({
      features,
      table: moved(table, bag.pairs[place]),
    })),
    bags: [],
  };
}
