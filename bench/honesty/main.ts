import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { BagPool } from '../../src/scoring/training/bag-pool.js';
import { temporaryDatabase } from '../company/temporary-database.js';
import { type Figure, figuresOf, overSeeds } from './figures.js';
import { readCompany } from './learn-company.js';
import { type Options, readOptions, USAGE, UsageError } from './read-options.js';
import { optionsOf, type ScenarioName } from './scenarios.js';

/**
 * Trains on simulated companies with known true probabilities, using the service's own code from facts to model, and prints each figure with
 * its limits. Fails if any seed misses the range of a number, or if more than one in 20 misses another figure.
 */
const MAX_THREADS = 8;

interface Result {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

const { scenario, seeds, size, json } = parsedOptions();
const pool = new BagPool(Math.min(MAX_THREADS, availableParallelism()));
const results: Result[] = [];
try {
  for (const seed of seeds) {
    const one = await measure(scenario, seed);
    console.log(
      json ? JSON.stringify(one) : tableOf(`${scenario}, seed ${seed}, ${one.seconds} s`, one.figures),
    );
    results.push(one);
  }
} finally {
  await pool.close();
}
const together = overSeeds(results.map(({ figures }) => figures));
if (seeds.length > 1) {
  const figures = { scenario, seeds, figures: together };
  console.log(
    json ? JSON.stringify(figures) : tableOf(`${scenario}, ${seeds.length} seeds together`, together),
  );
}
const numbers = results.flatMap(({ figures }) => figures.filter(({ range }) => range !== undefined));
const missed = [...numbers, ...together].filter(({ held }) => !held).length;
if (!json)
  console.log(
    missed === 0 ? 'All figures are within their limits.' : `${missed} figures are outside their limits (!).`,
  );
if (missed > 0) process.exitCode = 1;

async function measure(name: ScenarioName, seed: number): Promise<Result> {
  const began = performance.now();
  const database = await temporaryDatabase();
  try {
    const ground = await readCompany(database.url, optionsOf(name, seed, size));
    const figures = await figuresOf(name, ground, { seed, run: pool.run });
    return {
      scenario: name,
      seed,
      seconds: Math.round((performance.now() - began) / 1_000),
      figures,
    };
  } finally {
    await database.drop();
  }
}

function tableOf(title: string, figures: readonly Figure[]): string {
  const lines = figures.map(({ name: what, value, limit, held }) => {
    const shown = typeof value === 'number' ? value.toFixed(4) : value;
    return `  ${held ? ' ' : '!'} ${what.padEnd(40)} ${shown.padEnd(10)} (${limit})`;
  });
  return [title, ...lines].join('\n');
}

function parsedOptions(): Options {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== null) return options;
    console.log(USAGE);
    process.exit();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    process.exit(1);
  }
}
