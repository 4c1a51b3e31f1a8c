import { atLeastADay, counted, hours, rankedIn } from './words.js';
import { type Feature, LEAST_ANSWERS } from './feature.js';

/** A ticket is open from `openedAt` to `resolvedAt`, and again from a reopening after that. Resolved and reopened at the same time it is resolved. */
export const SUPPORT_FEATURES = [
  {
    key: 'openTickets',
    name: 'open tickets',
    text: (value) => `${value === 0 ? 'no ticket' : counted(value, 'ticket')} open`,
    unit: 'tickets',
    meaning: 'Tickets open. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
    group: 'tickets',
  },
  {
    key: 'openUrgent',
    name: 'open urgent tickets',
    text: (value) => `${value === 0 ? 'no urgent ticket' : counted(value, 'urgent ticket')} open`,
    unit: 'tickets',
    meaning: 'Urgent tickets open. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
    group: 'urgent tickets',
    churn: 1,
  },
  {
    key: 'oldestUrgentDays',
    name: 'age of the oldest urgent ticket',
    text: (value) => (value === 0 ? 'no urgent ticket open' : `urgent ticket open for ${atLeastADay(value)}`),
    unit: 'days',
    meaning:
      'How long the urgent ticket open the longest has been open, since it was last reopened; 0 when none is open. ' +
      'Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 1,
    group: 'urgent tickets',
    churn: 1,
  },
  {
    key: 'ticketsPerSeat90',
    name: 'tickets per seat',
    text: (value) => `${Number(value.toPrecision(2))} tickets per seat in 90 days`,
    unit: 'tickets per seat',
    meaning:
      'Tickets opened in the last 90 days ÷ seats. Unknown without seats and while no ticket has ever come in.',
    source: 'tickets',
    decimals: 3,
    group: 'tickets',
  },
  {
    key: 'ticketsPerSeatPercentile',
    name: 'tickets per seat against its tier',
    text: (value) => rankedIn(value, 'tickets per seat'),
    unit: 'share',
    meaning:
      'Where `ticketsPerSeat90` stands in its tier (of at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'tickets',
    decimals: 3,
    range: [0, 1],
    group: 'tickets',
  },
  {
    key: 'firstResponseHours90',
    name: 'time to the first answer from support',
    text: (value) => `first answer from support after ${hours(value)}`,
    unit: 'hours',
    meaning:
      'Median time to the first response, of the first responses of the last 90 days: from the opening, or from the last reopening before the response, ' +
      'as when a bot resolved the ticket first. A response before the opening is left out. Unknown without any.',
    source: 'tickets',
    decimals: 2,
    group: 'first response',
  },
  {
    key: 'firstResponseFromOpeningHours90',
    name: 'time from opening to the first answer from support',
    text: (value) => `first answer from support ${hours(value)} after opening`,
    unit: 'hours',
    meaning:
      'Like `firstResponseHours90`, but always from the opening, also when the ticket was reopened before the first response. Unknown without any.',
    source: 'tickets',
    decimals: 2,
    group: 'first response',
  },
  {
    key: 'resolutionHours90',
    name: 'time until tickets are resolved',
    text: (value) => `tickets resolved after ${hours(value)}`,
    unit: 'hours',
    meaning:
      'Median time from opening to resolution, of the tickets resolved in the last 90 days; a resolution before the opening is left out. Unknown without any.',
    source: 'tickets',
    decimals: 1,
  },
  {
    key: 'reopenedEscalated90',
    name: 'tickets reopened or escalated',
    text: (value) =>
      `${value === 0 ? 'no ticket' : counted(value, 'ticket')} reopened or escalated in 90 days`,
    unit: 'tickets',
    meaning: 'Tickets reopened or escalated in the last 90 days. Unknown while no ticket has ever come in.',
    source: 'tickets',
    decimals: 0,
  },
  {
    key: 'csat90',
    name: 'support rating',
    text: (value) => `support rated ${value.toFixed(1)} of 5 over 90 days`,
    unit: 'points from 1 to 5',
    meaning: `Mean of the ticket ratings given in the last 90 days. Unknown below ${LEAST_ANSWERS} of them.`,
    source: 'tickets',
    decimals: 2,
    churn: -1,
  },
] as const satisfies readonly Feature[];
