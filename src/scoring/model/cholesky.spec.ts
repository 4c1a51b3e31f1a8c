import fc from 'fast-check';
import { choleskyInverseDiagonal, choleskySolve } from './cholesky.js';

describe(choleskySolve.name, () => {
  it('recovers the known solution', () => {
    const entry = fc.double({ min: -3, max: 3, noNaN: true });
    const square = fc.integer({ min: 1, max: 6 }).chain((n) =>
      fc.record({
        roots: fc.array(entry, { minLength: n * n, maxLength: n * n }),
        x: fc.array(entry, { minLength: n, maxLength: n }),
      }),
    );
    fc.assert(
      fc.property(square, ({ roots, x }) => {
        const n = x.length;
        const at = (row: number, column: number) => roots[row * n + column] ?? 0;
        const places = [...x.keys()];
        const dot = (one: number, other: number) =>
          places.reduce((sum, k) => sum + at(one, k) * at(other, k), 0);
        const matrix = places.map((row) =>
          places.map((column) => dot(row, column) + (row === column ? 1 : 0)),
        );
        const b = matrix.map((row) => row.reduce((sum, one, k) => sum + one * (x[k] ?? 0), 0));
        const sut = choleskySolve(Float64Array.from(matrix.flat()), Float64Array.from(b));
        x.forEach((one, place) => expect(sut?.[place]).toBeCloseTo(one, 9));
      }),
    );
  });

  it.each([
    ['singular', [1, 2, 2, 4]],
    ['indefinite', [1, 2, 2, 1]],
    ['not made of numbers', [NaN, 0, 0, 1]],
    ['empty of anything', [0, 0, 0, 0]],
  ])('is null for a matrix that is %s', (_, matrix) =>
    expect(choleskySolve(Float64Array.from(matrix), Float64Array.of(1, 1))).toBeNull(),
  );

  it('solves an empty system', () =>
    expect(choleskySolve(new Float64Array(0), new Float64Array(0))).toHaveLength(0));
});

describe(choleskyInverseDiagonal.name, () => {
  it('matches solving for each unit vector', () => {
    const matrix = Float64Array.of(4, 9, 9, 2, 5, 9, 1, -1, 3);
    const sut = choleskyInverseDiagonal(matrix, 3);
    [0, 1, 2].forEach((place) => {
      const unit = new Float64Array(3).fill(1, place, place + 1);
      expect(sut?.[place]).toBeCloseTo(choleskySolve(matrix, unit)?.[place] ?? NaN, 12);
    });
    expect(choleskyInverseDiagonal(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
  });
});
