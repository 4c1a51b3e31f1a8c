import { lossChange, type OutOfBag } from './ensemble.js';
import type { EbmData } from './task.js';

function dataOf({
  labels,
  weights,
  groups,
}: {
  labels: number[];
  weights?: number[];
  groups: number[];
}): EbmData {
  return {
    columns: [],
    labels: Uint8Array.from(labels),
    offsets: new Float64Array(labels.length),
    weights: Float64Array.from(weights ?? labels.map(() => 1)),
    groups: Int32Array.from(groups),
    groupCount: 1 + Math.max(...groups),
  };
}

/** `lossChange` reads only the rows and the logits. */
const predicted = (rows: number[], logits: number[]): OutOfBag => ({
  rows: Int32Array.from(rows),
  logits: Float64Array.from(logits),
  loss: NaN,
});

const loss = (logit: number) => Math.log1p(Math.exp(-logit));

describe(lossChange.name, () => {
  it('is the weighted mean change of the log-loss', () => {
    const data = dataOf({ labels: [1, 0, 1], weights: [1, 3, 5], groups: [0, 1, 2] });
    const { mean } = lossChange(data, predicted([0, 1], [0, 0]), predicted([0, 1], [1, -2]));
    expect(mean).toBeCloseTo((loss(1) + 3 * loss(2)) / 4 - Math.LN2, 12);
  });

  it('counts the rows of a group as one observation', () => {
    const single = dataOf({ labels: [1, 1, 0, 1], groups: [0, 1, 2, 3] });
    const { mean, standardError } = lossChange(
      single,
      predicted([0, 1, 2, 3], [0, 0, 0, 0]),
      predicted([0, 1, 2, 3], [1, 2, 1, -1]),
    );
    const twice = [0, 0, 1, 1, 2, 2, 3, 3];
    const repeated = dataOf({ labels: [1, 1, 1, 1, 0, 0, 1, 1], groups: twice });
    const rows = [...twice.keys()];
    const change = lossChange(
      repeated,
      predicted(
        rows,
        twice.map(() => 0),
      ),
      predicted(rows, [1, 1, 2, 2, 1, 1, -1, -1]),
    );
    expect(standardError).toBeGreaterThan(0);
    expect(change.mean).toBeCloseTo(mean, 12);
    expect(change.standardError).toBeCloseTo(standardError, 12);
  });

  it('is 0 when no row is out of bag', () => {
    const data = dataOf({ labels: [1], groups: [0] });
    expect(lossChange(data, predicted([], []), predicted([], []))).toEqual({ mean: 0, standardError: 0 });
  });
});
