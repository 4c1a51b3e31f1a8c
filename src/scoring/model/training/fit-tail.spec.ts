import { tailRetention } from '../survival/beta-discrete-weibull.js';
import { fitTail } from './fit-tail.js';

describe(fitTail.name, () => {
  it('is about the rate at which accounts leave, also of those that came into view late', () => {
    const lifetimes = Array.from({ length: 30 }, (_, month) => [
      { entry: 0, time: month + 1, churned: true, count: Math.round(1_000 * 0.05 * 0.95 ** month) },
      { entry: 20, time: 40, churned: false, count: 3 },
    ]).flat();
    lifetimes.push({ entry: 0, time: 30, churned: false, count: 215 });
    const tail = fitTail(lifetimes);
    if (!tail) throw new Error('there is no tail');
    expect(tailRetention(tail, 6)).toBeGreaterThan(0.93);
    expect(tailRetention(tail, 6)).toBeLessThan(0.97);
  });

  it.each([
    ['nobody is known', []],
    ['nobody has left', [{ entry: 0, time: 12, churned: false, count: 50 }]],
    ['nobody has been seen for a month', [{ entry: 3, time: 3, churned: false, count: 50 }]],
  ])('is none when %s', (_, lifetimes) => {
    expect(fitTail(lifetimes)).toBeNull();
  });

  it('is plain numbers when all leave at once, and when a single one does', () => {
    for (const count of [1, 500])
      for (const time of [1, 36]) {
        const tail = fitTail([
          { entry: 0, time, churned: true, count },
          { entry: 0, time: 1, churned: false, count: 1 },
        ]);
        expect(JSON.parse(JSON.stringify(tail))).toEqual(tail);
        for (const month of [1, 12, 200]) expect(tail && tailRetention(tail, month)).not.toBeNaN();
      }
  });
});
