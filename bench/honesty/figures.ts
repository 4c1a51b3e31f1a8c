import { againstTruth } from '../../src/evaluate/against-truth.js';
import { meanLifetime } from './mean-lifetime.js';
import { guessesOf, type KnownGround, train, type Trial } from './learn-company.js';
import type { ScenarioName } from './scenarios.js';

/** One figure beside what is asked of it. */
export interface Figure {
  readonly name: string;
  readonly value: number | string;
  /** For people. */
  readonly asked: string;
  readonly held: boolean;
}

const atMost = (name: string, value: number, most: number): Figure => ({
  name,
  value,
  asked: `at most ${most}`,
  held: value <= most,
});
const between = (name: string, value: number, least: number, most: number): Figure => ({
  name,
  value,
  asked: `${least} to ${most}`,
  held: value >= least && value <= most,
});
const told = (name: string, value: string, asked: string, held: boolean): Figure => ({
  name,
  value,
  asked,
  held,
});

/** What a scenario is judged by. */
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
      told('basis', model.basis, 'fitted', model.basis === 'fitted'),
      told('suspected leaks', leaks.join(', ') || 'none', 'none', leaks.length === 0),
      atMost('AUC below that of the truth', figures.aucGap, 0.015),
      atMost('log-loss above that of the truth', figures.excessLogLoss, 0.007),
      between('calibration slope', figures.slope, 0.9, 1.15),
      between('observed / expected', figures.observedToExpected, 0.9, 1.1),
      between('coverage of the 90 % interval', figures.coverage, 0.82, 0.97),
      atMost('its mean half-width, in logits', figures.meanHalfWidth, 0.9),
    ];
  }
  if (scenario === 'constant')
    return [
      told('basis', basis, 'prior', basis === 'prior'),
      told('decision', text, 'no skill', /no skill/.test(text)),
      told('suspected leaks', leaks.join(', ') || 'none', 'none', leaks.length === 0),
    ];
  if (scenario === 'leak') {
    const wanted = 'trait.offboardingScore';
    const isNamed = leaks.length === 1 && leaks[0] === wanted;
    return [told('suspected leaks', leaks.join(', ') || 'none', wanted, isNamed)];
  }
  const { meanHalfWidth } = againstTruth(guessesOf(model, ground));
  return [
    told('basis', basis, 'prior', basis === 'prior'),
    told('decision', text, 'says how few left', /\d+ accounts have left|\d+ are needed/.test(text)),
    between('mean half-width of the interval, in logits', meanHalfWidth, 1, 3),
  ];
}

/** Who is there at the start was born over ten years: taking their ages for granted makes lives too long. */
function lifetimeFigures({ lifetimes, simulation }: KnownGround): Figure[] {
  const truth = simulation.truth.meanLifetimeMonths();
  const delayed = meanLifetime(lifetimes);
  const naive = meanLifetime(lifetimes.map((lifetime) => ({ ...lifetime, entry: 0 })));
  return [
    between('mean lifetime by the truth', delayed / truth, 0.9, 1.1),
    {
      name: 'the same without delayed entry',
      value: naive / truth,
      asked: 'at least 1.5',
      held: naive / truth >= 1.5,
    },
  ];
}
