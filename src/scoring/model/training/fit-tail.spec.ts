import { tailRetention, tailSurvival } from '../survival/beta-discrete-weibull.js';
import { fitTail } from './fit-tail.js';

describe(fitTail.name, () => {
  it('recovers the churn rate, including accounts with delayed entry', () => {
    const lifetimes = Array.from({ length: 30 }, (_, month) => [
      { entry: 0, time: month + 1, churned: true, count: Math.round(1_000 * 0.05 * 0.95 ** month) },
      { entry: 20, time: 40, churned: false, count: 3 },
    ]).flat();
    lifetimes.push({ entry: 0, time: 30, churned: false, count: 215 });
    const tail = fitTail(lifetimes);
    if (!tail) throw new Error('there is no tail');
    expect(tailRetention(tail.expected, 6)).toBeGreaterThan(0.93);
    expect(tailRetention(tail.expected, 6)).toBeLessThan(0.97);
  });

  it.each([
    ['nobody is known', []],
    ['nobody has left', [{ entry: 0, time: 12, churned: false, count: 50 }]],
    ['nobody has been seen for a month', [{ entry: 3, time: 3, churned: false, count: 50 }]],
  ])('is null when %s', (_, lifetimes) => {
    expect(fitTail(lifetimes)).toBeNull();
  });

  it('has an interval that shrinks with the number of accounts', () => {
    const of = (count: number) => {
      const tail = fitTail([
        { entry: 0, time: 6, churned: true, count },
        { entry: 0, time: 20, churned: true, count },
        { entry: 0, time: 24, churned: false, count: 6 * count },
      ]);
      if (!tail) throw new Error('there is no tail');
      const [worst = 0, expected = 0, best = 0] = [tail.worst, tail.expected, tail.best].map((shape) =>
        tailSurvival(shape, 60),
      );
      expect(worst).toBeLessThan(expected);
      expect(expected).toBeLessThan(best);
      return best - worst;
    };
    expect(of(10)).toBeGreaterThan(3 * of(1_000));
  });

  it('is finite when all accounts churn at once and when a single one does', () => {
    for (const count of [1, 500])
      for (const time of [1, 36]) {
        const tail = fitTail([
          { entry: 0, time, churned: true, count },
          { entry: 0, time: 1, churned: false, count: 1 },
        ]);
        expect(JSON.parse(JSON.stringify(tail))).toEqual(tail);
        for (const month of [1, 12, 200]) expect(tail && tailRetention(tail.expected, month)).not.toBeNaN();
      }
  });
});
