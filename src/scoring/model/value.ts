import type { ChurnRisk, HazardCurve } from './churn-risk.js';
import type { AccountStatus } from './scored-account.js';
import { FADE_PER_MONTH, survivalOf } from './survival.js';

/** Length in months of the window of the displayed probability. */
export const WINDOW_MONTHS = 3;

/** Assumptions from the settings, shown with every value. */
export interface ValueTerms {
  /** Gross margin, 0 to 1. */
  readonly margin: number;
  /** Yearly discount rate, such as .1. */
  readonly yearlyRate: number;
  /** At least WINDOW_MONTHS. */
  readonly horizonMonths: number;
}

export interface ValueInput {
  /** Minor units; null if unknown. */
  readonly mrr: number | null;
  readonly status: AccountStatus;
  /** Null if not predicted. */
  readonly risk: ChurnRisk | null;
  /** Survival of the average account, used for accounts that have given notice. */
  readonly typical: () => HazardCurve;
  readonly terms: ValueTerms;
}

/** Whole minor units of the currency of the MRR. */
export interface AccountValue {
  readonly ltv: number;
  /** With the interval of the risk: "of the expected value". */
  readonly ltvLow: number;
  readonly ltvHigh: number;
  /** Expected loss from churn within the window, which is what retaining the account with certainty would be worth. */
  readonly expectedLoss: number;
  readonly assumptions: ValueTerms & { readonly fadePerMonth: number };
}

/**
 * Null if unknown: no known MRR, a trial, a churned account, or no predicted risk for an active one. An account that has
 * given notice is assumed to pay for the window and then churn, so its full value is at stake.
 */
export function valueOf({ mrr, status, risk, typical, terms }: ValueInput): AccountValue | null {
  if (mrr === null) return null;
  const assumptions = { ...terms, fadePerMonth: FADE_PER_MONTH };
  if (status === 'leaving') {
    const ltv = Math.round(untilTheEnd(mrr, terms));
    const { stay } = worthOf(mrr, survivalOf(typical(), terms.horizonMonths), terms);
    return { ltv, ltvLow: ltv, ltvHigh: ltv, expectedLoss: Math.round(stay), assumptions };
  }
  if (status !== 'active' || risk === null) return null;
  const under = (curve: HazardCurve): Worth => worthOf(mrr, survivalOf(curve, terms.horizonMonths), terms);
  const { expected, best, worst } = risk.curves;
  const { ltv, expectedLoss } = under(expected);
  return {
    ltv: Math.round(ltv),
    ltvLow: Math.round(under(worst).ltv),
    ltvHigh: Math.round(under(best).ltv),
    expectedLoss: Math.round(expectedLoss),
    assumptions,
  };
}

export interface Worth {
  /** Σ v_t S(t) with v_t = margin · MRR / (1 + d)^t, d the monthly rate. */
  readonly ltv: number;
  /** Value if the account is certain to stay through the window. */
  readonly stay: number;
  /** Value if it is certain to churn within the window. */
  readonly leave: number;
  /** stay − ltv, which is p · (stay − leave) with p = 1 − S(window). */
  readonly expectedLoss: number;
}

/** Unrounded, in the unit of `mrr`. `survival` is S(0) to S(horizon); S(window) must be above 0. */
export function worthOf(mrr: number, survival: readonly number[], terms: ValueTerms): Worth {
  const atWindow = survival[WINDOW_MONTHS] ?? 1;
  const lost = 1 - atWindow;
  let ltv = 0;
  let stay = 0;
  let leave = 0;
  const step = monthlyDiscount(terms);
  let worth = terms.margin * mrr;
  for (let month = 1; month < survival.length; month++) {
    worth *= step;
    const there = survival[month] ?? 0;
    ltv += worth * there;
    stay += worth * (month <= WINDOW_MONTHS ? 1 : there / atWindow);
    if (month <= WINDOW_MONTHS) leave += worth * leftAt(month, there - atWindow, lost);
  }
  return { ltv, stay, leave, expectedLoss: stay - ltv };
}

/** Share of the accounts that churn within the window that are still there in a month of it; without churn, the limit (evenly spread). */
function leftAt(month: number, leavingLater: number, lost: number): number {
  return lost > 0 ? leavingLater / lost : (WINDOW_MONTHS - month) / WINDOW_MONTHS;
}

function untilTheEnd(mrr: number, terms: ValueTerms): number {
  const step = monthlyDiscount(terms);
  let sum = 0;
  for (let month = WINDOW_MONTHS; month > 0; month--) sum = step * (terms.margin * mrr + sum);
  return sum;
}

/** 1 / (1 + d) with d = (1 + yearly)^(1/12) − 1. */
function monthlyDiscount({ yearlyRate }: ValueTerms): number {
  return (1 + yearlyRate) ** (-1 / 12);
}
