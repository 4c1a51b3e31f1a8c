import type { Curve } from './curve.js';
import type { Cap, Dimension, Measure, Scorecard } from './scorecard.js';

/**
 * Good without configuring: the corners at 40 and 70 follow published cards of PostHog and GitLab where there are any, the
 * weights are judgment, and a backtest may move them.
 */
const BANDS = { green: 70, yellow: 40 };

const measure = (feature: string, weight: number, curve: Curve, when?: Measure['when']): Measure =>
  when ? { feature, weight, curve, when } : { feature, weight, curve };

const LICENCE_USE: Curve = [
  [0, 0],
  [0.2, 40],
  [0.5, 70],
  [0.8, 100],
];
const IDLE: Curve = [
  [2, 100],
  [7, 70],
  [14, 40],
  [30, 0],
];
const FEATURES_USED: Curve = [
  [0, 20],
  [0.5, 70],
  [0.75, 100],
];
/** What is assigned in the first half year: roll-outs take their time. */
const ASSIGNED_EARLY: Curve = [
  [0, 0],
  [0.1, 40],
  [0.5, 70],
  [0.75, 100],
];
const ASSIGNED_LATER: Curve = [
  [0, 0],
  [0.5, 40],
  [0.75, 70],
  [0.9, 100],
];
const MONTHS_2 = 60;
const MONTHS_6 = 180;

const ADOPTION: readonly Measure[] = [
  measure('licenceUse28', 15, LICENCE_USE),
  measure('usageTrend28', 12, [
    [-50, 0],
    [-20, 40],
    [-5, 70],
    [10, 100],
  ]),
  measure('daysSinceLastUse', 8, IDLE),
  measure('featuresUsedPercentile', 5, FEATURES_USED),
  measure('licencesAssigned', 5, ASSIGNED_EARLY, [
    { attribute: 'tenureDays', atLeast: MONTHS_2, below: MONTHS_6 },
  ]),
  measure('licencesAssigned', 5, ASSIGNED_LATER, [{ attribute: 'tenureDays', atLeast: MONTHS_6 }]),
];

const SUPPORT: readonly Measure[] = [
  measure('oldestUrgentDays', 5, [
    [0, 100],
    [2, 40],
    [7, 0],
  ]),
  measure('csat90', 4, [
    [2, 0],
    [3.5, 40],
    [4.2, 70],
    [4.7, 100],
  ]),
  // Silence is not health.
  measure('ticketsPerSeatPercentile', 3, [
    [0, 70],
    [0.3, 100],
    [0.8, 70],
    [1, 0],
  ]),
  measure('reopenedEscalated90', 3, [
    [0, 100],
    [1, 70],
    [2, 40],
    [4, 0],
  ]),
];

const RELATIONSHIP: readonly Measure[] = [
  measure('championActive28', 6, [
    [0, 20],
    [1, 100],
  ]),
  measure('daysSinceTwoWay', 5, [
    [14, 100],
    [30, 70],
    [90, 40],
    [180, 0],
  ]),
  measure('contactsActive28', 4, [
    [0, 0],
    [1, 40],
    [3, 70],
    [5, 100],
  ]),
];

const SENTIMENT: readonly Measure[] = [
  measure('nps', 5, [
    [0, 0],
    [6, 40],
    [8, 70],
    [10, 100],
  ]),
  measure('csmSentiment', 5, [
    [1, 0],
    [2, 40],
    [3, 70],
    [5, 100],
  ]),
];

const COMMERCIAL: readonly Measure[] = [
  measure('overdueDays', 8, [
    [0, 100],
    [10, 70],
    [30, 40],
    [60, 0],
  ]),
  measure('mrrChange180', 7, [
    [-30, 0],
    [-10, 40],
    [0, 70],
    [10, 100],
  ]),
];

const DONE: Curve = [
  [0, 0],
  [0.5, 40],
  [0.8, 70],
  [1, 100],
];
const LATE: Curve = [
  [0, 100],
  [7, 70],
  [14, 40],
  [30, 0],
];

const ONBOARDING_ACTIVATION: readonly Measure[] = [
  measure('milestonesDoneShare', 15, DONE),
  measure('milestoneLateDays', 10, LATE),
  measure('firstValueDone', 15, [
    [0, 20],
    [1, 100],
  ]),
  measure('licencesAssigned', 10, ASSIGNED_EARLY, [{ attribute: 'tenureDays', atLeast: 14 }]),
];

const ONBOARDING_ADOPTION: readonly Measure[] = [
  measure('licenceUse28', 10, LICENCE_USE),
  measure('daysSinceLastUse', 10, IDLE),
  measure('featuresUsedPercentile', 5, FEATURES_USED),
];

