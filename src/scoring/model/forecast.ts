import {
  type DailyHazards,
  dailyHazards,
  type LossRisk,
  scaledTo,
  stillThere,
  WINDOW_DAYS,
} from './daily-hazards.js';

/** A change in MRR within 90 days, without churn. */
export interface Change {
  /** 0 to 1. */
  readonly probability: number;
  /** Share of the MRR, above 0. */
  readonly step: number;
}

/** Converts the probability of a change without churn into the probability given that the account stays. */
export function ifItStays(probability: number, within90Days: number): number {
  return within90Days < 1 ? Math.min(1, probability / (1 - within90Days)) : 0;
}

/** Days are counted from the day of the forecast. */
export interface ForecastAccount {
  /** Minor units. */
  readonly mrr: number;
  /** When an account that has given notice churns; null if it has not. */
  readonly goneInDays: number | null;
  /** With the 90 % interval of the first; null if not predicted, so that the account is assumed to stay. */
  readonly risk: (LossRisk & { readonly low: number; readonly high: number }) | null;
  readonly renewsInDays: number | null;
  readonly contraction: Change;
  readonly expansion: Change;
}

/** With a 90 % interval. */
export interface Figure {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Whole minor units of money, of which start − leave − contract + expand = end; accounts in tenths of one. */
export interface ForecastMonth {
  readonly start: Figure;
  /** Today's MRR of the accounts whose renewal falls in the month. */
  readonly upForRenewal: number;
  /** The part of that expected to remain at the month's end, before contraction and expansion. */
  readonly renew: Figure;
  readonly contract: Figure;
  readonly expand: Figure;
  readonly leave: Figure;
  readonly end: Figure;
  readonly accountsLeaving: Figure;
}

/** By month. */
interface Sums {
  readonly renew: Float64Array;
  readonly contract: Float64Array;
  readonly expand: Float64Array;
  readonly leave: Float64Array;
  readonly end: Float64Array;
  readonly accountsLeaving: Float64Array;
}
type Flow = keyof Sums;

const NORMAL_90 = 1.645;

/**
 * Sums accounts by month. There are two sources of uncertainty: which accounts churn, which is independent per account, so
 * that variances add up; and the model's risks, which may be too low or too high for all accounts together. Their
 * half-widths are added in quadrature.
 */
export class Forecast {
  /** Sums over accounts without uncertainty. */
  private readonly sure: Sums;
  /** Of the others. */
  private readonly expected: Sums;
  private readonly variance: Sums;
  private readonly atLowRisk: Sums;
  private readonly atHighRisk: Sums;
  private readonly upForRenewal: Float64Array;
  private mrr = 0;

  private readonly down: Float64Array;
  private readonly up: Float64Array;

  /** `ends`: days from the forecast's own day to the end of each month, ascending, the first above 0. */
  constructor(private readonly ends: readonly number[]) {
    const column = (): Float64Array => new Float64Array(ends.length);
    const sums = (): Sums => ({
      renew: column(),
      contract: column(),
      expand: column(),
      leave: column(),
      end: column(),
      accountsLeaving: column(),
    });
    this.sure = sums();
    [this.expected, this.variance, this.atLowRisk, this.atHighRisk] = [sums(), sums(), sums(), sums()];
    [this.upForRenewal, this.down, this.up] = [column(), column(), column()];
  }

  add(account: ForecastAccount): void {
    const { mrr, risk, renewsInDays } = account;
    this.mrr += mrr;
    const renewal = renewsInDays === null ? -1 : this.ends.findIndex((end) => renewsInDays <= end);
    if (renewal >= 0) raise(this.upForRenewal, renewal, mrr);
    this.spread(account.contraction, this.down);
    this.spread(account.expansion, this.up);
    if (isSure(account)) {
      this.follow(account, NO_HAZARD, renewal, this.sure, null);
      return;
    }
    const hazards = risk === null ? NO_HAZARD : dailyHazards(risk);
    const low = risk === null ? hazards : scaledTo(risk.low, hazards);
    const high = risk === null ? hazards : scaledTo(risk.high, hazards);
    this.follow(account, hazards, renewal, this.expected, this.variance);
    this.follow(account, low, renewal, this.atLowRisk, null);
    this.follow(account, high, renewal, this.atHighRisk, null);
  }

