import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { RawColumn } from './ebm/columns.js';
import { probabilityOf } from './logit.js';
import { designOf, type DesignPlan, planDesign } from './logistic-design.js';
import { fitLogistic, type LogisticData, type LogisticModel, logitsOf } from './logistic.js';
import { auc, brier, logLoss } from './metrics.js';

const DATA = '../shared/data';
const NUMBERS = new Set(['tenure', 'MonthlyCharges', 'TotalCharges']);
const onTelco = existsSync(DATA) ? describe : describe.skip;

interface TelcoFit {
  names: string[];
  mean: Record<string, number>;
  sd: Record<string, number>;
  coef: number[];
  intercept: number;
  train_auc: number;
  train_logloss: number;
  train_brier: number;
  p_first5: number[];
}

/** A blank number is 0: those who joined this month have paid nothing yet. */
function readTelco(): { columns: RawColumn[]; labels: number[] } {
  const file = readFileSync(`${DATA}/telco/Telco-Customer-Churn.csv`, 'utf8');
  const rows = parse<Record<string, string>>(file, { columns: true });
  const traits = Object.keys(rows[0] ?? {}).filter((name) => name !== 'customerID' && name !== 'Churn');
  const columns = traits.map((name): RawColumn => {
    const cells = rows.map((row) => row[name] ?? '');
    return NUMBERS.has(name)
      ? { name, kind: 'numeric', values: cells.map(Number) }
      : { name, kind: 'category', values: cells };
  });
  return { columns, labels: rows.map(({ Churn }) => (Churn === 'Yes' ? 1 : 0)) };
}

onTelco(`${fitLogistic.name} on Telco (skipped where ${DATA} is absent)`, () => {
  let expected: TelcoFit;
  let plan: DesignPlan;
  let data: LogisticData;
  let sut: LogisticModel;

  beforeAll(() => {
    const fixtures = JSON.parse(readFileSync(`${DATA}/fixtures.json`, 'utf8')) as {
      telco_L2_logit_full_fit: TelcoFit;
    };
    expected = fixtures.telco_L2_logit_full_fit;
    const { columns, labels } = readTelco();
    plan = planDesign(columns);
    data = { labels, ...designOf(plan, columns) };
    sut = fitLogistic(data, { weights: 1, intercept: 0 });
  });

  it('matches the coefficients of scikit-learn', () => {
    expect(plan.names.toSorted()).toEqual(expected.names.toSorted());
    expect(sut.intercept).toBeCloseTo(expected.intercept, 9);
    const weightOf = new Map(plan.names.map((name, place) => [name, sut.weights[place]]));
    expected.names.forEach((name, place) =>
      expect(weightOf.get(name)).toBeCloseTo(expected.coef[place] ?? NaN, 9),
    );
  });

  it('standardizes numbers by mean and population SD', () => {
    for (const column of plan.columns) {
      if (column.kind !== 'numeric') continue;
      expect(column.mean).toBeCloseTo(expected.mean[column.name] ?? NaN, 9);
      expect(column.sd).toBeCloseTo(expected.sd[column.name] ?? NaN, 9);
    }
  });

  it('matches its probabilities and metrics', () => {
    const { labels } = data;
    const probabilities = logitsOf(sut, data).map(probabilityOf);
    expected.p_first5.forEach((p, row) => expect(probabilities[row]).toBeCloseTo(p, 9));
    expect(auc(labels, probabilities)).toBeCloseTo(expected.train_auc, 9);
    expect(logLoss(labels, probabilities)).toBeCloseTo(expected.train_logloss, 9);
    expect(brier(labels, probabilities)).toBeCloseTo(expected.train_brier, 9);
  });
});

