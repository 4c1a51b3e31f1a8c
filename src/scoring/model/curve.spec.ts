import { scoreAt, type Curve } from './curve.js';

describe(scoreAt.name, () => {
  const curve: Curve = [
    [-50, 0],
    [-20, 40],
    [-5, 70],
    [10, 100],
  ];

  it.each([
    [-200, 0],
    [-50, 0],
    [-35, 20],
    [-20, 40],
    [-5, 70],
    [2.5, 85],
    [10, 100],
    [1e9, 100],
  ])('is, at %d, %d', (value, score) => expect(scoreAt(curve, value)).toBe(score));

  it('decreases when the curve does', () =>
    expect(
      scoreAt(
        [
          [2, 100],
          [7, 70],
        ],
        4.5,
      ),
    ).toBe(85));
  it('is constant with a single corner', () => expect(scoreAt([[3, 55]], 99)).toBe(55));
  it('rejects a curve without corners', () => expect(() => scoreAt([], 1)).toThrow(RangeError));
});
