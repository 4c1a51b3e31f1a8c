/**
 * How likely somebody is to leave in each stretch of time, for the value of an account. The first year is told by quarters of
 * three months; beyond it the account falls back to its cohort.
 */
export interface HazardCurve {
  /** Probability of leaving within each of the first four quarters, for who is there at its start. */
  readonly quarters: readonly [number, number, number, number];
  /** The cohort's probability of leaving within month 1, 2, … for who is there at its start. */
  readonly cohort: (month: number) => number;
  /** How far the account's logit lies from its cohort's in the fourth quarter; it fades from there. */
  readonly lateOffset: number;
}

export interface RiskPart {
  readonly feature: string;
  /** Above 0: raises the risk. */
  readonly contribution: number;
}

/** What any model of churn answers for an account at risk. Logits are whole ten-thousandths. */
export interface ChurnRisk {
  readonly basis: 'prior' | 'fitted';
  /** The logit of the average account. */
  readonly base: number;
  /** Tens of points of health above the average account's: what −κ is multiplied with. */
  readonly health: number;
  readonly logit: number;
  /** What `logit` is beyond `base`, exactly; a feature may come several times. Worked out when asked. */
  readonly parts: () => RiskPart[];
  /**
   * The features that raise it the most, one of those that say the same; cheap enough for every account. Null: the scorecard's own reasons are
   * those of the risk.
   */
  readonly foremost: ((most: number) => RiskPart[]) | null;
  /** Of leaving within 90 days, from 0 to 1, with its 90 % interval. */
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** Of leaving within 12 months. */
  readonly probability12m: number;
  readonly curves: {
    readonly expected: HazardCurve;
    readonly best: HazardCurve;
    readonly worst: HazardCurve;
  };
}

export const LOGIT_SCALE = 10_000;
