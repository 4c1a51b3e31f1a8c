import { parseArgs } from 'node:util';
import { type ScenarioName, SCENARIOS, type Size } from './scenarios.js';

export interface Options {
  readonly scenario: ScenarioName;
  readonly seeds: readonly number[];
  readonly size: Partial<Size>;
  readonly json: boolean;
}

/** An error in the arguments, shown without a stack trace. */
export class UsageError extends Error {}

export const USAGE = `npm run honesty -- [--scenario ${SCENARIOS.join('|')}] [--seed 1,2,3] [--accounts 2000] [--months 24] [--json]`;

/** @returns null if help was requested. @throws UsageError */
export function readOptions(args: readonly string[]): Options | null {
  const values = parsed(args);
  if (values.help) return null;
  const scenario = SCENARIOS.find((name) => name === values.scenario);
  if (!scenario)
    throw new UsageError(`--scenario must be one of ${SCENARIOS.join(', ')}, not "${values.scenario}"`);
  return {
    scenario,
    seeds: values.seed.split(',').map((text) => whole('--seed', text, 0)),
    size: {
      ...(values.accounts !== undefined && { accounts: whole('--accounts', values.accounts, 1) }),
      ...(values.months !== undefined && { months: whole('--months', values.months, 1) }),
    },
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        accounts: { type: 'string' },
        months: { type: 'string' },
        scenario: { type: 'string', default: 'truth' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function whole(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < min)
    throw new UsageError(`${flag} must be a whole number of at least ${min}, not "${text}"`);
  return value;
}
