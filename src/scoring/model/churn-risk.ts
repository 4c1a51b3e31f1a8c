/**
 * Churn probabilities over time, for an account's value. The first year is given by quarter; after that, the account converges to its cohort.
 */
export interface HazardCurve {
  /** Probability of churn within each of the first four quarters, given that the account is there at its start. */
  readonly quarters: readonly [number, number, number, number];
  /** The cohort's probability of churn within month 1, 2, …, given that an account is there at its start. */
  readonly cohort: (month: number) => number;
  /** Difference between the account's logit and its cohort's in the fourth quarter; it fades after that. */
  readonly lateOffset: number;
}

export interface RiskPart {
  readonly feature: string;
  /** Above 0: raises the risk. */
  readonly contribution: number;
}

/** A churn model's prediction for an account at risk. Logits are whole ten-thousandths. */
export interface ChurnRisk {
  readonly basis: 'prior' | 'fitted';
  /** The logit of the average account. */
  readonly base: number;
  /** Tens of health points above the average account, to be multiplied by −κ. */
  readonly health: number;
  readonly logit: number;
  /** Parts that add up exactly to `logit` − `base`; a feature may occur several times. Computed on demand. */
  readonly parts: () => RiskPart[];
  /**
   * The features that raise the risk most, one per group; cheap enough for every account. Null if the scorecard's reasons also explain the risk.
   */
  readonly foremost: ((most: number) => RiskPart[]) | null;
  /** Probability of churn within 90 days, 0 to 1, with its 90 % interval. */
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** Probability of churn within 12 months. */
  readonly probability12m: number;
  readonly curves: {
    readonly expected: HazardCurve;
    readonly best: HazardCurve;
    readonly worst: HazardCurve;
  };
}

export const LOGIT_SCALE = 10_000;
