import { firstDayOf } from './calendar.js';
import { type Laws, logistic, pressure } from './laws.js';
import { lifeOf } from './life.js';
import type { Scenario } from './scenario.js';

const PILOT_ACCOUNTS = 300;
const PILOT_MONTHS = 18;
const NEVER = -50;
const STEPS = 40;
const CLOSE = 1e-7;
/** Ticks in a month. */
const TICKS = 4;

/** Intercept of the logit that gives the requested mean probability or number of churned accounts. */
export function baseRateOf(scenario: Scenario, laws: Laws): number {
  const { churned, monthlyChurn } = scenario;
  if (churned === null) {
    const pressures = pilot(scenario, laws);
    return bisect((base) => mean(pressures, base) - (1 - (1 - monthlyChurn) ** (1 / TICKS)));
  }
  if (churned > scenario.accounts) throw new RangeError('churned must not exceed accounts');
  return bisect((base) => gone(scenario, laws, base) - churned);
}

/** Pressures of accounts without churn or campaigns. They depend only on the start, so that a later `until` changes nothing. */
function pilot(scenario: Scenario, laws: Laws): number[] {
  const pressures: number[] = [];
  const whole = {
    ...scenario,
    stockSample: false,
    treated: 0,
    accounts: PILOT_ACCOUNTS,
    untilDay: scenario.startDay + PILOT_MONTHS * 30,
  };
  for (let index = 0; index < PILOT_ACCOUNTS; index++) {
    lifeOf(whole, laws, NEVER, index, (tick, now, { profile, paying }) => {
      if (paying && firstDayOf(tick) >= scenario.startDay)
        pressures.push(pressure(laws, scenario, profile, now, tick + 1));
    });
  }
  return pressures;
}

function mean(pressures: readonly number[], base: number): number {
  return pressures.reduce((sum, value) => sum + logistic(base + value), 0) / pressures.length;
}

function gone(scenario: Scenario, laws: Laws, base: number): number {
  let count = 0;
  for (let index = 0; index < scenario.accounts; index++) {
    const { goneDay } = lifeOf(scenario, laws, base, index);
    if (goneDay !== null && goneDay <= scenario.untilDay) count++;
  }
  return count;
}

/** Root of a rising function within ±20. */
function bisect(rising: (base: number) => number): number {
  let low = -20;
  let high = 20;
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    const value = rising(middle);
    if (Math.abs(value) < CLOSE) return middle;
    if (value < 0) low = middle;
    else high = middle;
  }
  return high;
}
