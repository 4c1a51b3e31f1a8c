import { type Feature, YES_NO } from './feature.js';

/** A milestone is seen once its due day has passed or it was done: the first thing said of one reaches back, so only its dates say when it came to be. */
export const RELATIONSHIP_FEATURES = [
  {
    key: 'nps',
    unit: 'points from 0 to 10',
    meaning: 'The newest NPS answer of the last 180 days. Unknown without any.',
    source: 'surveys',
    decimals: 1,
  },
  {
    key: 'npsChange',
    unit: 'points',
    meaning:
      "`nps` minus the same contact's answer before it; without a contact, minus the one before it without a contact. Unknown without such.",
    source: 'surveys',
    decimals: 1,
  },
  {
    key: 'sponsorNps60',
    unit: 'points from 0 to 10',
    meaning:
      "The lowest of the sponsors' newest NPS answers of the last 60 days. Unknown without any from a contact with the role `sponsor`.",
    source: 'surveys',
    decimals: 1,
  },
  {
    key: 'csmSentiment',
    unit: 'points from 1 to 5',
    meaning: "The newest `sentiment`, the CSM's own judgement, of the last 90 days. Unknown without any.",
    source: 'surveys',
    decimals: 1,
  },
  {
    key: 'daysSinceTwoWay',
    unit: 'days',
    meaning:
      'Days since the newest activity in which the customer took part or answered. Unknown without any.',
    source: 'activities',
    decimals: 0,
  },
  {
    key: 'championActive28',
    unit: YES_NO,
    meaning:
      'Whether a contact with the role `champion` was active in the last 28 days. Unknown without a champion whose `userIds` are known.',
    source: 'contacts',
    decimals: 0,
  },
  {
    key: 'championLost',
    unit: YES_NO,
    meaning:
      'Whether there was a contact with the role `champion` and is none now. Unknown when there never was one; erasing one leaves no trace of it.',
    source: 'contacts',
    decimals: 0,
  },
  {
    key: 'contactsActive28',
    unit: 'contacts',
    meaning: 'Contacts active in the last 28 days. Unknown without a contact whose `userIds` are known.',
    source: 'contacts',
    decimals: 0,
  },
  {
    key: 'milestonesLate',
    unit: 'milestones',
    meaning:
      'Milestones whose due day (UTC) has passed and that are not done. Unknown before one was late or done.',
    source: 'milestones',
    decimals: 0,
  },
  {
    key: 'milestoneLateDays',
    unit: 'days',
    meaning:
      'Days since the due day of the milestone late the longest; 0 when none is. Unknown before one was late or done.',
    source: 'milestones',
    decimals: 0,
  },
  {
    key: 'milestonesDoneShare',
    unit: 'share',
    meaning: 'Milestones done ÷ milestones late or done so far. Unknown before one was late or done.',
    source: 'milestones',
    decimals: 3,
  },
  {
    key: 'firstValueDone',
    unit: YES_NO,
    meaning: 'Whether the milestone `first_value` is done. Unknown before it was late or done.',
    source: 'milestones',
    decimals: 0,
  },
] as const satisfies readonly Feature[];
