import { COMMERCIAL_FEATURES } from './commercial-features.js';
import type { Feature } from './feature.js';
import { RELATIONSHIP_FEATURES } from './relationship-features.js';
import { SUPPORT_FEATURES } from './support-features.js';
import { USAGE_FEATURES } from './usage-features.js';

/** Every feature that every installation has, defined once. */
export const CATALOGUE = [
  ...USAGE_FEATURES,
  ...SUPPORT_FEATURES,
  ...COMMERCIAL_FEATURES,
  ...RELATIONSHIP_FEATURES,
] as const satisfies readonly Feature[];

export type FeatureKey = (typeof CATALOGUE)[number]['key'];

const BY_KEY: ReadonlyMap<string, Feature> = new Map(CATALOGUE.map((feature) => [feature.key, feature]));

/** Undefined for a trait or a gauge that the settings name. */
export function findFeature(key: string): Feature | undefined {
  return BY_KEY.get(key);
}
