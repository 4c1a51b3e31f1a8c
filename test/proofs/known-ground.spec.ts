import { type Figure, figuresOf } from '../../bench/honesty/figures.js';
import { readCompany, train } from '../../bench/honesty/learn-company.js';
import { optionsOf, type ScenarioName, type Size } from '../../bench/honesty/scenarios.js';
import { createTestDatabase } from '../support/database.js';
import { QUICK } from '../support/question.js';

/** Smaller than `npm run honesty` asks for, at which the same figures hold. */
const SIZES: readonly [ScenarioName, number, Size][] = [
  ['constant', 1, { accounts: 300, months: 16 }],
  ['leak', 1, { accounts: 300, months: 16 }],
  ['few', 1, { accounts: 300, months: 12 }],
  ['stock', 1, { accounts: 2_000, months: 24 }],
];

describe(train.name, () => {
  it.each(SIZES)(
    'is honest in the scenario %s of seed %d',
    async (scenario, seed, size) => {
      const database = await createTestDatabase();
      try {
        const ground = await readCompany(database.url, optionsOf(scenario, seed, size));
        const figures: Figure[] = await figuresOf(scenario, ground, { seed, efforts: QUICK });
        expect(figures.length).toBeGreaterThan(0);
        expect(figures.filter(({ held }) => !held)).toEqual([]);
      } finally {
        await database.drop();
      }
    },
    1_800_000,
  );
});
