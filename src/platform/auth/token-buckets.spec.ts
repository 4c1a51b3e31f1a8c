import { TokenBuckets } from './token-buckets.js';

describe(TokenBuckets.name, () => {
  let nowMs = 0;
  const now = () => nowMs;
  beforeEach(() => {
    nowMs = 0;
  });

  it('allows a burst, then returns the wait, and refills', () => {
    const sut = new TokenBuckets(3, 0.5, now);
    expect([1, 2, 3, 4].map(() => sut.take('a'))).toEqual([0, 0, 0, 2]);
    nowMs = 1_000;
    expect(sut.wait('a')).toBe(1);
    nowMs = 2_000;
    expect([sut.wait('a'), sut.take('a'), sut.take('a')]).toEqual([0, 0, 2]);
  });

  it('refills up to the burst', () => {
    const sut = new TokenBuckets(2, 10, now);
    sut.take('a');
    nowMs = 3_600_000;
    expect([1, 2, 3].map(() => sut.take('a'))).toEqual([0, 0, 1]);
  });

  it('keeps a bucket per name', () => {
    const sut = new TokenBuckets(1, 1, now);
    sut.take('a');
    expect([sut.take('b'), sut.take('a')]).toEqual([0, 1]);
  });

  it('evicts the least recently used name and never exceeds its capacity', () => {
    const sut = new TokenBuckets(1, 1, now, 100);
    sut.take('kept');
    for (let i = 0; i < 1_000; i++) {
      sut.take(`other ${i}`);
      expect(sut.take('kept')).toBe(1);
    }
    expect(sut.size).toBe(100);
  });
});
