import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.js';

export interface Options {
  readonly data: string;
  readonly label: string;
  readonly positive: string;
  /** Each is a column, or several separated by commas. */
  readonly drop: readonly string[];
  readonly numeric: readonly string[];
  readonly model: 'ebm' | 'logistic';
  readonly folds: number;
  readonly seed: number;
  readonly json: boolean;
}

export const USAGE = `npm run evaluate -- --data FILE.csv --label COLUMN --positive VALUE
  [--drop COLUMN,COLUMN] [--numeric COLUMN,COLUMN] [--model ebm|logistic] [--folds 5] [--seed 42] [--json]`;

const flags = {
  data: { type: 'string' },
  label: { type: 'string' },
  positive: { type: 'string' },
  drop: { type: 'string', multiple: true, default: [] as string[] },
  numeric: { type: 'string', multiple: true, default: [] as string[] },
  model: { type: 'string', default: 'ebm' },
  folds: { type: 'string', default: '5' },
  seed: { type: 'string', default: '42' },
  json: { type: 'boolean', default: false },
} as const;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const { data, label, positive, drop, numeric, model, folds, seed, json } = parsed(args);
  if (!data || !label || positive === undefined)
    throw new UsageError(`--data, --label and --positive are required.\n${USAGE}`);
  if (model !== 'ebm' && model !== 'logistic')
    throw new UsageError(`--model must be ebm or logistic, not "${model}"`);
  return {
    data,
    label,
    positive,
    drop,
    numeric,
    model,
    folds: whole('--folds', folds, 2),
    seed: whole('--seed', seed, 0),
    json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function whole(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < min)
    throw new UsageError(`${flag} must be a whole number of at least ${min}, not "${text}"`);
  return value;
}