  months(): ForecastMonth[] {
    const mrr = Math.round(this.mrr);
    let start: Figure = { expected: mrr, low: mrr, high: mrr };
    return this.ends.map((_, month) => {
      const expand = this.figure('expand', month);
      // Each is rounded separately, so limit their sum to what is there.
      const contract = atMost(start.expected + expand.expected, this.figure('contract', month));
      const there = start.expected + expand.expected - contract.expected;
      const leave = atMost(there, this.figure('leave', month));
      const end = around(there - leave.expected, this.figure('end', month));
      const made: ForecastMonth = {
        start,
        upForRenewal: Math.round(this.upForRenewal[month] ?? 0),
        renew: this.figure('renew', month),
        contract,
        expand,
        leave,
        end,
        accountsLeaving: this.figure('accountsLeaving', month, 10),
      };
      start = end;
      return made;
    });
  }

  /** The probability of the change within each month. */
  private spread({ probability, step }: Change, into: Float64Array): void {
    const daily = step > 0 ? Math.log1p(-probability) / WINDOW_DAYS : 0;
    for (let month = 0, from = 0; month < into.length; month++) {
      const end = this.ends[month] ?? 0;
      into[month] = daily === 0 ? 0 : -Math.expm1(daily * (end - from));
      from = end;
    }
  }

  /**
   * One account through all months. Means and second moments of its MRR are conditional on not having churned. Plain loops,
   * since it runs for every account, month and risk.
   */
  private follow(
    { mrr, goneInDays, contraction, expansion }: ForecastAccount,
    hazards: DailyHazards,
    renewal: number,
    sums: Sums,
    variance: Sums | null,
  ): void {
    const lost = contraction.step;
    const won = expansion.step;
    let there = 1;
    let mean = mrr;
    let square = mrr * mrr;
    for (let month = 0; month < this.ends.length; month++) {
      const end = this.ends[month] ?? 0;
      const later = goneInDays === null ? stillThere(hazards, end) : Number(end < goneInDays);
      const down = this.down[month] ?? 0;
      const up = this.up[month] ?? 0;
      const gone = there - later;
      const left = mean * gone;
      const contracted = mean * later * down * lost;
      const expanded = mean * later * up * won;
      const renewed = month === renewal ? mean * later : 0;
      raise(sums.accountsLeaving, month, gone);
      raise(sums.leave, month, left);
      raise(sums.contract, month, contracted);
      raise(sums.expand, month, expanded);
      raise(sums.renew, month, renewed);
      if (variance) {
        raise(variance.accountsLeaving, month, gone - gone * gone);
        raise(variance.leave, month, square * gone - left * left);
        raise(variance.contract, month, square * later * down * lost * lost - contracted * contracted);
        raise(variance.expand, month, square * later * up * won * won - expanded * expanded);
        if (month === renewal) raise(variance.renew, month, square * later - renewed * renewed);
      }
      mean *= 1 - down * lost + up * won;
      square *= 1 + down * ((1 - lost) ** 2 - 1) + up * ((1 + won) ** 2 - 1);
      const kept = mean * later;
      raise(sums.end, month, kept);
      if (variance) raise(variance.end, month, square * later - kept * kept);
      there = later;
    }
  }

  /** Rounded to 1 / `digits`, and never below the certain part. */
  private figure(flow: Flow, month: number, digits = 1): Figure {
    const sure = this.sure[flow][month] ?? 0;
    const expected = this.expected[flow][month] ?? 0;
    const others = [this.atLowRisk[flow][month] ?? 0, this.atHighRisk[flow][month] ?? 0];
    const luck = NORMAL_90 * Math.sqrt(Math.max(0, this.variance[flow][month] ?? 0));
    const below = expected - Math.min(expected, ...others);
    const above = Math.max(expected, ...others) - expected;
    const rounded = (value: number): number => Math.round(digits * value) / digits;
    return {
      expected: rounded(sure + expected),
      low: rounded(sure + Math.max(0, expected - Math.hypot(luck, below))),
      high: rounded(sure + expected + Math.hypot(luck, above)),
    };
  }
}

function isSure({ goneInDays, risk, contraction, expansion }: ForecastAccount): boolean {
  const changes = contraction.probability > 0 || expansion.probability > 0;
  return !changes && (goneInDays !== null || risk === null);
}

const NO_HAZARD: DailyHazards = { early: 0, late: 0 };

function raise(sums: Float64Array, month: number, by: number): void {
  sums[month] = (sums[month] ?? 0) + by;
}

function atMost(most: number, figure: Figure): Figure {
  return figure.expected <= most ? figure : around(most, figure);
}

function around(expected: number, { low, high }: Figure): Figure {
  return { expected, low: Math.min(low, expected), high: Math.max(high, expected) };
}
