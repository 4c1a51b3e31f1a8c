import { availableParallelism } from 'node:os';
import path from 'node:path';
import { BagPool } from '../scoring/training/bag-pool.js';
import { type CrossValidation, crossValidate } from './cross-validate.js';
import { ebmLearner, logisticLearner } from './learners.js';
import { type Options, readOptions } from './options.js';
import { readCsv } from './read-csv.js';
import { asJson, asText, type Evaluated } from './report.js';
import { type Selected, selectColumns } from './select-columns.js';
import { suspectedLeaks } from './suspected-leaks.js';
import { UsageError } from './usage-error.js';

const MAX_THREADS = 8;

try {
  const options = readOptions(process.argv.slice(2));
  const evaluated = await evaluate(options);
  process.stdout.write(`${options.json ? asJson(evaluated) : asText(evaluated)}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function evaluate(options: Options): Promise<Evaluated> {
  // npm runs this in the project's folder; paths are relative to where it was called.
  const file = path.resolve(process.env.INIT_CWD ?? '.', options.data);
  const selected = selectColumns(await readCsv(file), options);
  const began = performance.now();
  const leaks = suspectedLeaks(selected.columns, selected.labels, options);
  const result = await validate(options, selected);
  return { options, selected, leaks, result, seconds: (performance.now() - began) / 1_000 };
}

async function validate(options: Options, { columns, labels }: Selected): Promise<CrossValidation> {
  if (options.model === 'logistic') return crossValidate(columns, labels, options, logisticLearner);
  const pool = new BagPool(Math.min(MAX_THREADS, availableParallelism()));
  try {
    return await crossValidate(columns, labels, options, ebmLearner(options.seed, pool.run));
  } finally {
    await pool.close();
  }
}
