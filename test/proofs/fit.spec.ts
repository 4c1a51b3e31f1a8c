import { auc, logLoss } from '../../src/scoring/model/metrics.js';
import { probabilityOf } from '../../src/scoring/model/logit.js';
import type { RawColumn } from '../../src/scoring/model/ebm/columns.js';
import type { EbmTable } from '../../src/scoring/model/ebm/data.js';
import { type EbmSettings, fitEbm } from '../../src/scoring/model/ebm/fit.js';
import { randomFrom } from '../../src/scoring/model/ebm/random.js';
import { EbmScorer, halfWidth } from '../../src/scoring/model/ebm/scorer.js';

/** Every pair of the features says a little by its sign; none of the features says anything by itself. */
const manyPairs = (x: number[]): number => {
  let logit = -0.5;
  x.forEach((a, i) =>
    x.forEach((b, j) => {
      if (i < j) logit += ((i + 2 * j) % 3 === 0 ? -0.45 : 0.45) * Math.sign(a * b);
    }),
  );
  return logit;
};

/** A table of standard normal numbers x0, x1, … whose labels follow a law. */
function simulate(rows: number, features: number, law: (x: number[]) => number, seed = 1) {
  const random = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const x = Array.from({ length: rows }, () => Array.from({ length: features }, normal));
  const logits = x.map(law);
  return {
    columns: Array.from({ length: features }, (_, index) => ({
      name: `x${index}`,
      kind: 'numeric' as const,
      values: x.map((row) => row[index] ?? NaN),
    })),
    logits,
    labels: logits.map((logit) => (random() < probabilityOf(logit) ? 1 : 0)),
  };
}

async function fitted(table: EbmTable, settings: Partial<EbmSettings> = {}) {
  const model = await fitEbm(table, { seed: 1, bags: 5, ...settings });
  return { model, scorer: new EbmScorer(model) };
}

