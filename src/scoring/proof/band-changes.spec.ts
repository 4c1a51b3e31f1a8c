import { BandChanges } from './band-changes.js';

describe(BandChanges.name, () => {
  it('counts all accounts and keeps the largest that change band', () => {
    const sut = new BandChanges(3);
    for (let accountId = 1; accountId <= 50; accountId++) {
      const to =
        accountId % 2 ? ({ band: 'red', score: 100 } as const) : ({ band: 'green', score: 8_000 } as const);
      const mrr = accountId === 7 ? null : (accountId * 37) % 50;
      sut.add({ accountId, mrr, from: { band: 'green', score: 9_000 }, to });
    }
    expect(sut.before).toEqual({ green: 50, yellow: 0, red: 0, unknown: 0 });
    expect(sut.after).toEqual({ green: 25, yellow: 0, red: 25, unknown: 0 });
    expect(sut.total).toBe(25);
    expect(sut.largest().map(({ mrr }) => mrr)).toEqual([49, 47, 45]);
  });
});
