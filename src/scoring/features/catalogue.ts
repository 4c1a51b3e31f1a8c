import { COMMERCIAL_FEATURES } from './catalogue/commercial-features.js';
import type { Feature, FeatureSource } from './catalogue/feature.js';
import { RELATIONSHIP_FEATURES } from './catalogue/relationship-features.js';
import { SUPPORT_FEATURES } from './catalogue/support-features.js';
import { USAGE_FEATURES } from './catalogue/usage-features.js';

/** Every feature that every installation has, defined once. */
export const CATALOGUE = [
  ...USAGE_FEATURES,
  ...SUPPORT_FEATURES,
  ...COMMERCIAL_FEATURES,
  ...RELATIONSHIP_FEATURES,
] as const satisfies readonly Feature[];

export type FeatureKey = (typeof CATALOGUE)[number]['key'];
/** A trait or a gauge that the settings name. */
export type ConfiguredKey = `trait.${string}` | `gauge.${string}`;
/** Null: unknown. */
export type Features = Record<FeatureKey | ConfiguredKey, number | null>;

/** What the settings make features of. */
export interface Configured {
  readonly featureTraits: readonly string[];
  readonly featureGauges: readonly string[];
}

/** Beyond it a configured value counts as it: with two decimals more does not fit in 32 bits. */
const MOST_CONFIGURED = 20_000_000;

/** All features of this installation. */
export function catalogueOf({ featureTraits, featureGauges }: Configured): Feature[] {
  return [
    ...CATALOGUE,
    ...featureTraits.map((trait): Feature => ({
      key: `trait.${trait}`,
      unit: "the sender's own",
      meaning: `The trait \`${trait}\` of the account, within ±20,000,000. Unknown when it is not a number.`,
      source: 'accounts',
      decimals: 2,
      lasting: true,
    })),
    ...featureGauges.map((gauge): Feature => ({
      key: `gauge.${gauge}`,
      unit: "the sender's own",
      meaning: `The newest reading of the gauge \`${gauge}\`, within ±20,000,000. Unknown when never read.`,
      source: 'gauges',
      decimals: 2,
    })),
  ];
}

const SILENCED = new Map<string, FeatureSource>(
  CATALOGUE.flatMap((feature: Feature) => (feature.lasting ? [] : [[feature.key, feature.source] as const])),
);

/** The source without which the feature is unknown; none when what it said last holds. */
export function silencedBy(key: FeatureKey | ConfiguredKey): FeatureSource | undefined {
  return key.startsWith('gauge.') ? 'gauges' : SILENCED.get(key);
}

interface Form {
  scale: number;
  most: number;
}

const MOST_STORED = 2 ** 31 - 1;

function formOf({ key, decimals, most }: Feature): Form {
  const scale = 10 ** decimals;
  return { scale, most: most ?? (key === 'mrr' ? Number.MAX_SAFE_INTEGER : MOST_STORED / scale) };
}

const FORMS = new Map(CATALOGUE.map((feature: Feature) => [feature.key, formOf(feature)]));
const CONFIGURED: Form = { scale: 100, most: MOST_CONFIGURED };

/** As it is scored and stored. */
export function roundFeature(key: FeatureKey | ConfiguredKey, value: number | null): number | null {
  if (value === null) return null;
  const { scale, most } = FORMS.get(key) ?? CONFIGURED;
  const rounded = Math.round(Math.max(-most, Math.min(most, value)) * scale) / scale;
  // No -0.
  return rounded + 0;
}
