import type { SimulationOptions } from '../../src/demo/scenario.js';

export const SCENARIOS = ['truth', 'constant', 'leak', 'stock', 'few'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Size {
  readonly accounts: number;
  readonly months: number;
}

/** Just after a month-end, which is then the newest day scored. */
const UNTIL = new Date('2026-07-01T12:00:00Z');

interface Ground extends Size {
  readonly changes: Partial<SimulationOptions>;
}

/** Churn and its randomness as in companies with a history worth learning from. */
const TRUTH: Partial<SimulationOptions> = { strength: 0.5, monthlyChurn: 0.06 };

/** The simulated scenarios, at the size the limits are meant for. */
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
