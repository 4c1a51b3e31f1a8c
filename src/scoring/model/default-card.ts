import type { Scorecard } from './scorecard.js';

/**
 * Good without configuring: the corners at 40 and 70 follow published cards of PostHog and GitLab where there are any, the
 * weights are judgement.
 */
export const DEFAULT_CARD: Scorecard = {
  key: 'default',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'adoption',
      weight: 45,
      measures: [
        {
          feature: 'usageTrend28',
          weight: 12,
          curve: [
            [-50, 0],
            [-20, 40],
            [-5, 70],
            [10, 100],
          ],
        },
        {
          feature: 'daysSinceLastUse',
          weight: 8,
          curve: [
            [2, 100],
            [7, 70],
            [14, 40],
            [30, 0],
          ],
        },
      ],
    },
    {
      key: 'support',
      weight: 15,
      measures: [
        {
          feature: 'oldestUrgentDays',
          weight: 5,
          curve: [
            [0, 100],
            [2, 40],
            [7, 0],
          ],
        },
        {
          feature: 'csat90',
          weight: 4,
          curve: [
            [2, 0],
            [3.5, 40],
            [4.2, 70],
            [4.7, 100],
          ],
        },
      ],
    },
    {
      key: 'commercial',
      weight: 15,
      measures: [
        {
          feature: 'mrrChange180',
          weight: 7,
          curve: [
            [-30, 0],
            [-10, 40],
            [0, 70],
            [10, 100],
          ],
        },
      ],
    },
  ],
  caps: [
    {
      key: 'noUse30d',
      limit: 39,
      when: [{ feature: 'daysSinceLastUse', atLeast: 30 }],
      text: 'no use for 30 days or more',
    },
    {
      key: 'urgentOpen7d',
      limit: 39,
      when: [{ feature: 'oldestUrgentDays', atLeast: 7 }],
      text: 'an urgent ticket open for 7 days or more',
    },
  ],
};
