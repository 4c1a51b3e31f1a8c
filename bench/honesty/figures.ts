import { againstTruth } from '../../src/evaluate/against-truth.js';
import { meanLifetime } from './mean-lifetime.js';
import { guessesOf, type KnownGround, train, type Trial } from './learn-company.js';
import type { ScenarioName } from './scenarios.js';

/** A measured figure and its limits. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
  /** The limit in words. */
  readonly limit: string;
  readonly held: boolean;
  /** Set for numbers. */
  readonly range?: Range;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function numeric(name: string, value: number, range: Range): Figure {
  const { min, max } = range;
  const held = value >= min && value <= max;
  if (min === -Infinity) return { name, value, limit: `at most ${max}`, held, range };
  return { name, value, limit: max === Infinity ? `at least ${min}` : `${min} to ${max}`, held, range };
}
const atMost = (name: string, value: number, max: number) => numeric(name, value, { min: -Infinity, max });
const between = (name: string, value: number, min: number, max: number) => numeric(name, value, { min, max });
const textFigure = (name: string, value: string, limit: string, held: boolean): Figure => ({
  name,
  value,
  limit,
  held,
});

/** Over several seeds the mean of each number must be in its range, and other figures must hold in at least 19 of 20. */
const MIN_SHARE = 0.95;

export function overSeeds(seeds: readonly (readonly Figure[])[]): Figure[] {
  return (seeds[0] ?? []).map(({ name, limit, range }, index): Figure => {
    const figures = seeds.flatMap((seed) => seed[index] ?? []);
    if (range)
      return numeric(
        name,
        figures.reduce((sum, { value }) => sum + Number(value), 0) / figures.length,
        range,
      );
    const held = figures.filter((figure) => figure.held).length;
    return textFigure(name, `${held} of ${figures.length}`, limit, held >= MIN_SHARE * figures.length);
  });
}

/** The figures that a scenario is judged by. */
export async function figuresOf(
  scenario: ScenarioName,
  ground: KnownGround,
  trial: Trial,
): Promise<Figure[]> {
  if (scenario === 'stock') return lifetimeFigures(ground);
  const { model, report } = await train(ground, trial);
  const { basis, text } = report.decision;
  const leaks = report.leaks.map(({ feature }) => feature);
  if (scenario === 'truth') {
    const figures = againstTruth(guessesOf(model, ground));
    return [
      textFigure('basis', model.basis, 'fitted', model.basis === 'fitted'),
      textFigure('suspected leaks', leaks.join(', ') || 'none', 'none', leaks.length === 0),
      atMost('AUC below that of the true probabilities', figures.aucGap, 0.015),
      atMost('log-loss above that of the true probabilities', figures.excessLogLoss, 0.007),
      between('calibration slope', figures.slope, 0.9, 1.15),
      between('observed / expected', figures.observedToExpected, 0.9, 1.1),
      between('coverage of the 90 % interval', figures.coverage, 0.82, 0.97),
      atMost('mean half-width of the interval, in logits', figures.meanHalfWidth, 0.9),
    ];
  }
  if (scenario === 'constant')
    return [
      textFigure('basis', basis, 'prior', basis === 'prior'),
      textFigure('decision', text, 'no skill', /no skill/.test(text)),
      textFigure('suspected leaks', leaks.join(', ') || 'none', 'none', leaks.length === 0),
    ];
  if (scenario === 'leak') {
    const wanted = 'trait.offboardingScore';
    const isNamed = leaks.length === 1 && leaks[0] === wanted;
    return [textFigure('suspected leaks', leaks.join(', ') || 'none', wanted, isNamed)];
  }
  const { meanHalfWidth } = againstTruth(guessesOf(model, ground));
  return [
    textFigure('basis', basis, 'prior', basis === 'prior'),
    textFigure(
      'decision',
      text,
      'names the churn count',
      /\d+ accounts (had )?churned|\d+ are needed/.test(text),
    ),
    between('mean half-width of the interval, in logits', meanHalfWidth, 1, 3),
  ];
}

/** Accounts present at the start were acquired over ten years, so taking their ages as observed overestimates lifetimes. */
function lifetimeFigures({ lifetimes, simulation }: KnownGround): Figure[] {
  const truth = simulation.truth.meanLifetimeMonths();
  const delayed = meanLifetime(lifetimes);
  const naive = meanLifetime(lifetimes.map((lifetime) => ({ ...lifetime, entry: 0 })));
  return [
    between('mean lifetime ÷ true mean lifetime', delayed / truth, 0.9, 1.1),
    between('the same without delayed entry', naive / truth, 1.5, Infinity),
  ];
}
