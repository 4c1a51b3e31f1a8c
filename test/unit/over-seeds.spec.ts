import { type Figure, overSeeds } from '../../bench/honesty/figures.js';

describe(overSeeds.name, () => {
  const gap = (value: number): Figure => ({
    name: 'gap',
    value,
    limit: 'at most 2',
    held: value <= 2,
    range: { min: -Infinity, max: 2 },
  });
  const basis = (held: boolean): Figure => ({ name: 'basis', value: 'prior', limit: 'prior', held });

  it('judges numbers by their mean', () => {
    expect(overSeeds([[gap(1)], [gap(3)]])).toEqual([{ ...gap(2), held: true }]);
    expect(overSeeds([[gap(1)], [gap(4)]])).toEqual([{ ...gap(2.5), held: false }]);
  });

  it('requires other results in 19 of 20 seeds', () => {
    const seeds = (missed: number) => Array.from({ length: 20 }, (_, seed) => [basis(seed >= missed)]);
    expect(overSeeds(seeds(1))).toEqual([{ name: 'basis', value: '19 of 20', limit: 'prior', held: true }]);
    expect(overSeeds(seeds(2))).toMatchObject([{ held: false }]);
  });
});
