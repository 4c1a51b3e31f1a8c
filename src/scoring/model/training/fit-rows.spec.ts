import { questionOf } from '../../../../test/support/question.js';
import { drawBag } from '../ebm/bag.js';
import { fitBins } from '../ebm/binning.js';
import type { RawColumn } from '../ebm/columns.js';
import { prepare } from '../ebm/data.js';
import { runHere } from '../ebm/fit.js';
import { SPREAD_SCALE } from '../ebm/model.js';
import { EbmScorer } from '../ebm/scorer.js';
import { probabilityOf } from '../logit.js';
import { calibrateFit, outOfBagLogits } from './calibrate-fit.js';
import { fitRows, scoreRows } from './fit-rows.js';
import { rowsOf } from './snapshots.js';
import { takeRows } from './take-rows.js';

const EFFORT = { bags: 4, pairs: 0, maxRows: 190_000 };
const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const question = questionOf({ accounts: 300, months: 20, law: ({ x: [a = 0, b = 0] }) => -3.4 + a + b });
const { table, labels } = question;
const rows = rowsOf(table, labels, () => true);

describe(fitRows.name, () => {
  const asked = { columns: table.columns, rows, scale: 0.4 };

  it('predicts the rate of all rows when fitted on a sample', async () => {
    const { model, table: learned } = await fitRows(question, asked, { ...EFFORT, maxRows: 1_500 }, runHere);
    expect(learned.labels.length).toBeLessThan(1_600);
    const p = scoreRows(question, model, asked).map(probabilityOf);
    const rate = meanOf(rows.map((row) => labels[row] as number));
    expect(meanOf(p) / rate).toBeGreaterThan(0.9);
    expect(meanOf(p) / rate).toBeLessThan(1.1);
  });

  it('centers on the reference rows, whose outcome need not be known', async () => {
    const reference = Int32Array.from(table.day.keys()).filter((row) => table.day[row] === 19);
    expect(Array.from(reference, (row) => labels[row])).toContain(-1);
    const { model } = await fitRows(question, { ...asked, reference }, EFFORT, runHere);
    const { contributions } = new EbmScorer(model).score(takeRows(table.columns, reference));
    const width = model.features.length;
    for (let index = 0; index < width; index++)
      expect(meanOf(contributions.filter((_, at) => at % width === index))).toBeCloseTo(0, 6);
  });
});

describe(calibrateFit.name, () => {
  it('predicts each account only with bags that have not seen it', async () => {
    const asked = { columns: table.columns.slice(0, 1), rows, scale: 0 };
    const fitted = await fitRows(question, asked, EFFORT, runHere);
    // Bags that say nothing but their number.
    const bags = fitted.model.bags.map((_, bag) => ({ intercept: bag * SPREAD_SCALE, mains: [], pairs: [] }));
    const features = { features: [], coarse: [], mains: [], pairs: [] };
    const model = { ...features, intercept: 0, bags };
    const logits = outOfBagLogits(question, { ...fitted, model }, { ...asked, columns: [] });
    const { data } = prepare(fitted.table, [fitBins(asked.columns[0] as RawColumn)], question.seed);
    const inside = bags.map((_, bag) => {
      const drawn = drawBag(data, question.seed, bag);
      return new Set(drawn.rows.slice(0, drawn.inside).map((index) => table.account[rows[index] ?? 0] ?? -1));
    });
    expect(logits.filter(Number.isNaN).length).toBeLessThan(0.3 * rows.length);
    const expected = Array.from(rows, (row) => {
      const outside = [...bags.keys()].filter((bag) => !inside[bag]?.has(table.account[row] ?? -1));
      return outside.length > 0 ? meanOf(outside) : NaN;
    });
    expect(Array.from(logits)).toEqual(expected);
  });

  it('finds the shift of the newest window', async () => {
    const question = questionOf({
      accounts: 500,
      months: 16,
      law: ({ x: [a = 0], day }) => -3.6 + a + (day > Date.parse('2022-11-30') / 86_400_000 ? 1.2 : 0),
    });
    const { table, labels } = question;
    const asked = { columns: table.columns, rows: rowsOf(table, labels, () => true), scale: 0 };
    const fitted = await fitRows(question, asked, EFFORT, runHere);
    const newest = Math.max(...asked.rows.map((row) => table.day[row] as number));
    const window = rowsOf(table, labels, (index) => index === newest);
    const { newest: alone } = calibrateFit(question, fitted, { ...asked, rows: window });
    expect(alone.slope).toBe(1);
    expect(alone.shift).toBeGreaterThan(0.2);
    // With a window before it, it is seen to have risen, and goes on: the outcomes of the newest are known 120 days later.
    const windows = rowsOf(table, labels, (index) => index === newest || index === newest - 6);
    const { newest: then, today } = calibrateFit(question, fitted, { ...asked, rows: windows });
    expect(today.shift).toBeGreaterThan(then.shift + 0.02);
    expect(today.shift).toBeLessThan(then.shift + 0.2);
  });
});
