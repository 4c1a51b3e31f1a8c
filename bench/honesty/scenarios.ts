import type { SimulationOptions } from '../../src/demo/scenario.js';

export const SCENARIOS = ['truth', 'constant', 'leak', 'stock', 'few'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Size {
  readonly accounts: number;
  readonly months: number;
}

/** A day with a month-end just before it: that is the newest day which is scored. */
const UNTIL = new Date('2026-07-01T12:00:00Z');

interface Ground extends Size {
  readonly changes: Partial<SimulationOptions>;
}

/** As many leave, and as much of it by chance, as in companies whose history is worth learning from. */
const TRUTH: Partial<SimulationOptions> = { strength: 0.5, monthlyChurn: 0.06 };

/** What is simulated, with the size that the figures are asked at. */
const GROUNDS: Readonly<Record<ScenarioName, Ground>> = {
  truth: { accounts: 2_000, months: 24, changes: TRUTH },
  constant: { accounts: 2_000, months: 24, changes: { constantHazard: true } },
  leak: { accounts: 2_000, months: 24, changes: { ...TRUTH, plantedLeak: true } },
  stock: { accounts: 3_000, months: 24, changes: { stockSample: true } },
  few: { accounts: 300, months: 24, changes: { churned: 5 } },
};

export function optionsOf(name: ScenarioName, seed: number, size: Partial<Size> = {}): SimulationOptions {
  const { accounts, months, changes } = GROUNDS[name];
  return {
    seed,
    until: UNTIL,
    accounts: size.accounts ?? accounts,
    months: size.months ?? months,
    ...changes,
  };
}
