import { EvenSample } from './even-sample.js';

describe(EvenSample.name, () => {
  const sampleOf = (most: number, ids: readonly number[]): number[] => {
    const sut = new EvenSample<number>(most);
    for (const id of ids) sut.add(id, id);
    return sut.values();
  };
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

  it('takes all items when there are few, in order of id', () => {
    expect(sampleOf(10, [3, 1, 2])).toEqual([1, 2, 3]);
  });

  it('does not depend on the order of the stream', () => {
    const ids = upTo(5_000);
    const sample = sampleOf(100, ids);
    expect(sample).toHaveLength(100);
    expect(sampleOf(100, ids.toReversed())).toEqual(sample);
    expect(sampleOf(100, [...ids.slice(1_300), ...ids.slice(0, 1_300)])).toEqual(sample);
  });

  it('samples evenly', () => {
    const sample = sampleOf(1_000, upTo(100_000));
    for (let tenth = 0; tenth < 10; tenth++) {
      const within = sample.filter((id) => Math.floor((id - 1) / 10_000) === tenth);
      expect(within.length).toBeGreaterThan(60);
      expect(within.length).toBeLessThan(140);
    }
  });
});
