import { FEATURE_NAMES } from './feature-names.js';

/** Standard deviations from which usage is far from its usual; a judgement. */
const FAR = 2;

/** What a feature's value means for people; undefined when it is unknown. A feature without words of its own is named with its value. */
export function textFor(feature: string, value: number | null): string | undefined {
  if (value === null) return undefined;
  const text = TEXTS.get(feature);
  return text ? text(value) : plainly(feature, value);
}

/** Traits and gauges that the configuration names: `trait.employees`, `gauge.credits`. */
function plainly(feature: string, value: number): string {
  const name = feature.replace(/^(?:trait|gauge)\./, '');
  return `${name} ${Number.isInteger(value) ? value : Number(value.toPrecision(3))}`;
}

const TEXTS = new Map<string, (value: number) => string>([
  ['activeDays7', (value) => `used on ${value} of the last 7 days`],
  ['activeDays28', (value) => `used on ${value} of the last 28 days`],
  ['activeDays90', (value) => `used on ${value} of the last 90 days`],
  ['events28', (value) => `${counted(value, 'event')} in 28 days`],
  [
    'usageTrend28',
    (value) =>
      value === 0
        ? 'usage develops as in the rest of its tier'
        : `usage over 28 days develops ${points(value)} the rest of its tier`,
  ],
  [
    'usageGrowth28',
    (value) => (value === 0 ? 'usage unchanged over 28 days' : `usage ${direction(value)} over 28 days`),
  ],
  [
    'usageGrowthPrior28',
    (value) =>
      value === 0
        ? 'usage unchanged over the 28 days before the last 28'
        : `usage ${direction(value)} over the 28 days before the last 28`,
  ],
  ['activeUsers28', (value) => `${counted(value, 'active user')} in 28 days`],
  ['licenceUse28', (value) => `${percent(value)} of the licences in use`],
  ['licenceUse7', (value) => `${percent(value)} of the licences in use in the last 7 days`],
  ['licencesAssigned', (value) => `${percent(value)} of the licences assigned`],
  ['featuresUsed28', (value) => `${counted(value, 'feature')} used in 28 days`],
  ['featuresUsedPercentile', (value) => `uses ${rankedIn(value, 'features')}`],
  [
    'gateHits14',
    (value) =>
      value === 0
        ? 'no feature beyond its plan tried in 14 days'
        : `a feature beyond its plan tried ${counted(value, 'time')} in 14 days`,
  ],
  [
    'daysSinceLastUse',
    (value) => {
      if (value === 0) return 'in use today';
      return value < 7 ? `last used ${days(value)} ago` : `no use for ${days(value)}`;
    },
  ],
  [
    'usageVsOwn90',
    (value) =>
      Math.abs(value) < 0.5
        ? 'usage as usual for it'
        : `usage ${Math.abs(value) < FAR ? '' : 'far '}${value < 0 ? 'below' : 'above'} its own usual`,
  ],
  ['usagePercentile', (value) => rankedIn(value, 'use', 'less')],

  ['openTickets', (value) => `${value === 0 ? 'no ticket' : counted(value, 'ticket')} open`],
  ['openUrgent', (value) => `${value === 0 ? 'no urgent ticket' : counted(value, 'urgent ticket')} open`],
  [
    'oldestUrgentDays',
    (value) => (value === 0 ? 'no urgent ticket open' : `urgent ticket open for ${atLeastADay(value)}`),
  ],
  ['ticketsPerSeat90', (value) => `${Number(value.toPrecision(2))} tickets per seat in 90 days`],
  ['ticketsPerSeatPercentile', (value) => rankedIn(value, 'tickets per seat')],
  ['firstResponseHours90', (value) => `first answer from support after ${hours(value)}`],
  ['resolutionHours90', (value) => `tickets resolved after ${hours(value)}`],
  [
    'reopenedEscalated90',
    (value) => `${value === 0 ? 'no ticket' : counted(value, 'ticket')} reopened or escalated in 90 days`,
  ],
  ['csat90', (value) => `support rated ${value.toFixed(1)} of 5 over 90 days`],

  ['mrr', (value) => (value === 0 ? 'no MRR' : 'its MRR')],
  [
    'mrrChange180',
    (value) => (value === 0 ? 'MRR unchanged in 180 days' : `MRR ${direction(value)} in 180 days`),
  ],
  [
    'daysToRenewal',
    (value) => {
      if (value < 0) return `renewal was due ${days(-value)} ago`;
      return value < 1 ? 'renewal today' : `renewal in ${days(value)}`;
    },
  ],
  ['autoRenew', (value) => (value === 1 ? 'renews by itself' : 'does not renew by itself')],
  [
    'autoRenew30',
    (value) => `${value === 1 ? 'renews' : 'does not renew'} by itself, as it stood 30 days ago`,
  ],
  ['overdueInvoices', (value) => `${value === 0 ? 'no invoice' : counted(value, 'invoice')} overdue`],
  [
    'overdueDays',
    (value) => (value === 0 ? 'no invoice overdue' : `invoice overdue for ${atLeastADay(value)}`),
  ],
  ['tenureDays', (value) => `customer for ${days(value)}`],
  ['seats', (value) => counted(value, 'seat')],
  ['productsHeld', (value) => `has ${counted(value, 'product')}`],
  ['limitUse', (value) => `${percent(value)} of a limit used`],
  ['daysToLimit', (value) => (value < 1 ? 'a limit is reached' : `a limit is reached in ${days(value)}`)],
  ['noticeGiven', (value) => (value === 1 ? 'notice given' : 'no notice given')],

  ['nps', (value) => `newest NPS answer ${value} of 10`],
  [
    'npsChange',
    (value) =>
      value === 0 ? 'NPS answer unchanged' : `NPS answer ${value < 0 ? 'down' : 'up'} by ${Math.abs(value)}`,
  ],
  ['sponsorNps60', (value) => `a sponsor answered ${value} of 10 in the last 60 days`],
  ['csmSentiment', (value) => `its CSM rates it ${value} of 5`],

  ['daysSinceTwoWay', (value) => (value < 1 ? 'talked with today' : `last talked with ${days(value)} ago`)],
  [
    'championActive28',
    (value) => (value === 1 ? 'the champion is active' : 'the champion was not active for 28 days'),
  ],
  ['championLost', (value) => (value === 1 ? 'the champion has left and nobody came' : 'has a champion')],
  [
    'contactsActive28',
    (value) => `${value === 0 ? 'no contact' : counted(value, 'contact')} active in 28 days`,
  ],
  ['milestonesLate', (value) => `${value === 0 ? 'no milestone' : counted(value, 'milestone')} late`],
  [
    'milestoneLateDays',
    (value) => (value <= 0 ? 'no milestone late' : `a milestone is late by ${atLeastADay(value)}`),
  ],
  ['milestonesDoneShare', (value) => `${percent(value)} of the milestones due are done`],
  ['firstValueDone', (value) => (value === 1 ? 'first value reached' : 'first value not reached yet')],
]);

