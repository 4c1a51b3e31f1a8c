import { minimise } from './minimise.js';

type Coordinates = readonly number[];

describe(minimise.name, () => {
  it.each([
    ['a bowl', ([x = 0, y = 0]: Coordinates) => (x - 1) ** 2 + 10 * (y + 2) ** 2, [5, 5], [1, -2]],
    [
      "Rosenbrock's valley",
      ([x = 0, y = 0]: Coordinates) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      [-1.2, 1],
      [1, 1],
    ],
    ['one coordinate', ([x = 0]: Coordinates) => Math.cosh(x - 3), [0], [3]],
    [
      'a start on a ridge',
      ([x = 0, y = 0]: Coordinates) => Math.cos(x) + (y - 1) ** 2,
      [0.5, 0],
      [Math.PI, 1],
    ],
    [
      'three, of unlike scale',
      ([x = 0, y = 0, z = 0]: Coordinates) => x * x + 100 * (y - x) ** 2 + 0.01 * (z - 8) ** 2,
      [2, 2, 0],
      [0, 0, 8],
    ],
  ])('finds the minimum of %s', (_, f, start, expected) => {
    const sut = minimise(f, start);
    expect(sut.value).toBeCloseTo(f(expected), 9);
    sut.at.forEach((one, index) => expect(one).toBeCloseTo(expected[index] ?? NaN, 4));
  });

  it('ends on the way to a limit', () => {
    const sut = minimise(([x = 0]) => Math.exp(-x), [0]);
    expect(sut.value).toBeLessThan(1e-9);
    expect(sut.at[0]).toBeLessThan(60);
  });

  it('undoes a step to where the value is not finite', () => {
    const sut = minimise(([x = 0]) => (x > 2 ? 50 * x - Math.log(x - 2) : NaN), [2.5]);
    expect(sut.at[0]).toBeCloseTo(2.02, 5);
  });

  it('stays put on a plateau and along an irrelevant direction', () => {
    expect(minimise(() => 7, [1, 2])).toEqual({ at: [1, 2], value: 7 });
    const sut = minimise(([x = 0]) => (x - 1) ** 2, [0, 5]);
    expect(sut.at[0]).toBeCloseTo(1, 6);
    expect(sut.at[1]).toBeCloseTo(5, 6);
  });
});
