import { fitEbm } from '../model/ebm/fit.js';
import { randomFrom } from '../model/ebm/random.js';
import { BagPool } from './bag-pool.js';

function table() {
  const random = randomFrom(1);
  const values = Array.from({ length: 400 }, () => random());
  const labels = values.map((value) => (random() < value ? 1 : 0));
  return { columns: [{ name: 'x', kind: 'numeric' as const, values }], labels };
}

describe(BagPool.name, () => {
  it('gives the same results as a single thread', async () => {
    const sut = new BagPool(2);
    try {
      const inThreads = await fitEbm(table(), { seed: 3 }, sut.run);
      expect(inThreads).toEqual(await fitEbm(table(), { seed: 3 }));
      expect(Math.max(...(inThreads.mains[0] ?? []))).toBeGreaterThan(0.5);
    } finally {
      await sut.close();
    }
  });

  it('rejects waiting and later tasks once closed', async () => {
    const sut = new BagPool(1);
    const fit = fitEbm(table(), { seed: 3 }, sut.run);
    const ended = expect(fit).rejects.toThrow('The fit was stopped');
    await sut.close();
    await ended;
    await expect(fitEbm(table(), { seed: 3 }, sut.run)).rejects.toThrow('The fit was stopped');
  });

  it('rejects when a thread fails', async () => {
    const sut = new BagPool(1);
    try {
      const broken = { kind: 'mains', data: null } as never;
      await expect(sut.run([broken])).rejects.toThrow('Cannot read properties of null');
    } finally {
      await sut.close();
    }
  });
});
