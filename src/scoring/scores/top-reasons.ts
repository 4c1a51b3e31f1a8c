import type { ChurnRisk } from '../model/churn-risk.js';
import { groupOf } from '../model/reason-groups.js';
import { textFor } from '../model/reason-texts.js';
import { reasonsOf, riskText } from '../model/reasons.js';
import type { Scorecard } from '../model/scorecard.js';
import type { UnpackedScore } from './packed-score.js';

const MOST_REASONS = 3;
/** Days before its notice deadline from which an account with something bad about it is called for that; a judgement. */
const NOTICE_SOON = 30;

interface Told {
  readonly feature: string;
  readonly text: string;
}

/**
 * Why somebody should look at the account: that it is leaving; that its notice deadline is near, after which it is too late; what raises its risk where that was learned; what lowers its health. Only of
 * one of which nothing bad is known, what is good.
 */
export function topReasons(card: Scorecard, score: UnpackedScore, risk: ChurnRisk | null): string[] {
  const { features, status } = score;
  const bad: Told[] = status === 'leaving' ? [endOf(score)] : [];
  for (const feature of risk?.foremost?.(MOST_REASONS) ?? [])
    bad.push({ feature, text: riskText(feature, score) });
  const lines = bad.length >= MOST_REASONS ? [] : reasonsOf(card, score, features, 2 * MOST_REASONS);
  bad.push(...lines.filter(({ contribution }) => contribution < 0));
  const found = bad.length > 0 ? [...deadlineOf(score), ...bad] : lines;
  const groups = new Map(found.toReversed().map((one) => [groupOf(one.feature), one]));
  return found
    .filter((one) => groups.get(groupOf(one.feature)) === one)
    .slice(0, MOST_REASONS)
    .map(({ text }) => text);
}

function deadlineOf({ features, status }: UnpackedScore): Told[] {
  const feature = 'daysToNotice';
  const days = features[feature] ?? null;
  if (status !== 'active' || days === null || days > NOTICE_SOON) return [];
  return [{ feature, text: textFor(feature, days) ?? '' }];
}

function endOf({ features }: UnpackedScore): Told {
  const text = features['noticeGiven'] === 1 ? 'notice given' : 'its last subscription has ended';
  return { feature: 'noticeGiven', text };
}
