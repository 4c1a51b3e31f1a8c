import { lnGammaRise } from './gamma.js';
import { type LifeTable, logLikelihoodOf } from './life-table.js';
import { minimise } from './minimise.js';

/**
 * The chance of leaving at a renewal is beta(α, β) distributed over the accounts and, for power c > 1, rises with the renewals an account
 * has made, for c < 1 falls (Fader, Hardie, Liu, Davin, Steenburgh 2018). With c = 1: the shifted-beta-geometric (Fader, Hardie 2007).
 */
export interface TailShape {
  readonly alpha: number;
  readonly beta: number;
  readonly power: number;
}

export interface TailFit extends TailShape {
  /** Of the data alone, also where a prior was used. */
  readonly logLikelihood: number;
}

/** S(t) = B(α, β + t^c) / B(α, β), t renewals from the beginning, not only whole ones. */
export function tailSurvival(shape: TailShape, t: number): number {
  return Math.exp(logSurvival(shape, t));
}

/** r_t = S(t) / S(t − 1): of those still there before renewal t, the share that makes it. */
export function tailRetention(shape: TailShape, t: number): number {
  return Math.exp(logSurvival(shape, t) - logSurvival(shape, t - 1));
}

/** Shifted-beta-geometric by maximum likelihood. */
export function fitSbg(table: LifeTable): TailFit {
  return fit(table, 2, () => 0);
}

/** Beta-discrete-Weibull by maximum likelihood: needs more than 4 periods to tell its parameters apart; compare likelihoods, not those. */
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
 * Sought over the logarithms. Where all leave at one rate, all at once or nobody at all, α and β have no highest likelihood: they are then
 * as large or small as makes no difference to it. A RangeError when nobody was at risk.
 */
function fit(table: LifeTable, free: 2 | 3, lnPrior: (shape: TailShape) => number): TailFit {
  const atRisk = table.atRisk.reduce((sum, one) => sum + one, 0);
  if (atRisk <= 0) throw new RangeError('nobody was at risk');
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

/** ln Γ(β + x) − ln Γ(β) less the same of α + β: no large logarithms cancel, so that it holds for α and β without bound. */
function logSurvival({ alpha, beta, power }: TailShape, t: number): number {
  const made = power === 1 ? t : t ** power;
  return lnGammaRise(beta, made) - lnGammaRise(alpha + beta, made);
}
