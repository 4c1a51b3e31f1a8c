/**
 * RavenStack's files have no users, invoices, surveys, meetings or milestones, so too little is known for a band with the built-in cards. This
 * card only uses what the files contain. Adjust its weights and corners.
 */
export const SCORECARD = {
  name: 'RavenStack',
  bands: { green: 70, yellow: 40 },
  dimensions: [
    {
      key: 'adoption',
      weight: 45,
      measures: [
        {
          feature: 'activeDays28',
          weight: 15,
          curve: [
            [0, 0],
            [1, 40],
            [2, 70],
            [4, 100],
          ],
        },
        {
          feature: 'daysSinceLastUse',
          weight: 15,
          curve: [
            [7, 100],
            [21, 70],
            [45, 40],
            [90, 0],
          ],
        },
        {
          feature: 'usageVsOwn90',
          weight: 10,
          curve: [
            [-2, 0],
            [-1, 40],
            [0, 70],
            [1, 100],
          ],
        },
        {
          feature: 'featuresUsedPercentile',
          weight: 5,
          curve: [
            [0, 20],
            [0.5, 70],
            [0.75, 100],
          ],
        },
      ],
    },
    {
      key: 'support',
      weight: 25,
      measures: [
        {
          feature: 'reopenedEscalated90',
          weight: 10,
          curve: [
            [0, 100],
            [1, 70],
            [2, 40],
            [4, 0],
          ],
        },
        {
          feature: 'csat90',
          weight: 10,
          curve: [
            [2, 0],
            [3.5, 40],
            [4.2, 70],
            [4.7, 100],
          ],
        },
        {
          feature: 'firstResponseHours90',
          weight: 5,
          curve: [
            [0.5, 100],
            [1.5, 70],
            [3, 40],
            [12, 0],
          ],
        },
      ],
    },
    {
      key: 'commercial',
      weight: 30,
      measures: [
        {
          feature: 'mrrChange180',
          weight: 25,
          curve: [
            [-30, 0],
            [-10, 40],
            [0, 70],
            [10, 100],
          ],
        },
        {
          feature: 'autoRenew',
          weight: 5,
          curve: [
            [0, 40],
            [1, 100],
          ],
        },
      ],
    },
  ],
  caps: [
    {
      key: 'noUse60d',
      limit: 39,
      when: [{ feature: 'daysSinceLastUse', atLeast: 60 }],
      text: 'no use for 60 days or more',
    },
    {
      key: 'urgentOpen7d',
      limit: 39,
      when: [{ feature: 'oldestUrgentDays', atLeast: 7 }],
      text: 'an urgent ticket open for 7 days or more',
    },
  ],
};

/** Replaces the default card and removes the built-in cards for specific accounts, which would take precedence over it. */
export async function fitScorecard(steward) {
  const { items } = await steward.get('/v1/scorecards');
  for (const { key, builtIn, version } of items) {
    if (key !== 'default' && builtIn) await steward.remove(`/v1/scorecards/${key}`, version);
  }
  const { version } = items.find(({ key }) => key === 'default');
  const put = await steward.put('/v1/scorecards/default', SCORECARD, version);
  console.log(`\nScored by scorecard ${put.key}, version ${put.version}: ${SCORECARD.name}`);
}
