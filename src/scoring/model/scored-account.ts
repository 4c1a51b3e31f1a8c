/** Append only: indexes are stored. */
export const ACCOUNT_STATUSES = ['trial', 'active', 'leaving', 'churned'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export const STAGES = ['onboarding', 'adopting', 'established'] as const;

/** Absent counts as unknown, like null. */
export type FeatureValues = Readonly<Record<string, number | null | undefined>>;

/** Input of a score. */
export interface ScoredAccount {
  readonly features: FeatureValues;
  readonly tier: string;
  /** Null if unknown. */
  readonly stage: string | null;
  readonly status: AccountStatus;
}