/** A model may read something from a value that is missing. */
export function unknownText(feature: string): string {
  const words = feature.replace(/^(?:trait|gauge)\./, '').replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ');
  return `${FEATURE_NAMES.get(feature) ?? words.toLowerCase()} not known`;
}

/** The features that have words of their own. */
export const FEATURES_WITH_TEXT: readonly string[] = [...TEXTS.keys()];

function direction(change: number): string {
  const size = Math.abs(change);
  return `${change < 0 ? 'down' : 'up'} ${size < 1 ? size : Math.round(size)} %`;
}

function points(difference: number): string {
  const size = Math.max(1, Math.round(Math.abs(difference)));
  return `${size} percentage ${size === 1 ? 'point' : 'points'} ${difference < 0 ? 'worse than' : 'better than'}`;
}

/** Of a share; only nothing is 0 % and only all of it 100 %. */
function percent(share: number): string {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return 'less than 1 %';
  if (whole === 100 && share < 1) return '99 %';
  return `${whole} %`;
}

function days(value: number): string {
  return counted(Math.floor(value), 'day');
}

function atLeastADay(value: number): string {
  return value < 1 ? 'less than a day' : days(value);
}

/** Where it stands in its tier, from 0 to 1: said of the greater part of the others. */
function rankedIn(percentile: number, what: string, less = 'fewer'): string {
  const isHigh = percentile >= 0.5;
  const share = isHigh ? percentile : 1 - percentile;
  return `${isHigh ? 'more' : less} ${what} than ${share >= 1 ? 'the rest' : percent(share)} of its tier`;
}

function hours(value: number): string {
  if (value < 1) return 'less than an hour';
  return value < 48 ? counted(Math.round(value), 'hour') : days(value / 24);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
