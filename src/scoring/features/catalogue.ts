import { CATALOGUE, type FeatureKey } from '../model/catalogue/catalogue.js';
import type { Feature, FeatureSource } from '../model/catalogue/feature.js';
import { plainName, plainText } from '../model/catalogue/words.js';

/** A trait or a gauge that the settings name. */
export type ConfiguredKey = `trait.${string}` | `gauge.${string}`;
/** Null when unknown. */
export type Features = Record<FeatureKey | ConfiguredKey, number | null>;

/** Traits and gauges that the settings turn into features. */
export interface Configured {
  readonly featureTraits: readonly string[];
  readonly featureGauges: readonly string[];
}

/** Configured values are clamped to this: with two decimals, more would not fit in 32 bits. */
const MAX_CONFIGURED = 20_000_000;

/** All features of this installation, configured ones included. */
export function catalogueOf({ featureTraits, featureGauges }: Configured): Feature[] {
  return [
    ...CATALOGUE,
    ...featureTraits.map((trait): Feature => ({
      key: `trait.${trait}`,
      name: plainName(trait),
      text: (value) => plainText(trait, value),
      unit: "the sender's own",
      meaning: `The trait \`${trait}\` of the account, within ±20,000,000. Unknown when it is not a number.`,
      source: 'accounts',
      decimals: 2,
      lasting: true,
    })),
    ...featureGauges.map((gauge): Feature => ({
      key: `gauge.${gauge}`,
      name: plainName(gauge),
      text: (value) => plainText(gauge, value),
      unit: "the sender's own",
      meaning: `The latest reading of the gauge \`${gauge}\`, within ±20,000,000. Unknown without a reading.`,
      source: 'gauges',
      decimals: 2,
    })),
  ];
}

interface Form {
  readonly key: FeatureKey | ConfiguredKey;
  /** The source whose silence makes it unknown; null if the last state remains valid. */
  readonly source: FeatureSource | null;
  readonly scale: number;
  readonly most: number;
}

const MAX_STORED = 2 ** 31 - 1;

function formOf(key: Form['key'], { source, decimals, lasting, most }: Feature): Form {
  const scale = 10 ** decimals;
  const fits = key === 'mrr' ? Number.MAX_SAFE_INTEGER : MAX_STORED / scale;
  return { key, source: lasting ? null : source, scale, most: most ?? fits };
}

const FORM_OF = new Map<Form['key'], Form>(
  CATALOGUE.map((feature) => [feature.key, formOf(feature.key, feature)]),
);

function configuredForm(key: Form['key']): Form {
  return { key, source: key.startsWith('gauge.') ? 'gauges' : null, scale: 100, most: MAX_CONFIGURED };
}

/** Rounds and clamps a value as it is scored and stored. */
export function roundFeature(key: Form['key'], value: number | null): number | null {
  return value === null ? null : rounded(FORM_OF.get(key) ?? configuredForm(key), value);
}

/** Rounds all features of an account in place, and makes those of silent sources unknown. */
export function finish(features: Features, silent: readonly FeatureSource[]): void {
  for (const key of Object.keys(features) as Form['key'][]) {
    const value = features[key] ?? null;
    if (value === null) continue;
    const form = FORM_OF.get(key) ?? configuredForm(key);
    const unknown = form.source !== null && silent.includes(form.source);
    features[key] = unknown ? null : rounded(form, value);
  }
}

function rounded({ scale, most }: Form, value: number): number {
  // Turns -0 into 0.
  return Math.round(Math.max(-most, Math.min(most, value)) * scale) / scale + 0;
}