const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe(fitEbm.name, () => {
  it('finds a pair whose features have no effect alone', async () => {
    const law = ([a = 0, b = 0]: number[]) => -1 + 1.5 * Math.sign(a * b);
    const { model, scorer } = await fitted(simulate(1_500, 6, law));
    expect(model.pairs.map(({ features }) => features)).toEqual([[0, 1]]);
    const test = simulate(4_000, 6, law, 2);
    const { logits } = scorer.score(test.columns);
    expect(auc(test.labels, logits)).toBeGreaterThan(auc(test.labels, test.logits) - 0.02);
  });

  it('finds pairs with categories', async () => {
    const { columns, labels } = simulate(2_000, 3, ([a = 0, b = 0]) => -0.5 + 1.2 * (b > 0.4 ? a : -a));
    const plan: RawColumn = {
      name: 'plan',
      kind: 'category',
      values: Array.from(columns[1]?.values ?? [], (value) =>
        value > 0.4 ? 'pro' : value > -0.5 ? 'team' : 'free',
      ),
    };
    const { model } = await fitted({
      columns: [columns[0] as RawColumn, plan, columns[2] as RawColumn],
      labels,
    });
    expect(model.pairs[0]?.features).toEqual([0, 1]);
  });

  it('learns a signal spread over many pairs', async () => {
    const table = simulate(2_500, 10, manyPairs);
    const test = simulate(4_000, 10, manyPairs, 2);
    const lossOf = async (settings: Partial<EbmSettings>) => {
      const { model, scorer } = await fitted(table, settings);
      const logits = scorer.scoreLogits(test.columns);
      return { pairs: model.pairs.length, loss: logLoss(test.labels, logits.map(probabilityOf)) };
    };
    const few = await lossOf({ pairs: 10 });
    const many = await lossOf({});
    expect(many.pairs).toBeGreaterThanOrEqual(30);
    expect(many.loss).toBeLessThan(few.loss - 0.02);
  });

  it.each([1, 2, 3])('takes hardly any noise pairs, however many there are (seed %i)', async (seed) => {
    const { columns, labels } = simulate(1_000, 24, () => -1, seed);
    const { model } = await fitted({ columns, labels }, { bags: 4 });
    // Chance makes one stand out now and then.
    expect(model.pairs.length).toBeLessThanOrEqual(1);
  });

  it('fits non-monotonic effects', async () => {
    const law = ([a = 0, b = 0]: number[]) => -1.5 + a * a + Math.sin(3 * b);
    const { scorer } = await fitted(simulate(3_000, 4, law));
    const test = simulate(4_000, 4, law, 2);
    expect(auc(test.labels, scorer.score(test.columns).logits)).toBeGreaterThan(
      auc(test.labels, test.logits) - 0.02,
    );
  });

  it('learns weak effects completely, also in a long table', async () => {
    const law = (x: number[]) => -3 + 0.15 * meanOf(x.slice(0, 4)) * 4;
    const { scorer } = await fitted(simulate(60_000, 6, law), { bags: 2, pairs: 0 });
    const { columns, logits: truth } = simulate(10_000, 6, law, 2);
    const { logits } = scorer.score(columns);
    const [middle, level] = [meanOf(truth), meanOf(logits)];
    const together = meanOf(logits.map((logit, row) => (logit - level) * ((truth[row] ?? 0) - middle)));
    const slope = together / meanOf(logits.map((logit) => (logit - level) ** 2));
    expect(slope).toBeGreaterThan(0.85);
    expect(slope).toBeLessThan(1.2);
  });

  it('predicts about the base rate and takes no pair without signal', async () => {
    const { columns, labels } = simulate(2_000, 8, () => -1.5);
    const { model, scorer } = await fitted({ columns, labels });
    expect(model.pairs).toEqual([]);
    const test = simulate(4_000, 8, () => -1.5, 2);
    const p = scorer.score(test.columns).logits.map(probabilityOf);
    const constant = test.labels.map(() => probabilityOf(-1.5));
    expect(logLoss(test.labels, p)).toBeLessThan(logLoss(test.labels, constant) + 0.002);
  });

  it('starts from the offset and stays there when it explains everything', async () => {
    const law = ([a = 0]: number[]) => -1 + 2 * a;
    const { columns, labels, logits } = simulate(1_500, 4, law);
    const { scorer } = await fitted({ columns: columns.slice(1), labels, offsets: logits });
    const test = simulate(4_000, 4, law, 2);
    const { logits: scored } = scorer.score(test.columns.slice(1), test.logits);
    const truth = logLoss(test.labels, test.logits.map(probabilityOf));
    expect(logLoss(test.labels, scored.map(probabilityOf))).toBeLessThan(truth + 0.005);
  });

  it('has contributions that add up to the logit exactly, with mean 0 over the training rows', async () => {
    const { columns, labels } = simulate(1_200, 4, ([a = 0, b = 0]) => a * b - 0.5);
    const holed = columns.map((column) => ({
      ...column,
      values: column.values.map((value, row) => (row % 7 === 0 ? NaN : value)),
    }));
    const offsets = labels.map((_, row) => Math.sin(row));
    const { model, scorer } = await fitted({ columns: holed, labels, offsets });
    const scores = scorer.score(holed, offsets);
    expect(model.pairs.length).toBeGreaterThan(0);
    const [d, e] = [model.features.length, model.pairs.length];
    expect(scorer.scoreLogits(holed, offsets)).toEqual(scores.logits);
    const own = (all: Float64Array, width: number, row: number) =>
      all.subarray(row * width, (row + 1) * width);
    labels.forEach((_, row) => {
      const parts = [...own(scores.contributions, d, row), ...own(scores.pairContributions, e, row)];
      const sum = parts.reduce((total, part) => total + part, model.intercept + (offsets[row] ?? 0));
      expect(Math.abs(sum - (scores.logits[row] ?? 0))).toBeLessThan(1e-9);
    });
    for (let term = 0; term < d; term++)
      expect(meanOf(scores.contributions.filter((_, at) => at % d === term))).toBeCloseTo(0, 6);
    for (let term = 0; term < e; term++)
      expect(meanOf(scores.pairContributions.filter((_, at) => at % e === term))).toBeCloseTo(0, 6);
  });

  it('keeps what it learned about numbers absent from the reference rows', async () => {
    const { columns, labels } = simulate(2_000, 2, ([a = 0]) => -1 + 1.5 * a);
    const [first] = columns;
    const reference = Uint8Array.from(first?.values ?? [], (value) => (Math.abs(value) < 0.5 ? 1 : 0));
    const { scorer } = await fitted({ columns, labels, reference });
    const { contributions } = scorer.score([
      { name: 'x0', kind: 'numeric', values: [-2, 0, 2] },
      { name: 'x1', kind: 'numeric', values: [0, 0, 0] },
    ]);
    const [low = NaN, , middle = NaN, , high = NaN] = contributions;
    expect(low).toBeLessThan(-1);
    expect(Math.abs(middle)).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(1);
  });

  it('leaves no single-feature effect in a pair', async () => {
    const { columns, labels } = simulate(1_200, 3, ([a = 0, b = 0]) => a * b + a - 0.5);
    const { model, scorer } = await fitted({ columns, labels });
    const coarse = model.coarse[0] ?? [];
    const bins = Array.from(columns[0]?.values ?? [], (value) => {
      const cuts = model.features[0]?.kind === 'numeric' ? model.features[0].cuts : [];
      return coarse[1 + cuts.filter((cut) => cut <= value).length] ?? 0;
    });
    const parts = scorer.score(columns).pairContributions.filter((_, at) => at % model.pairs.length === 0);
    for (const bin of new Set(bins))
      expect(meanOf(parts.filter((_, row) => bins[row] === bin))).toBeCloseTo(0, 5);
  });

  it('respects given directions, also in pairs', async () => {
    const law = ([a = 0, b = 0]: number[]) => Math.sin(2 * a) + a * b - 0.5;
    const { columns, labels } = simulate(1_500, 3, law);
    const { scorer } = await fitted({ columns, labels }, { monotone: { x0: 1 } });
    for (const other of [-1.5, 0, 1.5]) {
      const path = Array.from({ length: 80 }, (_, step) => -3 + (6 * step) / 79);
      const rows = columns.map(({ name }, index) => ({
        name,
        kind: 'numeric' as const,
        values: path.map((value) => (index === 0 ? value : other)),
      }));
      const { logits } = scorer.score(rows);
      logits.forEach((logit, step) => expect(logit).toBeGreaterThanOrEqual((logits[step - 1] ?? -99) - 1e-6));
    }
  });

  it('adds nothing for an unseen category', async () => {
    const { columns, labels } = simulate(800, 1, ([a = 0]) => 2 * a);
    const values = Array.from(columns[0]?.values ?? [], (value) => (value > 0 ? 'up' : 'down'));
    const { scorer } = await fitted({ columns: [{ name: 'c', kind: 'category', values }], labels });
    const { contributions } = scorer.score([
      { name: 'c', kind: 'category', values: ['up', 'down', 'new', null] },
    ]);
    expect(contributions[0]).toBeGreaterThan(0.5);
    expect(contributions[1]).toBeLessThan(-0.5);
    expect(Array.from(contributions.subarray(2))).toEqual([0, 0]);
  });

  it('covers the truth about as often as its interval claims', async () => {
    const law = ([a = 0, b = 0]: number[]) => -1 + a + 0.5 * b;
    const { scorer } = await fitted(simulate(1_500, 6, law), { bags: 14 });
    const test = simulate(3_000, 6, law, 2);
    const { logits, spreads } = scorer.score(test.columns);
    const covered = logits.map((logit, row) =>
      Math.abs(logit - (test.logits[row] ?? 0)) <= halfWidth(spreads[row] ?? 0) ? 1 : 0,
    );
    expect(meanOf(covered)).toBeGreaterThan(0.85);
    // An interval that always covers says nothing.
    expect(meanOf(covered)).toBeLessThan(0.985);
    expect(meanOf(spreads.map(halfWidth))).toBeLessThan(0.7);
  });

  it('is deterministic for a seed, differs for another, and survives JSON', async () => {
    const table = simulate(400, 3, ([a = 0]) => a);
    const { model } = await fitted(table);
    expect(await fitEbm(table, { seed: 1, bags: 5 })).toEqual(model);
    expect(await fitEbm(table, { seed: 2, bags: 5 })).not.toEqual(model);
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  it('keeps the rows of a group together', async () => {
    // Each account twelve times with its own number: were rows drawn, those left out would be known by their twins.
    const accounts = simulate(150, 1, () => -1);
    const of = (row: number) => Math.floor(row / 12);
    const values = Array.from({ length: 1_800 }, (_, row) => accounts.columns[0]?.values[of(row)] ?? 0);
    const labels = values.map((_, row) => accounts.labels[of(row)] ?? 0);
    const table = { columns: [{ name: 'x', kind: 'numeric' as const, values }], labels };
    const range = async (groups?: number[]) => {
      const { model } = await fitted({ ...table, groups });
      return Math.max(...(model.mains[0] ?? [])) - Math.min(...(model.mains[0] ?? []));
    };
    expect(await range(values.map((_, row) => of(row)))).toBeLessThan(0.75 * (await range()));
  });

  it.each([
    ['one label', [0, 0, 0, 0]],
    ['a single positive', [0, 1, 0, 0]],
  ])('fits %s without an error', async (_, labels) => {
    const columns: RawColumn[] = [{ name: 'x', kind: 'numeric', values: [1, 2, 3, NaN] }];
    const { logits } = (await fitted({ columns, labels })).scorer.score(columns);
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(Math.max(...logits)).toBeLessThan(0);
  });

  it('rejects invalid labels and columns of another length', async () => {
    const columns: RawColumn[] = [{ name: 'x', kind: 'numeric', values: [1, 2] }];
    await expect(fitEbm({ columns, labels: [0, 2] }, { seed: 1 })).rejects.toThrow(RangeError);
    await expect(fitEbm({ columns, labels: [0, 1, 1] }, { seed: 1 })).rejects.toThrow(RangeError);
  });
});
