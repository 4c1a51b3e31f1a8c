import type { Evaluation } from './evaluate.js';
import { type FeatureValues, measuresOf, type Scorecard } from './scorecard.js';

export interface Reason {
  readonly feature: string;
  /** Hundredths of a point, caps on the same feature included. */
  readonly contribution: number;
  /** For people. */
  readonly text: string;
}

/** What lowers the score, the strongest first; then what raises it, the strongest first. A cap and a measure of one feature are one reason. */
export function reasonsOf(card: Scorecard, evaluation: Evaluation, features: FeatureValues): Reason[] {
  const sums = new Map<string, { contribution: number; capText?: string }>();
  const add = (feature: string, contribution: number, capText?: string): void => {
    const before = sums.get(feature);
    sums.set(feature, {
      contribution: (before?.contribution ?? 0) + contribution,
      capText: capText ?? before?.capText,
    });
  };
  measuresOf(card).forEach(({ feature }, place) => add(feature, evaluation.contributions[place] ?? 0));
  for (const { cap, contribution } of evaluation.adjustments) {
    const { feature = '', text } = card.caps[cap] ?? {};
    add(feature, contribution, text);
  }
  return [...sums]
    .filter(([, { contribution }]) => contribution !== 0)
    .map(([feature, { contribution, capText }]) => ({
      feature,
      contribution,
      text: textFor(feature, features[feature] ?? null) ?? capText ?? feature,
    }))
    .sort((a, b) => rank(a) - rank(b) || Math.abs(b.contribution) - Math.abs(a.contribution));
}

const rank = ({ contribution }: Reason): number => (contribution < 0 ? 0 : 1);

const TEXTS: Record<string, (value: number) => string> = {
  activeDays28: (value) => `used on ${value} of the last 28 days`,
  usageTrend28: (value) =>
    value === 0
      ? 'usage develops as in the rest of its tier'
      : `usage over 28 days develops ${points(value)} the rest of its tier`,
  daysSinceLastUse: (value) => {
    if (value === 0) return 'in use today';
    return value < 7 ? `last used ${days(value)} ago` : `no use for ${days(value)}`;
  },
  oldestUrgentDays: (value) =>
    value === 0
      ? 'no urgent ticket open'
      : `urgent ticket open for ${value < 1 ? 'less than a day' : days(value)}`,
  csat90: (value) => `support rated ${value.toFixed(1)} of 5 over 90 days`,
  mrrChange180: (value) =>
    value === 0 ? 'MRR unchanged in 180 days' : `MRR ${direction(value)} in 180 days`,
};

function textFor(feature: string, value: number | null): string | undefined {
  if (value === null) return undefined;
  return Object.hasOwn(TEXTS, feature) ? TEXTS[feature]?.(value) : `${feature} ${value}`;
}

function direction(percent: number): string {
  const size = Math.abs(percent);
  return `${percent < 0 ? 'down' : 'up'} ${size < 1 ? size : Math.round(size)} %`;
}

function points(difference: number): string {
  const size = Math.max(1, Math.round(Math.abs(difference)));
  return `${size} percentage ${size === 1 ? 'point' : 'points'} ${difference < 0 ? 'worse than' : 'better than'}`;
}

function days(value: number): string {
  const whole = Math.floor(value);
  return whole === 1 ? '1 day' : `${whole} days`;
}
