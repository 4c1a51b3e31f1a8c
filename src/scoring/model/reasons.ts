import type { RiskPart } from './churn-risk.js';
import { type Condition, featureOf } from './condition.js';
import { type Evaluation, OVERRIDE } from './evaluate.js';
import { groupOf } from './reason-groups.js';
import { textFor, unknownText } from './reason-texts.js';
import { measuresOf, type Scorecard } from './scorecard.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';

export interface Reason {
  /** A feature's key; `tier`, `stage` or `status` for a cap that depends on nothing else; or `override`. */
  readonly feature: string;
  readonly value: number | null;
  /** For health in hundredths of a point, including caps on the same feature; for risk in ten-thousandths of a logit. */
  readonly contribution: number;
  /**
   * Identifies `text` for clients: the feature's key, with `.unknown` if its value is missing; `cap.` and the cap's key;
   * `tier`, `stage` or `override`.
   */
  readonly code: string;
  /** For people. */
  readonly text: string;
}

export const OVERRIDE_CODE = 'override';
export const capCode = (key: string): string => `cap.${key}`;
/** The code of a text about a feature's value. */
export const featureCode = (feature: string, value: number | null): string =>
  value === null ? `${feature}.unknown` : feature;

/** Text of an override; its reason is returned separately. */
export const OVERRIDE_TEXT = 'overridden';

/**
 * Up to `most` reasons: first what lowers the score, then what raises it, each strongest first. BASELINE and all
 * contributions add up to the score. A cap and the measures of the same feature are one reason.
 */
export function reasonsOf(
  card: Scorecard,
  evaluation: Pick<Evaluation, 'contributions' | 'adjustments'>,
  features: FeatureValues,
  most = Infinity,
): Reason[] {
  const lines: Line[] = [];
  measuresOf(card).forEach(({ feature }, place) => {
    const contribution = evaluation.contributions[place] ?? 0;
    if (contribution !== 0) lines.push({ feature, contribution });
  });
  for (const { cap, contribution } of evaluation.adjustments) {
    if (cap === OVERRIDE) {
      lines.push({ feature: 'override', contribution, said: { code: OVERRIDE_CODE, text: OVERRIDE_TEXT } });
      continue;
    }
    const { when = [], key = '', text = '' } = card.caps[cap] ?? {};
    const ofCap = { code: capCode(key), text };
    const feature = subjectOf(when);
    // With several conditions, the cap's text says more than the first feature's value.
    lines.push({ feature, contribution, said: when.length > 1 ? ofCap : undefined, ofCap });
  }
  return gather(lines)
    .sort((a, b) => rank(a) - rank(b) || size(b) - size(a))
    .slice(0, most)
    .map((line) => told(line, features));
}

/** The subject of the first condition: a feature, or `tier`, `stage` or `status`. */
export function subjectOf([first]: readonly Condition[]): string {
  if (first === undefined) return '';
  return featureOf(first) ?? ('is' in first ? first.attribute : '');
}

/**
 * First what raises the risk, then what lowers it, each strongest first. The model's base and all reasons add up to the
 * logit. Features of a group are one reason, worded for the one that contributes most.
 */
export function riskReasonsOf(
  parts: readonly RiskPart[],
  { features, tier, stage }: Pick<ScoredAccount, 'features' | 'tier' | 'stage'>,
): Reason[] {
  return inGroups(gather(parts))
    .sort((a, b) => rank(b) - rank(a) || size(b) - size(a))
    .map(({ feature, contribution }) => {
      const value = features[feature] ?? null;
      const isFeature = feature !== 'tier' && feature !== 'stage';
      const code = isFeature ? featureCode(feature, value) : feature;
      return { feature, value, contribution, code, text: riskText(feature, { features, tier, stage }) };
    });
}

/** Describes a feature that raises or lowers the risk. */
export function riskText(
  feature: string,
  { features, tier, stage }: Pick<ScoredAccount, 'features' | 'tier' | 'stage'>,
): string {
  if (feature === 'tier') return `tier ${tier}`;
  if (feature === 'stage') return stage === null ? 'stage unknown' : `stage ${stage}`;
  return textFor(feature, features[feature] ?? null) ?? unknownText(feature);
}

function inGroups(lines: readonly Line[]): Line[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = groupOf(line.feature);
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups.values()]
    .map((group) => {
      const contribution = group.reduce((sum, line) => sum + line.contribution, 0);
      const same = group.filter((line) => rank(line) === rank({ contribution }));
      const [foremost] = (same.length > 0 ? same : group).sort((a, b) => size(b) - size(a));
      return { feature: foremost?.feature ?? '', contribution };
    })
    .filter(({ contribution }) => contribution !== 0);
}

interface Line {
  readonly feature: string;
  readonly contribution: number;
  /** Used instead of the feature's text. */
  readonly said?: Said | undefined;
  /** Used if the feature has no text. */
  readonly ofCap?: Said | undefined;
}

type Said = Pick<Reason, 'code' | 'text'>;

function gather(lines: readonly Line[]): Line[] {
  const sums = new Map<string, Line>();
  for (const line of lines) {
    const before = sums.get(line.feature);
    const together = before && {
      feature: line.feature,
      contribution: before.contribution + line.contribution,
      said: before.said ?? line.said,
      ofCap: before.ofCap ?? line.ofCap,
    };
    sums.set(line.feature, together ?? line);
  }
  return [...sums.values()].filter(({ contribution }) => contribution !== 0);
}

function told({ feature, contribution, said, ofCap }: Line, features: FeatureValues): Reason {
  const value = features[feature] ?? null;
  const text = textFor(feature, value);
  const ofValue = text === undefined ? undefined : { code: featureCode(feature, value), text };
  return { feature, value, contribution, ...(said ?? ofValue ?? ofCap ?? { code: feature, text: feature }) };
}

const rank = ({ contribution }: Pick<Line, 'contribution'>): number => (contribution < 0 ? 0 : 1);
const size = ({ contribution }: Line): number => Math.abs(contribution);
