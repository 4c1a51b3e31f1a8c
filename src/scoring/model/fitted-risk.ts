import { apportion } from './apportion.js';
import { calibrated } from './calibration.js';
import { chooseCard } from './choose-card.js';
import { type ChurnRisk, type HazardCurve, LOGIT_SCALE } from './churn-risk.js';
import { EbmScorer, halfWidth, type RowValue } from './ebm/scorer.js';
import type { EbmModel } from './ebm/model.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { RiskLines } from './foremost-risks.js';
import { logitOf, probabilityOf } from './logit.js';
import { healthParts } from './prior-risk.js';
import { measuresOf, type Scorecard } from './scorecard.js';
import type { ScoredAccount } from './scored-account.js';
import { FADE_PER_MONTH, lossInYear, MONTHS_IN_QUARTER } from './survival.js';
import { hazardsOf } from './survival/tail-hazards.js';
import type { FittedChurn, Tail } from './training/trained.js';

const DAYS_IN_MONTH = 30.44;

/** Only of an account at risk: null for trials, leaving and churned ones. `card` is the one in use, which may differ from those it was fitted with. */
export function riskByFitted(
  model: FittedChurn,
  card: Scorecard,
  account: ScoredAccount,
  evaluation: Pick<Evaluation, 'measureScores'>,
): ChurnRisk | null {
  if (account.status !== 'active') return null;
  const { calibration, prior } = model;
  const fitted = cardOf(model, account) ?? card;
  const scores = isSame(fitted, card) ? evaluation : evaluate(fitted, account);
  const parts = healthParts(prior.means, fitted, account, scores);
  const health = parts.reduce((sum, part) => sum + part, 0);
  const offset = -prior.kappa * health;
  const { first, later } = scorersOf(model);
  const bins = first.binsOf(valuesOf(account, first.names));
  const average = calibrated(calibration, model.ebm.intercept);
  const base = Math.round(LOGIT_SCALE * average);
  const total = Math.round(LOGIT_SCALE * (calibrated(calibration, first.logitOf(bins) + offset) - average));
  const logit = (base + total) / LOGIT_SCALE;
  const half = calibration.slope * halfWidth(first.spreadOf(bins));
  const quarters = later.map((scorer, place) => {
    if (scorer) return scorer.logitOf(bins) + offset + calibration.shift;
    return average + FADE_PER_MONTH ** (MONTHS_IN_QUARTER * (place + 1)) * (logit - average);
  });
  const curve = curveFrom(model, ageOf(account), [logit, ...quarters]);
  const curves = { expected: curve('expected', 0), best: curve('best', -half), worst: curve('worst', half) };
  const contributions = (): number[] => {
    const lines: number[] = [];
    for (const part of parts) lines.push(-prior.kappa * part * calibration.slope);
    for (const part of first.contributionsOf(bins)) lines.push(part * calibration.slope);
    return lines;
  };
  return {
    basis: 'fitted',
    base,
    health,
    logit: base + total,
    parts: () => {
      const whole = apportion(
        contributions().map((one) => LOGIT_SCALE * one),
        total,
      );
      return featuresOf(fitted, model).map((feature, place) => ({
        feature,
        contribution: whole[place] ?? 0,
      }));
    },
    foremost: (most) => linesOf(model, fitted).raising(contributions(), most),
    probability: curves.expected.quarters[0],
    low: curves.best.quarters[0],
    high: curves.worst.quarters[0],
    probability12m: lossInYear(curves.expected),
    curves,
  };
}

/** How the average account of this one's age goes on. */
export function typicalByFitted(model: FittedChurn, account: ScoredAccount): HazardCurve {
  const first = calibrated(model.calibration, model.ebm.intercept);
  const later = model.later.map((ebm) => (ebm ? ebm.intercept + model.calibration.shift : first));
  return curveFrom(model, ageOf(account), [first, ...later])('expected', 0);
}

/** In the order of the names: features, and the categories that a history table has beside them. */
export function valuesOf({ features, tier, stage }: ScoredAccount, names: readonly string[]): RowValue[] {
  const values: RowValue[] = [];
  for (const name of names) values.push(name === 'tier' ? tier : name === 'stage' ? stage : features[name]);
  return values;
}

function curveFrom(
  { tail }: FittedChurn,
  age: number,
  logits: readonly number[],
): (which: keyof Tail, shift: number) => HazardCurve {
  const [first = 0, second = 0, third = 0, fourth = 0] = logits;
  const steady = 1 - Math.cbrt(1 - probabilityOf(fourth));
  // Nobody has been seen leaving: the fourth quarter goes on.
  const cohortBy = (which: keyof Tail): HazardCurve['cohort'] => {
    const hazards = tail && hazardsOf(tail)[which];
    return (month) =>
      hazards === null ? steady : (hazards[Math.min(age + month, hazards.length - 1)] ?? steady);
  };
  const expected = cohortBy('expected');
  let there = 1;
  for (let month = 10; month <= 12; month++) there *= 1 - expected(month);
  const away = fourth - logitOf(1 - there);
  return (which, shift) => ({
    quarters: [
      probabilityOf(first + shift),
      probabilityOf(second + shift),
      probabilityOf(third + shift),
      probabilityOf(fourth + shift),
    ],
    cohort: cohortBy(which),
    lateOffset: away + shift,
  });
}

function ageOf({ features }: ScoredAccount): number {
  return Math.max(0, Math.floor((features['tenureDays'] ?? 0) / DAYS_IN_MONTH));
}

interface Scorers {
  readonly first: EbmScorer;
  readonly later: readonly (EbmScorer | null)[];
  readonly cards: readonly { readonly card: Scorecard }[];
  readonly lines: WeakMap<Scorecard, RiskLines>;
}

const scorers = new WeakMap<FittedChurn, Scorers>();

/** Made once of each model. */
function scorersOf(model: FittedChurn): Scorers {
  let made = scorers.get(model);
  if (!made) {
    const scorer = (ebm: EbmModel | null): EbmScorer | null => ebm && new EbmScorer(ebm);
    made = {
      first: new EbmScorer(model.ebm),
      later: model.later.map(scorer),
      cards: model.cards.map((card) => ({ card })),
      lines: new WeakMap(),
    };
    scorers.set(model, made);
  }
  return made;
}

/** Of the lines of a risk: the measures of the card, then what was boosted. */
function featuresOf(card: Scorecard, { ebm }: FittedChurn): string[] {
  return [...measuresOf(card).map(({ feature }) => feature), ...ebm.features.map(({ name }) => name)];
}

/** Made once of each card of a model. */
function linesOf(model: FittedChurn, card: Scorecard): RiskLines {
  const { lines } = scorersOf(model);
  let made = lines.get(card);
  if (!made) lines.set(card, (made = new RiskLines(featuresOf(card, model))));
  return made;
}

/** Without one that matches, the first. */
function cardOf(model: FittedChurn, account: ScoredAccount): Scorecard | undefined {
  return chooseCard(scorersOf(model).cards, account)?.card ?? model.cards[0];
}

const texts = new WeakMap<Scorecard, string>();

/** Cards never change: each is written out once. */
function isSame(one: Scorecard, other: Scorecard): boolean {
  return one === other || textOf(one) === textOf(other);
}

function textOf(card: Scorecard): string {
  let text = texts.get(card);
  if (text === undefined) texts.set(card, (text = JSON.stringify(card.dimensions)));
  return text;
}
