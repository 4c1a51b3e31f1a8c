import { checkWindow } from './check-window.js';

const window = (accounts: number, observed: number, probability: number) =>
  checkWindow(
    Array.from({ length: accounts }, (_, row) => (row < observed ? 1 : 0)),
    Array.from({ length: accounts }, () => probability),
  );

describe(checkWindow.name, () => {
  it('distinguishes chance from a significant deviation', () => {
    // 100 are expected of 1,000, with a standard deviation of 9.49.
    expect(window(1_000, 124, 0.1)).toMatchObject({ observed: 124, stale: false });
    expect(window(1_000, 125, 0.1).stale).toBe(true);
    expect(window(1_000, 76, 0.1).stale).toBe(false);
    expect(window(1_000, 75, 0.1).stale).toBe(true);
    expect(window(1_000, 100, 0.1).expected).toBeCloseTo(100, 9);
    expect(window(1_000, 100, 0.1).standardDeviation).toBeCloseTo(Math.sqrt(90), 9);
  });

  it('does not judge a small sample', () => {
    expect(window(100, 19, 0.01).stale).toBe(false);
    expect(window(100, 20, 0.01).stale).toBe(true);
    expect(window(100, 0, 0.25).stale).toBe(true);
  });

  it('gives the error in logits', () => {
    expect(window(1_000, 100, 0.1).intercept).toBeCloseTo(0, 6);
    expect(window(1_000, 200, 0.1).intercept).toBeCloseTo(Math.log(0.25) - Math.log(1 / 9), 6);
    expect(window(100, 0, 0.1).intercept).toBeNull();
    expect(window(100, 100, 0.1).intercept).toBeNull();
  });
});
