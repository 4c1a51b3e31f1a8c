import { atLeastADay, counted, hours, rankedIn } from './words.js';
import { type Feature, MIN_ANSWERS } from './feature.js';

/** A ticket is open from `openedAt` to `resolvedAt`, and again from a later reopening. At equal times the resolution wins. */
export const SUPPORT_FEATURES = [
  {
    key: 'openTickets',
    name: 'open tickets',
    text: (value) => (value === 0 ? 'no open tickets' : counted(value, 'open ticket')),
    unit: 'tickets',
    meaning: 'Open tickets. Unknown until any account has a ticket.',
    source: 'tickets',
    decimals: 0,
    group: 'tickets',
  },
  {
    key: 'openUrgent',
    name: 'open urgent tickets',
    text: (value) => (value === 0 ? 'no open urgent tickets' : counted(value, 'open urgent ticket')),
    unit: 'tickets',
    meaning: 'Open urgent tickets. Unknown until any account has a ticket.',
    source: 'tickets',
    decimals: 0,
    group: 'urgent tickets',
    churn: 1,
  },
  {
    key: 'oldestUrgentDays',
    name: 'age of the oldest urgent ticket',
    text: (value) =>
      value === 0 ? 'no open urgent tickets' : `urgent ticket open for ${atLeastADay(value)}`,
    unit: 'days',
    meaning:
      'Age of the oldest open urgent ticket, from its last reopening if it was reopened; 0 when none is open. ' +
      'Unknown until any account has a ticket.',
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
      'Tickets opened in the last 90 days ÷ seats. Unknown without seats, and until any account has a ticket.',
    source: 'tickets',
    decimals: 3,
    group: 'tickets',
  },
  {
    key: 'ticketsPerSeatPercentile',
    name: 'tickets per seat, rank in its tier',
    text: (value) => rankedIn(value, 'tickets per seat'),
    unit: 'share',
    meaning:
      'Rank of `ticketsPerSeat90` in its tier (at least 5 accounts) as of the last full run: 0 lowest, 1 highest. Unknown without either.',
    source: 'tickets',
    decimals: 3,
    range: [0, 1],
    group: 'tickets',
  },
  {
    key: 'firstResponseHours90',
    name: 'first response time',
    text: (value) => `first response after ${hours(value)}`,
    unit: 'hours',
    meaning:
      'Median time to first response over the first responses of the last 90 days. It is measured from the opening, or from the last reopening ' +
      'before the response, as when a bot resolved the ticket first. Responses before the opening are ignored. Unknown without any.',
    source: 'tickets',
    decimals: 2,
    group: 'first response',
  },
  {
    key: 'firstResponseFromOpeningHours90',
    name: 'first response time from opening',
    text: (value) => `first response ${hours(value)} after opening`,
    unit: 'hours',
    meaning: 'Like `firstResponseHours90`, but always measured from the opening. Unknown without any.',
    source: 'tickets',
    decimals: 2,
    group: 'first response',
  },
  {
    key: 'resolutionHours90',
    name: 'resolution time',
    text: (value) => `tickets resolved in ${hours(value)}`,
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
      `${value === 0 ? 'no tickets' : counted(value, 'ticket')} reopened or escalated in 90 days`,
    unit: 'tickets',
    meaning: 'Tickets reopened or escalated in the last 90 days. Unknown until any account has a ticket.',
    source: 'tickets',
    decimals: 0,
  },
  {
    key: 'csat90',
    name: 'support CSAT',
    text: (value) => `support CSAT ${value.toFixed(1)} of 5 over 90 days`,
    unit: 'points from 1 to 5',
    meaning: `Mean of the ticket ratings given in the last 90 days. Unknown with fewer than ${MIN_ANSWERS}.`,
    source: 'tickets',
    decimals: 2,
    churn: -1,
  },
] as const satisfies readonly Feature[];
