import { sequenceHalfWidth, sequenceKappa } from './confidence-sequence.js';

describe(sequenceHalfWidth.name, () => {
  it.each([
    [10, 2.5875571876972185],
    [50, 0.6195286751337413],
    [100, 0.3656394871363849],
    [500, 0.1366738367033226],
    [1_000, 0.09606401928868574],
  ])('after %d of variance 1, tuned for 100, is %d', (seen, expected) =>
    expect(sequenceHalfWidth(1 / Math.sqrt(seen), seen / 100)).toBeCloseTo(expected, 12),
  );

  it('is wider than a fixed-sample interval, least so at the planned size', () => {
    const factor = (seen: number) => sequenceHalfWidth(1, sequenceKappa(seen, 500));
    for (const seen of [100, 250, 400, 600, 1_000, 5_000]) expect(factor(seen)).toBeGreaterThan(factor(500));
    expect(factor(500)).toBeGreaterThan(1.96);
  });
});
