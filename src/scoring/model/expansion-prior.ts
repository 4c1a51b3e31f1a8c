import type { ExpansionSignal, SignalKey } from './expansion.js';
import { interceptFor, probabilityOf } from './logit.js';
import type { AccountStatus } from './scored-account.js';

/** Logits that each signal adds; judgements until expansions move them. */
const SIGNAL_LOGITS: Readonly<Record<SignalKey, number>> = {
  licencesNearlyUsed: 1,
  limitNearlyReached: 1,
  usageGrowing: 0.7,
  gateHit: 0.7,
  productMissing: 0.4,
};
/** Signals say partly the same: together they add at most this. */
const MOST_LOGITS = 2.5;
const PSEUDO_EXPANSIONS = 1;
const PSEUDO_WINDOWS = 20;

/** Plain data, frozen in a version. */
export interface ExpansionPrior {
  readonly basis: 'prior';
  /** Logit without any signal. */
  readonly base: number;
  readonly expanded: number;
  readonly windows: number;
}

/** Mean probability over the reference accounts is (expanded + 1) / (windows + 20). */
export function fitExpansionPrior(data: {
  readonly reference: readonly (readonly ExpansionSignal[])[];
  readonly expanded: number;
  readonly windows: number;
}): ExpansionPrior {
  const { reference, expanded, windows } = data;
  const target = (expanded + PSEUDO_EXPANSIONS) / (windows + PSEUDO_WINDOWS);
  const base = interceptFor(reference.map(liftOf), target);
  return { basis: 'prior', base, expanded, windows };
}

/** Of MRR up by 10 % or more within 90 days; null for who is not there to expand: trials, leaving and churned accounts. */
export function expansionProbability(
  { base }: ExpansionPrior,
  status: AccountStatus,
  signals: readonly ExpansionSignal[],
): number | null {
  return status === 'active' ? probabilityOf(base + liftOf(signals)) : null;
}

function liftOf(signals: readonly ExpansionSignal[]): number {
  return Math.min(
    MOST_LOGITS,
    signals.reduce((sum, { key }) => sum + SIGNAL_LOGITS[key], 0),
  );
}
