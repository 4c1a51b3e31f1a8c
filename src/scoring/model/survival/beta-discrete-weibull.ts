import { lnGammaRise } from './gamma.js';
import { type LifeTable, logLikelihoodOf } from './life-table.js';
import { minimise } from './minimise.js';

/**
 * The churn probability at a renewal is beta(α, β) distributed over the accounts. It rises with the number of renewals for power c > 1 and
 * falls for c < 1 (Fader, Hardie, Liu, Davin, Steenburgh 2018). With c = 1: the shifted-beta-geometric (Fader, Hardie 2007).
 */
export interface TailShape {
  readonly alpha: number;
  readonly beta: number;
  readonly power: number;
}

export interface TailFit extends TailShape {
  /** Of the data alone, even with a prior. */
  readonly logLikelihood: number;
}

/** S(t) = B(α, β + t^c) / B(α, β), t renewals from the beginning, not only whole ones. */
export function tailSurvival(shape: TailShape, t: number): number {
  return Math.exp(logSurvival(shape, t));
}

/** r_t = S(t) / S(t − 1): the share of accounts before renewal t that renew. */
export function tailRetention(shape: TailShape, t: number): number {
  return Math.exp(logSurvival(shape, t) - logSurvival(shape, t - 1));
}

/** Shifted-beta-geometric by maximum likelihood. */
export function fitSbg(table: LifeTable): TailFit {
  return fit(table, 2, () => 0);
}

/** Beta-discrete-Weibull by maximum likelihood. Needs more than 4 periods to identify its parameters; compare likelihoods, not parameters. */
export function fitBdw(table: LifeTable): TailFit {
  return fit(table, 3, () => 0);
}

/** The mode under ln c ~ N(0, 1), which keeps c near 1 until the data speak. */
export function fitBdwWithPrior(table: LifeTable): TailFit {
  return fit(table, 3, ({ power }) => -(Math.log(power) ** 2) / 2);
}

export function tailLogLikelihood(shape: TailShape, table: LifeTable): number {
  const hazards = new Float64Array(table.atRisk.length);
  let before = 0;
  for (let period = 0; period < hazards.length; period++) {
    const after = logSurvival(shape, period + 1);
    hazards[period] = -Math.expm1(after - before);
    before = after;
  }
  return logLikelihoodOf(table, hazards);
}

/**
 * Searches over the logarithms. If all accounts churn at one rate, all at once or not at all, the likelihood has no maximum in α and β, and
 * they end where it no longer changes.
 * @throws RangeError if no account was at risk
 */
function fit(table: LifeTable, free: 2 | 3, lnPrior: (shape: TailShape) => number): TailFit {
  const atRisk = table.atRisk.reduce((sum, one) => sum + one, 0);
  if (atRisk <= 0) throw new RangeError('No account was at risk');
  const rate = (table.lost.reduce((sum, one) => sum + one, 0) + 1) / (atRisk + 2);
  const shapeAt = ([alpha = 0, beta = 0, power = 0]: readonly number[]): TailShape => ({
    alpha: Math.exp(alpha),
    beta: Math.exp(beta),
    power: Math.exp(power),
  });
  const loss = (logs: readonly number[]): number => {
    const shape = shapeAt(logs);
    return -tailLogLikelihood(shape, table) - lnPrior(shape);
  };
  const start = [0, Math.log((1 - rate) / rate), 0].slice(0, free);
  const shape = shapeAt(minimise(loss, start).at);
  return { ...shape, logLikelihood: tailLogLikelihood(shape, table) };
}

/** ln Γ(β + x) − ln Γ(β) less the same of α + β: no large logarithms cancel, so it holds for arbitrarily large α and β. */
function logSurvival({ alpha, beta, power }: TailShape, t: number): number {
  const made = power === 1 ? t : t ** power;
  return lnGammaRise(beta, made) - lnGammaRise(alpha + beta, made);
}
