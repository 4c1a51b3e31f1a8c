import type { PeerProduct } from '../model/expansion.js';
import type { Features } from './catalogue.js';

/** A score stores the place of the status: the list may only grow at its end. */
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
  /** The UTC day of the next renewal of what is paid; null: unknown. */
  readonly renewsAt: string | null;
  /** A currency it pays in that could not be converted: its MRR is not known then. */
  readonly withoutRate: string | null;
}

/**
 * What the facts of one account say, before it is measured against others: not rounded, `usageTrend28` without the tier's
 * median, the percentiles not known yet. `against` makes features of it.
 */
export interface RawFeatures extends Standing {
  /** Of its running subscriptions that are no trials; '' is that which was sent without a name. */
  readonly products: readonly string[];
  readonly values: Features;
}

export interface AccountFeatures extends Standing {
  /** The most common of the products that it has not and at least half of its tier have. */
  readonly missingProduct: PeerProduct | null;
  readonly features: Features;
}
