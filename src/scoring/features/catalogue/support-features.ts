import { type Feature, LEAST_ANSWERS } from './feature.js';

/** A ticket is open from `openedAt` to `resolvedAt`, and again from a reopening after that. Resolved and reopened at the same time it is resolved. */
export const SUPPORT_FEATURES = [
  {
    key: 'openTickets',
    unit: 'tickets',
    meaning: 'Tickets open. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
  },
  {
    key: 'openUrgent',
    unit: 'tickets',
    meaning: 'Urgent tickets open. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
  },
  {
    key: 'oldestUrgentDays',
    unit: 'days',
    meaning:
      'How long the urgent ticket open the longest has been open, since it was last reopened; 0 when none is open. ' +
      'Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 1,
  },
  {
    key: 'ticketsPerSeat90',
    unit: 'tickets per seat',
    meaning:
      'Tickets opened in the last 90 days ÷ seats. Unknown without seats and while no ticket has ever come in.',
    source: 'tickets',
    decimals: 3,
  },
  {
    key: 'ticketsPerSeatPercentile',
    unit: 'share',
    meaning:
      'Where `ticketsPerSeat90` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'tickets',
    decimals: 3,
  },
  {
    key: 'firstResponseHours90',
    unit: 'hours',
    meaning:
      'Median time to the first response, of the first responses of the last 90 days: from the opening, or from the last reopening before the response, ' +
      'as when a bot resolved the ticket first. A response before the opening is left out. Unknown without any.',
    source: 'tickets',
    decimals: 2,
  },
  {
    key: 'firstResponseFromOpeningHours90',
    unit: 'hours',
    meaning:
      'Like `firstResponseHours90`, but always from the opening, also when the ticket was reopened before the first response. Unknown without any.',
    source: 'tickets',
    decimals: 2,
  },
  {
    key: 'resolutionHours90',
    unit: 'hours',
    meaning:
      'Median time from opening to resolution, of the tickets resolved in the last 90 days; a resolution before the opening is left out. Unknown without any.',
    source: 'tickets',
    decimals: 1,
  },
  {
    key: 'reopenedEscalated90',
    unit: 'tickets',
    meaning: 'Tickets reopened or escalated in the last 90 days. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
  },
  {
    key: 'csat90',
    unit: 'points from 1 to 5',
    meaning: `Mean of the ticket ratings given in the last 90 days. Unknown below ${LEAST_ANSWERS} of them.`,
    source: 'tickets',
    decimals: 2,
  },
] as const satisfies readonly Feature[];
