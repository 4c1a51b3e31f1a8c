import { type PeerProduct, SIGNAL_THRESHOLDS } from '../model/expansion.js';
import type { AccountFeatures, RawFeatures } from './account-features.js';
import { type Features, finish } from './catalogue.js';
import type { FeatureSource } from '../model/catalogue/feature.js';

/** Features that are ranked within the tier. */
export const RANKED = ['events28', 'featuresUsed28', 'ticketsPerSeat90'] as const;
export type RankedFeature = (typeof RANKED)[number];

/** A tier with fewer known values has no median and no percentiles; a judgment call. */
export const MIN_PEERS = 5;

/** What accounts are compared with, by tier; tiers with too few accounts are absent. */
export interface Peers {
  /** The median of `usageTrend28`, which is subtracted from it. */
  usageTrend28: Record<string, number>;
  /** 101 quantiles each, ascending. */
  percentiles: Record<RankedFeature, Record<string, number[]>>;
  /** Products that most of the tier's active accounts with a product have, most common first. */
  products: Record<string, PeerProduct[]>;
  /** Sources that have gone silent as a whole; their features are unknown. */
  silent: FeatureSource[];
}

/** The part of an account that peers are computed from. */
export interface PeerValues extends Pick<RawFeatures, 'status' | 'tier' | 'products'> {
  readonly values: Pick<Features, 'usageTrend28' | RankedFeature>;
}

export function peerValuesOf({ status, tier, products, values }: PeerValues): PeerValues {
  const { usageTrend28, events28, featuresUsed28, ticketsPerSeat90 } = values;
  return { status, tier, products, values: { usageTrend28, events28, featuresUsed28, ticketsPerSeat90 } };
}

/** Computes peers from all accounts. Churned accounts are left out. */
export function peersOf(raws: readonly PeerValues[], silent: readonly FeatureSource[] = []): Peers {
  const trends = byTier(raws, 'usageTrend28');
  const quantiles = (key: RankedFeature) =>
    Object.fromEntries(
      [...byTier(raws, key)].map(([tier, sorted]) => [
        tier,
        Array.from({ length: 101 }, (_, percent) => quantile(sorted, percent / 100)),
      ]),
    );
  return {
    usageTrend28: Object.fromEntries([...trends].map(([tier, sorted]) => [tier, quantile(sorted, 0.5)])),
    percentiles: {
      events28: quantiles('events28'),
      featuresUsed28: quantiles('featuresUsed28'),
      ticketsPerSeat90: quantiles('ticketsPerSeat90'),
    },
    products: productsByTier(raws),
    silent: [...silent],
  };
}

/** Compares an account with its peers and rounds its features, as they are scored and stored. */
export function against(raw: RawFeatures, peers: Peers): AccountFeatures {
  const { accountId, status, tier, stage, renewsAt, withoutRate, values, products } = raw;
  const ranked = (key: RankedFeature) => rankIn(own(peers.percentiles[key], tier), values[key]);
  const trend = values.usageTrend28;
  const features: Features = {
    ...values,
    usageTrend28: trend === null ? null : trend - (own(peers.usageTrend28, tier) ?? 0),
    usagePercentile: ranked('events28'),
    featuresUsedPercentile: ranked('featuresUsed28'),
    ticketsPerSeatPercentile: ranked('ticketsPerSeat90'),
  };
  const missingProduct = missingFrom(products, own(peers.products, tier));
  finish(features, peers.silent);
  return { accountId, status, tier, stage, renewsAt, withoutRate, missingProduct, features };
}

/** An account without any product may just not have sent them. */
function missingFrom(
  products: readonly string[],
  common: readonly PeerProduct[] | undefined,
): PeerProduct | null {
  if (products.length === 0) return null;
  return common?.find(({ name }) => !products.includes(name)) ?? null;
}

/** The rank of a value in its tier, 0 to 1; ties take the middle of their ranks. */
export function rankIn(quantiles: readonly number[] | undefined, value: number | null): number | null {
  if (quantiles === undefined || value === null) return null;
  const last = quantiles.length - 1;
  const below = countWhere(quantiles, (quantile) => quantile < value);
  const upTo = countWhere(quantiles, (quantile) => quantile <= value);
  if (upTo > below) return (below + upTo - 1) / 2 / last;
  if (below === 0) return 0;
  if (below > last) return 1;
  const [lower = 0, upper = 0] = quantiles.slice(below - 1, below + 1);
  return (below - 1 + (value - lower) / (upper - lower)) / last;
}

/** Binary search: how many leading items of a sorted list satisfy the condition. */
function countWhere(sorted: readonly number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byTier(raws: readonly PeerValues[], key: 'usageTrend28' | RankedFeature): Map<string, Float64Array> {
  const lists = new Map<string, number[]>();
  for (const { status, tier, values } of raws) {
    const value = values[key];
    if (value === null || status === 'churned') continue;
    const list = lists.get(tier);
    if (list) list.push(value);
    else lists.set(tier, [value]);
  }
  return new Map(
    [...lists]
      .filter(([, list]) => list.length >= MIN_PEERS)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([tier, list]) => [tier, Float64Array.from(list).sort()]),
  );
}

function productsByTier(raws: readonly PeerValues[]): Record<string, PeerProduct[]> {
  const tiers = new Map<string, { accounts: number; having: Map<string, number> }>();
  for (const { status, tier, products } of raws) {
    if (status !== 'active' || products.length === 0) continue;
    const counts = tiers.get(tier) ?? { accounts: 0, having: new Map<string, number>() };
    tiers.set(tier, counts);
    counts.accounts++;
    for (const name of products) counts.having.set(name, (counts.having.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(
    [...tiers]
      .filter(([, { accounts }]) => accounts >= MIN_PEERS)
      .map(([tier, { accounts, having }]) => [tier, commonOf(having, accounts)]),
  );
}

/** Leaves out the product without a name: a person could not act on it. */
function commonOf(having: ReadonlyMap<string, number>, accounts: number): PeerProduct[] {
  return [...having]
    .map(([name, count]) => ({ name, shareOfPeers: count / accounts }))
    .filter(({ name, shareOfPeers }) => name !== '' && shareOfPeers >= SIGNAL_THRESHOLDS.shareOfPeers)
    .sort((one, other) => other.shareOfPeers - one.shareOfPeers || (one.name < other.name ? -1 : 1));
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const lower = sorted[Math.floor(position)] ?? 0;
  const upper = sorted[Math.ceil(position)] ?? 0;
  return lower + (upper - lower) * (position - Math.floor(position));
}

/** Tiers are named by the sender: even `constructor` must work. */
function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
