import type { Band } from './scorecard.js';
import type { FeatureValues, ScoredAccount } from './scored-account.js';
import { counted } from './catalogue/words.js';

export const SIGNAL_KEYS = [
  'licencesNearlyUsed',
  'limitNearlyReached',
  'usageGrowing',
  'gateHit',
  'productMissing',
] as const;
/** Append only: indexes may be stored. */
export type SignalKey = (typeof SIGNAL_KEYS)[number];

/** A fact beyond a threshold that suggests the account will buy more. */
export interface ExpansionSignal {
  readonly key: SignalKey;
  readonly kind: 'upsell' | 'cross_sell';
  readonly value: number;
  /** The product that is missing; only of `productMissing`. */
  readonly product?: string;
  readonly text: string;
}

/** A product, and the share of the accounts of a tier that have it. */
export interface PeerProduct {
  readonly name: string;
  readonly shareOfPeers: number;
}

export interface ExpandableAccount extends Pick<ScoredAccount, 'features' | 'status'> {
  /** The most common product that the account lacks and at least `SIGNAL_THRESHOLDS.shareOfPeers` of its tier have. */
  readonly missingProduct: PeerProduct | null;
}

/** Judgements, all shown with the signal. */
export const SIGNAL_THRESHOLDS = {
  licenceUse: 0.9,
  limitUse: 0.8,
  daysToLimit: 60,
  monthlyGrowth: 20,
  gateHits: 3,
  shareOfPeers: 0.5,
} as const;

/** Empty for trials and churned accounts. */
export function signalsOf({ features, status, missingProduct }: ExpandableAccount): ExpansionSignal[] {
  if (status === 'trial' || status === 'churned') return [];
  const found = [
    licences(features),
    limit(features),
    growth(features),
    gate(features),
    product(missingProduct),
  ];
  return found.filter((signal) => signal !== null);
}

function licences({ licenceUse28, activeUsers28, seats }: FeatureValues): ExpansionSignal | null {
  const use = licenceUse28 ?? null;
  if (use === null || use < SIGNAL_THRESHOLDS.licenceUse) return null;
  const text =
    activeUsers28 !== null && activeUsers28 !== undefined && seats
      ? `${activeUsers28} of ${counted(seats, 'license')} in use`
      : `${Math.floor(100 * use)}% of licenses in use`;
  return { key: 'licencesNearlyUsed', kind: 'upsell', value: use, text };
}

function limit({ limitUse, daysToLimit }: FeatureValues): ExpansionSignal | null {
  const use = limitUse ?? null;
  const days = daysToLimit ?? null;
  const near = use !== null && use >= SIGNAL_THRESHOLDS.limitUse;
  const soon = days !== null && days <= SIGNAL_THRESHOLDS.daysToLimit;
  if (!near && !soon) return null;
  const used = use === null ? null : `${Math.floor(100 * use)}% of a limit used`;
  const reached = soon && (use === null || use < 1) ? `reached in ${counted(Math.ceil(days), 'day')}` : null;
  const text = used === null ? `a limit ${reached}` : [used, reached].filter(Boolean).join(', ');
  return { key: 'limitNearlyReached', kind: 'upsell', value: use ?? days ?? 0, text };
}

function growth({ usageGrowth28, usageGrowthPrior28 }: FeatureValues): ExpansionSignal | null {
  const last = usageGrowth28 ?? null;
  const before = usageGrowthPrior28 ?? null;
  if (last === null || before === null) return null;
  if (Math.min(last, before) < SIGNAL_THRESHOLDS.monthlyGrowth) return null;
  const text = `usage up ${Math.floor(before)}%, then ${Math.floor(last)}%, in the last two 4-week periods`;
  return { key: 'usageGrowing', kind: 'upsell', value: last, text };
}

function gate({ gateHits14 }: FeatureValues): ExpansionSignal | null {
  const hits = gateHits14 ?? 0;
  if (hits < SIGNAL_THRESHOLDS.gateHits) return null;
  const text = `tried a feature above its plan ${counted(hits, 'time')} in 14 days`;
  return { key: 'gateHit', kind: 'upsell', value: hits, text };
}

function product(missing: PeerProduct | null): ExpansionSignal | null {
  if (missing === null) return null;
  const { name, shareOfPeers } = missing;
  const text = `${Math.floor(100 * shareOfPeers)}% of its tier have ${name}`;
  return { key: 'productMissing', kind: 'cross_sell', value: shareOfPeers, product: name, text };
}

/** The product of a `productMissing` signal; null if there is none. */
export function missingProductOf(signals: readonly ExpansionSignal[]): PeerProduct | null {
  const signal = signals.find(({ product: name }) => name !== undefined);
  return signal?.product === undefined ? null : { name: signal.product, shareOfPeers: signal.value };
}

/** Reasons not to upsell an account now. */
export interface ExpansionHold {
  readonly key: 'leaving' | 'red' | 'overdue' | 'urgentTicket' | 'new';
  readonly text: string;
}

export const NEW_DAYS = 30;

/** The most serious reason; null if there is none. */
export function holdOn(
  { features, status }: Pick<ScoredAccount, 'features' | 'status'>,
  band: Band,
): ExpansionHold | null {
  const { overdueInvoices, overdueDays, openUrgent, oldestUrgentDays, tenureDays } = features;
  if (status === 'leaving') return { key: 'leaving', text: 'retain first: notice given' };
  if (band === 'red') return { key: 'red', text: 'retain first: health is red' };
  if (above(overdueInvoices) || above(overdueDays)) {
    return { key: 'overdue', text: 'retain first: invoice overdue' };
  }
  if (above(openUrgent) || above(oldestUrgentDays)) {
    return { key: 'urgentTicket', text: 'retain first: urgent ticket open' };
  }
  if (tenureDays !== null && tenureDays !== undefined && tenureDays < NEW_DAYS) {
    return { key: 'new', text: `too early: customer for less than ${NEW_DAYS} days` };
  }
  return null;
}

const above = (value: number | null | undefined): boolean => (value ?? 0) > 0;