const TRIAL_ACTIVATION: readonly Measure[] = [
  measure('firstValueDone', 30, [
    [0, 30],
    [1, 100],
  ]),
  measure('milestonesDoneShare', 15, DONE),
  measure('licencesAssigned', 15, ASSIGNED_EARLY),
];

const TRIAL_ADOPTION: readonly Measure[] = [
  measure('activeDays7', 15, [
    [0, 0],
    [1, 40],
    [3, 70],
    [5, 100],
  ]),
  measure('daysSinceLastUse', 15, IDLE),
  measure('featuresUsedPercentile', 10, FEATURES_USED),
];

const CAPS: readonly Cap[] = [
  { key: 'noticeGiven', limit: 39, when: [{ feature: 'noticeGiven', atLeast: 1 }], text: 'notice given' },
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
  {
    key: 'overdue45d',
    limit: 39,
    when: [{ feature: 'overdueDays', atLeast: 45 }],
    text: 'an invoice overdue for 45 days or more',
  },
  {
    key: 'licencesUnassigned',
    limit: 39,
    when: [
      { feature: 'licencesAssigned', below: 0.1 },
      { attribute: 'tenureDays', above: 60 },
    ],
    text: 'less than 10% of licenses assigned after 60 days',
  },
  {
    key: 'championGone',
    limit: 69,
    when: [{ feature: 'championLost', atLeast: 1 }],
    text: 'champion left, no successor',
  },
  {
    key: 'sponsorUnhappy',
    limit: 69,
    when: [{ feature: 'sponsorNps60', atMost: 6 }],
    text: 'a sponsor gave an NPS of 6 or less within 60 days',
  },
  {
    key: 'milestoneLate30d',
    limit: 69,
    when: [{ feature: 'milestoneLateDays', atLeast: 30 }],
    text: 'a milestone late by 30 days or more',
  },
];

interface Weights {
  readonly adoption: number;
  readonly support: number;
  readonly relationship: number;
  readonly sentiment: number;
  readonly commercial: number;
}

function dimensionsBy({ adoption, support, relationship, sentiment, commercial }: Weights): Dimension[] {
  const all: Dimension[] = [
    { key: 'adoption', weight: adoption, measures: ADOPTION },
    { key: 'support', weight: support, measures: SUPPORT },
    { key: 'relationship', weight: relationship, measures: RELATIONSHIP },
    { key: 'sentiment', weight: sentiment, measures: SENTIMENT },
    { key: 'commercial', weight: commercial, measures: COMMERCIAL },
  ];
  return all.filter(({ weight }) => weight > 0);
}

/** The first one serves every account that no other card matches. */
export const DEFAULT_CARDS: readonly [Scorecard, ...Scorecard[]] = [
  {
    key: 'default',
    name: 'Default',
    bands: BANDS,
    dimensions: dimensionsBy({ adoption: 45, support: 15, relationship: 15, sentiment: 10, commercial: 15 }),
    caps: CAPS,
  },
  {
    key: 'default-enterprise',
    name: 'Default for enterprises',
    appliesTo: { tiers: ['enterprise'] },
    bands: BANDS,
    dimensions: dimensionsBy({ adoption: 35, support: 15, relationship: 25, sentiment: 15, commercial: 10 }),
    caps: CAPS,
  },
  {
    key: 'default-smb',
    name: 'Default for small businesses',
    appliesTo: { tiers: ['smb'] },
    bands: BANDS,
    dimensions: dimensionsBy({ adoption: 60, support: 15, relationship: 0, sentiment: 5, commercial: 20 }),
    caps: CAPS,
  },
  {
    key: 'default-onboarding',
    name: 'Default while onboarding',
    appliesTo: { stages: ['onboarding'] },
    bands: BANDS,
    dimensions: [
      { key: 'activation', weight: 50, measures: ONBOARDING_ACTIVATION },
      { key: 'adoption', weight: 25, measures: ONBOARDING_ADOPTION },
      { key: 'relationship', weight: 15, measures: RELATIONSHIP },
      { key: 'support', weight: 10, measures: SUPPORT },
    ],
    caps: CAPS,
  },
  {
    key: 'default-trial',
    name: 'Default for trials',
    appliesTo: { statuses: ['trial'] },
    bands: BANDS,
    dimensions: [
      { key: 'activation', weight: 60, measures: TRIAL_ACTIVATION },
      { key: 'adoption', weight: 40, measures: TRIAL_ADOPTION },
    ],
    caps: CAPS,
  },
];
