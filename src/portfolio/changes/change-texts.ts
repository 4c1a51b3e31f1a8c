import { textFor } from '../../scoring/model/reason-texts.js';
import type { DescribedScore } from '../scores/describe-score.js';
import type { CardCause } from './card-cause.js';

const UNKNOWN = 'unknown';

/** If the value is unchanged, its weight changed because others became known or unknown. A change may be too small to show in words. */
export function featureText(key: string, from: number | null, to: number | null): string {
  const [was, is] = [textFor(key, from) ?? UNKNOWN, textFor(key, to) ?? UNKNOWN];
  if (was !== is) return `${was} → ${is}`;
  if (from === to || from === null || to === null) return `${is}, unchanged; its weight changed`;
  return `${is}, ${to > from ? 'up' : 'down'} slightly`;
}

/** `subject` is null for an override. Contributions are undefined where it did not apply. */
export function adjustmentText(
  subject: string | null,
  was: number | undefined,
  is: number | undefined,
): string {
  if (subject === null) {
    if (was === undefined) return 'overridden';
    return is === undefined ? 'override removed' : 'still overridden; the data changed';
  }
  if (was === undefined) return `capped: ${subject}`;
  return is === undefined
    ? `no longer capped: ${subject}`
    : `still capped, by a different amount: ${subject}`;
}

export function cardText(from: DescribedScore, to: DescribedScore, cause: CardCause): string {
  const cards = `scorecard ${nameOf(from)} → ${nameOf(to)}`;
  if (cause !== 'account') return cards;
  const moves = (['tier', 'stage', 'status'] as const)
    .filter((name) => from.score[name] !== to.score[name])
    .map((name) => moveText(name, from, to));
  return `${cards}, because of its ${moves.join(', ')}`;
}

/** If it is unchanged, its contribution changed with another feature: fitted models have pairs. */
export function moveText(
  name: 'tier' | 'stage' | 'status',
  from: DescribedScore,
  to: DescribedScore,
): string {
  const [was, is] = [from.score[name] ?? UNKNOWN, to.score[name] ?? UNKNOWN];
  return was === is ? `${name} ${is}, unchanged; its weight changed` : `${name} ${was} → ${is}`;
}

export function modelText(from: DescribedScore, to: DescribedScore, withCard: boolean): string {
  const models = `churn model version ${from.model.version} → ${to.model.version}`;
  return withCard ? `${models}, scorecard ${nameOf(from)} → ${nameOf(to)}` : models;
}

function nameOf({ card: { card, version } }: DescribedScore): string {
  return `${card.key} version ${version}`;
}
