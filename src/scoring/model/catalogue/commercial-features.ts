import { atLeastADay, counted, days, direction, percent } from './words.js';
import { type Feature, LEAST_GROWTH_DAYS, MOST_DAYS, MOST_PERCENT, YES_NO } from './feature.js';

/**
 * "Paid" is a running subscription with an MRR that is no trial; a free period of a customer who has paid counts as paid for everything but
 * the MRR.
 */
export const COMMERCIAL_FEATURES = [
  {
    key: 'mrr',
    name: 'MRR',
    text: (value) => (value === 0 ? 'no MRR' : 'its MRR'),
    unit: 'minor units of the reporting currency',
    meaning:
      'Monthly recurring revenue of the running subscriptions, trials counting 0. Unknown while no subscription has ever come in.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'size',
  },
  {
    key: 'mrrChange180',
    name: 'change of MRR in 180 days',
    text: (value) => (value === 0 ? 'MRR unchanged in 180 days' : `MRR ${direction(value)} in 180 days`),
    unit: 'percent',
    meaning:
      'MRR against that of 180 days before, both at the exchange rates of the day itself, up to 1,000. Unknown when there was none then.',
    source: 'subscriptions',
    most: MOST_PERCENT,
    decimals: 1,
  },
  {
    key: 'daysToRenewal',
    name: 'next renewal',
    text: (value) => (value < 1 ? 'renewal today' : `renewal in ${days(value)}`),
    unit: 'days',
    meaning: 'Days to the next renewal of what is paid; 0 on the day itself. Unknown when none is ahead.',
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
      'Days to the last day on which the customer can give notice before its next renewal: `renewsAt` less `noticePeriodDays`, of what is paid and ' +
      'renews by itself; 0 on the day itself. Unknown when none is ahead, notice was given, or no notice period is known.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'renewal',
  },
  {
    key: 'autoRenew',
    name: 'whether it renews by itself',
    text: (value) => (value === 1 ? 'renews by itself' : 'does not renew by itself'),
    unit: YES_NO,
    meaning:
      'Whether all that is paid renews unless somebody objects; 0 when one part does not. Unknown when not said of any.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'auto-renewal',
    partOfLeaving: true,
  },
  {
    key: 'autoRenew30',
    name: 'whether it renewed by itself 30 days ago',
    text: (value) => `${value === 1 ? 'renews' : 'does not renew'} by itself, as it stood 30 days ago`,
    unit: YES_NO,
    meaning:
      '`autoRenew` as it stood 30 days earlier, for models: switching it off is part of leaving, and tells nothing that is not known then. ' +
      'Unknown when nothing was paid then.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'auto-renewal',
  },
  {
    key: 'noticeGiven',
    name: 'whether notice was given',
    text: (value) => (value === 1 ? 'notice given' : 'no notice given'),
    unit: YES_NO,
    meaning: 'Whether notice was given for all that is paid. Unknown while no subscription has ever come in.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    partOfLeaving: true,
  },
  {
    key: 'overdueInvoices',
    name: 'overdue invoices',
    text: (value) => `${value === 0 ? 'no invoice' : counted(value, 'invoice')} overdue`,
    unit: 'invoices',
    meaning:
      'Invoices whose due day (UTC) has passed and that are neither paid nor refunded in full: due on the 28th, overdue from the 29th. ' +
      'Credit notes are never overdue. Unknown while no invoice has ever come in.',
    source: 'invoices',
    decimals: 0,
    group: 'overdue invoices',
  },
  {
    key: 'overdueDays',
    name: 'age of the oldest overdue invoice',
    text: (value) => (value === 0 ? 'no invoice overdue' : `invoice overdue for ${atLeastADay(value)}`),
    unit: 'days',
    meaning:
      'Days since the due day of the invoice overdue the longest; 0 when none is. Unknown while no invoice has ever come in.',
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
      'Days since it first paid; when it never did, since `createdAt` or its first fact, whichever is earlier.',
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
    meaning: 'Seats of the product with the most, over its running subscriptions. Unknown when not sent.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
    group: 'size',
  },
  {
    key: 'productsHeld',
    name: 'products it has',
    text: (value) => `has ${counted(value, 'product')}`,
    unit: 'products',
    meaning:
      'Different products of the running subscriptions that are no trial. Unknown when none runs; those without a name count as one.',
    source: 'subscriptions',
    decimals: 0,
    lasting: true,
  },
  {
    key: 'limitUse',
    name: 'use of its limits',
    text: (value) => `${percent(value)} of a limit used`,
    unit: 'share',
    meaning:
      "The tightest limit of a running subscription: its gauge's newest reading ÷ what is allowed. Unknown without both; limits of 0 do not count.",
    source: 'gauges',
    decimals: 3,
    group: 'limits',
  },
  {
    key: 'daysToLimit',
    name: 'time until a limit is reached',
    text: (value) => (value < 1 ? 'a limit is reached' : `a limit is reached in ${days(value)}`),
    unit: 'days',
    meaning:
      'Days until the first limit is reached when its gauge goes on growing as over the last 90 days, at most 3,650; 0 when one is reached. ' +
      `Unknown when none grows, or its readings of the 90 days are less than ${LEAST_GROWTH_DAYS} days apart.`,
    source: 'gauges',
    most: MOST_DAYS,
    decimals: 0,
    range: [0, MOST_DAYS],
    group: 'limits',
  },
] as const satisfies readonly Feature[];
