import { calibrated } from './calibration.js';
import { EbmScorer } from './ebm/scorer.js';
import type { ExpansionSignal, SignalKey } from './expansion.js';
import { valuesOf } from './fitted-risk.js';
import { interceptFor, probabilityOf } from './logit.js';
import type { ScoredAccount } from './scored-account.js';
import type { FittedPropensity, PriorPropensity, Propensity } from './training/trained.js';

/** Logits that each signal adds; judgments until expansions move them. */
const SIGNAL_LOGITS: Readonly<Record<SignalKey, number>> = {
  licencesNearlyUsed: 1,
  limitNearlyReached: 1,
  usageGrowing: 0.7,
  gateHit: 0.7,
  productMissing: 0.4,
};
/** Signals say partly the same: together they add at most this. */
const MAX_LOGITS = 2.5;
const PSEUDO_EVENTS = 1;
const PSEUDO_WINDOWS = 20;

/** What the signals of an account speak for an expansion, in logits. */
export function liftOf(signals: readonly ExpansionSignal[]): number {
  return Math.min(
    MAX_LOGITS,
    signals.reduce((sum, { key }) => sum + SIGNAL_LOGITS[key], 0),
  );
}

export interface PropensityData {
  /** Of the reference accounts: what the offset is a multiple of. */
  readonly reference: readonly number[];
  readonly scale: number;
  /** In how many of so many windows of 90 days it happened. */
  readonly happened: number;
  readonly windows: number;
}

/** Mean probability over the reference accounts is (happened + 1) / (windows + 20). */
export function fitPropensityPrior({ reference, scale, happened, windows }: PropensityData): PriorPropensity {
  const target = (happened + PSEUDO_EVENTS) / (windows + PSEUDO_WINDOWS);
  const base = interceptFor(
    reference.map((x) => scale * x),
    target,
  );
  return { basis: 'prior', base, scale, happened, windows };
}

/** Of an account at risk, within 90 days. `x` is what the model's scale is of. */
export function propensityOf(model: Propensity, x: number, account: ScoredAccount): number {
  const offset = model.scale * x;
  if (model.basis === 'prior') return probabilityOf(model.base + offset);
  const scorer = scorerOf(model);
  const logit = scorer.logitOf(scorer.binsOf(valuesOf(account, scorer.names)));
  return probabilityOf(calibrated(model.calibration, logit + offset));
}

const scorers = new WeakMap<FittedPropensity, EbmScorer>();

/** Made once of each model. */
function scorerOf(model: FittedPropensity): EbmScorer {
  let scorer = scorers.get(model);
  if (!scorer) scorers.set(model, (scorer = new EbmScorer(model.ebm)));
  return scorer;
}
