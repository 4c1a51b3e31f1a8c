import type { PeerProduct } from '../model/expansion.js';
import type { Features } from './catalogue.js';

/** Scores store the index of the status: add new ones at the end only. */
export const STATUSES = ['trial', 'active', 'leaving', 'churned'] as const;
export type Status = (typeof STATUSES)[number];

export const STAGES = ['onboarding', 'adopting', 'established'] as const;
export type Stage = (typeof STAGES)[number];

interface Standing {
  readonly accountId: number;
  readonly status: Status;
  /** As sent, or else derived. */
  readonly tier: string;
  /** As sent, or else derived. */
  readonly stage: Stage;
  /** The UTC day of the next renewal of a paid subscription; null when unknown. */
  readonly renewsAt: string | null;
  /** A currency without an exchange rate; the MRR is unknown then. */
  readonly withoutRate: string | null;
}

/**
 * Features of one account before the comparison with peers: unrounded, `usageTrend28` without the tier's median subtracted, percentiles
 * unknown. `against` completes them.
 */
export interface RawFeatures extends Standing {
  /** Products of its running subscriptions that are not trials; '' stands for a product without a name. */
  readonly products: readonly string[];
  readonly values: Features;
}

export interface AccountFeatures extends Standing {
  /** The most common product that at least half of its tier has and the account lacks. */
  readonly missingProduct: PeerProduct | null;
  readonly features: Features;
}
