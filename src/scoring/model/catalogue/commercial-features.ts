import { atLeastADay, counted, days, direction, percent } from './words.js';
import { type Feature, MIN_GROWTH_DAYS, MAX_DAYS, MAX_PERCENT, YES_NO } from './feature.js';

/**
 * A paid subscription is one that runs, has an MRR and is not a trial. A free period of a paying customer counts as paid for everything but the
 * MRR.
 */
export const COMMERCIAL_FEATURES = [
  {
    key: 'mrr',
    name: 'MRR',
    text: (value) => (value === 0 ? 'no MRR' : 'current MRR'),
    unit: 'minor units of the reporting currency',
    meaning:
      'Monthly recurring revenue of the running subscriptions; trials count as 0. Unknown until any account has a subscription.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'size',
  },
  {
    key: 'mrrChange180',
    name: 'MRR change over 180 days',
    text: (value) => (value === 0 ? 'MRR flat over 180 days' : `MRR ${direction(value)} over 180 days`),
    unit: 'percent',
    meaning:
      'Change in MRR over 180 days, both ends at the exchange rates of the day itself, up to 1,000. Unknown without MRR 180 days ago.',
    source: 'subscriptions',
    most: MAX_PERCENT,
    decimals: 1,
  },
  {
    key: 'daysToRenewal',
    name: 'next renewal',
    text: (value) => (value < 1 ? 'renewal today' : `renewal in ${days(value)}`),
    unit: 'days',
    meaning:
      'Days to the next renewal of a paid subscription; 0 on the day itself. Unknown when none is ahead.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'renewal',
  },
  {
    key: 'daysToNotice',
    name: 'notice deadline',
    text: (value) => (value < 1 ? 'last day to give notice' : `notice deadline in ${days(value)}`),
    unit: 'days',
    meaning:
      'Days to the last day to give notice before the next renewal of a paid subscription that auto-renews: `renewsAt` minus `noticePeriodDays`; ' +
      '0 on the day itself. Unknown when none is ahead, notice was given, or the notice period is not known.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'renewal',
  },
  {
    key: 'autoRenew',
    name: 'auto-renewal',
    text: (value) => (value === 1 ? 'auto-renews' : 'does not auto-renew'),
    unit: YES_NO,
    meaning: 'Whether all paid subscriptions auto-renew; 0 when one does not. Unknown when none says.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'auto-renewal',
    partOfLeaving: true,
  },
  {
    key: 'autoRenew30',
    name: 'auto-renewal 30 days ago',
    text: (value) => `${value === 1 ? 'set' : 'not set'} to auto-renew 30 days ago`,
    unit: YES_NO,
    meaning:
      '`autoRenew` as it stood 30 days earlier, for models: switching it off is part of churning, so the current value predicts nothing. ' +
      'Unknown without a paid subscription at that time.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'auto-renewal',
  },
  {
    key: 'noticeGiven',
    name: 'notice given',
    text: (value) => (value === 1 ? 'notice given' : 'no notice given'),
    unit: YES_NO,
    meaning:
      'Whether notice was given for all paid subscriptions. Unknown until any account has a subscription.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    partOfLeaving: true,
  },
  {
    key: 'overdueInvoices',
    name: 'overdue invoices',
    text: (value) => (value === 0 ? 'no overdue invoices' : counted(value, 'overdue invoice')),
    unit: 'invoices',
    meaning:
      'Invoices past their due day (UTC) that are neither paid nor fully refunded: due on the 28th, overdue from the 29th. ' +
      'Credit notes are never overdue. Unknown until any account has an invoice.',
    source: 'invoices',
    decimals: 0,
    group: 'overdue invoices',
  },
  {
    key: 'overdueDays',
    name: 'days overdue',
    text: (value) => (value === 0 ? 'no overdue invoices' : `invoice overdue for ${atLeastADay(value)}`),
    unit: 'days',
    meaning:
      'Days since the due day of the oldest overdue invoice; 0 when none is overdue. Unknown until any account has an invoice.',
    source: 'invoices',
    decimals: 0,
    group: 'overdue invoices',
  },
  {
    key: 'tenureDays',
    name: 'time as a customer',
    text: (value) => `customer for ${days(value)}`,
    unit: 'days',
    meaning:
      'Days since its first paid day; without one, since `createdAt` or its first fact, whichever is earlier.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'tenure',
  },
  {
    key: 'seats',
    name: 'seats',
    text: (value) => counted(value, 'seat'),
    unit: 'seats',
    meaning:
      'Seats of the product with the most seats, added over its running subscriptions. Unknown when not sent.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'size',
  },
  {
    key: 'productsHeld',
    name: 'products',
    text: (value) => counted(value, 'product'),
    unit: 'products',
    meaning:
      'Distinct products of the running subscriptions that are not trials; those without a name count as one. Unknown when none runs.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
  },
  {
    key: 'limitUse',
    name: 'limit usage',
    text: (value) => `${percent(value)} of a limit used`,
    unit: 'share',
    meaning:
      "Usage of the tightest limit of a running subscription: the gauge's latest reading ÷ the allowance. Unknown without both; limits of 0 are ignored.",
    source: 'gauges',
    decimals: 3,
    group: 'limits',
  },
  {
    key: 'daysToLimit',
    name: 'days to limit',
    text: (value) => (value < 1 ? 'limit reached' : `limit reached in ${days(value)}`),
    unit: 'days',
    meaning:
      'Days until the first limit is reached if its gauge keeps growing as in the last 90 days, at most 3,650; 0 when one is reached. ' +
      `Unknown when none grows, or the readings of the 90 days span less than ${MIN_GROWTH_DAYS} days.`,
    source: 'gauges',
    most: MAX_DAYS,
    decimals: 0,
    range: [0, MAX_DAYS],
    group: 'limits',
  },
] as const satisfies readonly Feature[];