describe(fitLogistic.name, () => {
  const noPenalty = { weights: 0, intercept: 0 };
  const one = (values: number[]) => ({ design: Float64Array.from(values), features: 1 });

  it('recovers the log odds of a two-by-two table', () => {
    const labels = [1, 1, 1, 0, 1, 0, 0, 0, 0, 0];
    const sut = fitLogistic({ labels, ...one([1, 1, 1, 1, 0, 0, 0, 0, 0, 0]) }, noPenalty);
    expect(sut.intercept).toBeCloseTo(Math.log(1 / 5), 10);
    expect(sut.weights[0]).toBeCloseTo(Math.log(3) - Math.log(1 / 5), 10);
  });

  it('starts from the offset', () => {
    const labels = [1, 0, 0, 0];
    const data = { labels, design: new Float64Array(0), features: 0, offset: [2, 2, 2, 2] };
    const sut = fitLogistic(data, noPenalty);
    expect(sut.intercept).toBeCloseTo(Math.log(1 / 3) - 2, 10);
    expect(logitsOf(sut, data)[0]).toBeCloseTo(Math.log(1 / 3), 10);
  });

  it('has a zero gradient for any data and column scale', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), x: number, y: number, offset: number });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 50 }),
        fc.constantFrom(0.01, 1, 100),
        (rows, scale) => {
          const labels = rows.map(({ label }) => label);
          const design = Float64Array.from(rows.flatMap(({ x, y }) => [x, scale * y]));
          const data = { labels, design, features: 2, offset: rows.map(({ offset }) => offset) };
          const sut = fitLogistic(data, { weights: 0.5, intercept: 0.1 });
          const logits = logitsOf(sut, data);
          const slope = (value: (place: number) => number) =>
            rows.reduce(
              (sum, { label }, at) => sum + (probabilityOf(logits[at] ?? 0) - label) * value(at),
              0,
            );
          expect(slope(() => 1) + 0.1 * sut.intercept).toBeCloseTo(0, 5);
          expect(slope((at) => design[2 * at] ?? 0) + 0.5 * (sut.weights[0] ?? 0)).toBeCloseTo(0, 5);
          expect(slope((at) => design[2 * at + 1] ?? 0) + 0.5 * (sut.weights[1] ?? 0)).toBeCloseTo(0, 5);
        },
      ),
    );
  });

  it.each([
    ['separated labels', [0, 0, 1, 1], [1, 2, 3, 4]],
    ['labels separated but for a tie', [0, 0, 1, 1], [1, 2, 2, 3]],
    ['labels of one kind', [1, 1, 1, 1], [1, 2, 3, 4]],
    ['a constant column', [0, 1, 0, 1], [2, 2, 2, 2]],
  ])('rejects %s without a penalty, but not with one', (_, labels, values) => {
    expect(() => fitLogistic({ labels, ...one(values) }, noPenalty)).toThrow(RangeError);
    expect(fitLogistic({ labels, ...one(values) }, { weights: 1, intercept: 1 }).weights).toHaveLength(1);
  });

  it('rejects a design of another shape', () =>
    expect(() => fitLogistic({ labels: [0, 1], ...one([1]) }, noPenalty)).toThrow('rows × features'));
});

describe(designOf.name, () => {
  const columns: RawColumn[] = [
    { name: 'seats', kind: 'numeric', values: [1, NaN, 3] },
    { name: 'plan', kind: 'category', values: ['pro', 'basic', null] },
    { name: 'same', kind: 'numeric', values: [7, 7, 7] },
  ];
  const plan = planDesign(columns);

  it('has a column per number, per value except the first, and per missing indicator', () => {
    expect(plan.names).toEqual(['seats', 'seats missing', 'plan_pro', 'plan missing', 'same']);
    const { design, features } = designOf(plan, columns);
    expect(features).toBe(5);
    expect([...design]).toEqual([-1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0]);
  });

  it('encodes values not seen in training as the first value', () => {
    const unseen: RawColumn[] = [
      { name: 'seats', kind: 'numeric', values: [2] },
      { name: 'plan', kind: 'category', values: ['gold'] },
      { name: 'same', kind: 'numeric', values: [NaN] },
    ];
    expect([...designOf(plan, unseen).design]).toEqual([0, 0, 0, 0, 0]);
  });

  it('rejects columns that are not those of the plan', () =>
    expect(() => designOf(plan, columns.slice(1))).toThrow("'seats'"));
});
