import { type ChurnRisk, LOGIT_SCALE } from '../model/churn-risk.js';
import { groupOf } from '../model/reason-groups.js';
import { textFor } from '../model/reason-texts.js';
import { featureCode, reasonsOf, riskText } from '../model/reasons.js';
import type { Scorecard } from '../model/scorecard.js';
import type { TopReason } from './list-item.dto.js';
import type { UnpackedScore } from './packed-score.js';

const MAX_REASONS = 3;
/** Days before the notice deadline from which it is a reason to call an account that also has a negative reason; a judgment call. */
const NOTICE_SOON = 30;

/**
 * In this order: notice given, notice deadline near, what raises the risk (if learned), what lowers health. Positive
 * reasons are given only if there are no negative ones.
 */
export function topReasons(card: Scorecard, score: UnpackedScore, risk: ChurnRisk | null): TopReason[] {
  const { features, status } = score;
  const bad: TopReason[] = status === 'leaving' ? [endOf(score)] : [];
  for (const { feature, contribution } of risk?.foremost?.(MAX_REASONS) ?? []) {
    const value = features[feature] ?? null;
    const isFeature = feature !== 'tier' && feature !== 'stage';
    const code = isFeature ? featureCode(feature, value) : feature;
    const text = riskText(feature, score);
    bad.push({ of: 'churnRisk', feature, value, contribution: contribution / LOGIT_SCALE, code, text });
  }
  const lines = bad.length >= MAX_REASONS ? [] : ofHealth(card, score);
  bad.push(...lines.filter(({ contribution }) => (contribution ?? 0) < 0));
  const found = bad.length > 0 ? [...deadlineOf(score), ...bad] : lines;
  const groups = new Map(found.toReversed().map((one) => [groupOf(one.feature), one]));
  return found.filter((one) => groups.get(groupOf(one.feature)) === one).slice(0, MAX_REASONS);
}

function deadlineOf({ features, status }: UnpackedScore): TopReason[] {
  const feature = 'daysToNotice';
  const value = features[feature] ?? null;
  if (status !== 'active' || value === null || value > NOTICE_SOON) return [];
  return [
    { of: 'status', feature, value, contribution: null, code: feature, text: textFor(feature, value) ?? '' },
  ];
}

function ofHealth(card: Scorecard, score: UnpackedScore): TopReason[] {
  return reasonsOf(card, score, score.features, 2 * MAX_REASONS).map((reason) => ({
    of: 'health',
    ...reason,
    contribution: reason.contribution / 100,
  }));
}

function endOf({ features }: UnpackedScore): TopReason {
  const value = features['noticeGiven'] ?? null;
  const said =
    value === 1
      ? { code: 'noticeGiven', text: 'notice given' }
      : { code: 'subscriptionEnded', text: 'last subscription ended' };
  return { of: 'status', feature: 'noticeGiven', value, contribution: null, ...said };
}
