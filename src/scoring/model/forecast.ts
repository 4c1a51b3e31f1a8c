import {
  type DailyHazards,
  dailyHazards,
  type LossRisk,
  scaledTo,
  stillThere,
  WINDOW_DAYS,
} from './daily-hazards.js';

/** A change of the MRR by a step within 90 days, while the account stays. */
export interface Change {
  /** 0 to 1. */
  readonly probability: number;
  /** Share of the MRR, above 0. */
  readonly step: number;
}

/** Days are counted from the forecast's own. */
export interface ForecastAccount {
  /** Minor units. */
  readonly mrr: number;
  /** Of an account that has given notice: when it is gone; null: it has not. */
  readonly goneInDays: number | null;
  /** With the 90 % interval of the first; null: not predicted, so it is taken to stay. */
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
  /** What the accounts whose renewal falls into the month pay today. */
  readonly upForRenewal: number;
  /** What of that is expected to be there at the month's end, before it contracts or expands. */
  readonly renew: Figure;
  readonly contract: Figure;
  readonly expand: Figure;
  readonly leave: Figure;
  readonly end: Figure;
  readonly accountsLeaving: Figure;
}

const FLOWS = ['renew', 'contract', 'expand', 'leave', 'end', 'accountsLeaving'] as const;
type Flow = (typeof FLOWS)[number];
type Sums = Record<Flow, Float64Array>;

const NORMAL_90 = 1.645;

/**
 * Sums accounts up, month by month. Two things are not known: who of those with a risk will in fact leave, each for itself, so their
 * variances add up; and whether the model's risks are right, for all accounts at once, so all are low or all are high together. Their half
 * widths are put together in quadrature.
 */
export class Forecast {
  private readonly expected: Sums;
  private readonly variance: Sums;
  private readonly atLowRisk: Sums;
  private readonly atHighRisk: Sums;
  private readonly upForRenewal: Float64Array;
  private mrr = 0;

  /** `ends`: days from the forecast's own day to the end of each month, ascending, the first above 0. */
  constructor(private readonly ends: readonly number[]) {
    const sums = (): Sums =>
      Object.fromEntries(FLOWS.map((flow) => [flow, new Float64Array(ends.length)])) as Sums;
    [this.expected, this.variance, this.atLowRisk, this.atHighRisk] = [sums(), sums(), sums(), sums()];
    this.upForRenewal = new Float64Array(ends.length);
  }

  add(account: ForecastAccount): void {
    const { mrr, risk, renewsInDays } = account;
    this.mrr += mrr;
    const renewal = renewsInDays === null ? -1 : this.ends.findIndex((end) => renewsInDays <= end);
    if (renewal >= 0) this.upForRenewal[renewal] = (this.upForRenewal[renewal] ?? 0) + mrr;
    const hazards = risk === null ? NO_HAZARD : dailyHazards(risk);
    this.follow(account, hazards, renewal, this.expected, this.variance);
    this.follow(account, risk === null ? hazards : scaledTo(risk.low, hazards), renewal, this.atLowRisk);
    this.follow(account, risk === null ? hazards : scaledTo(risk.high, hazards), renewal, this.atHighRisk);
  }

  months(): ForecastMonth[] {
    const mrr = Math.round(this.mrr);
    let start: Figure = { expected: mrr, low: mrr, high: mrr };
    return this.ends.map((_, month) => {
      const expand = this.figure('expand', month);
      // Each is rounded on its own: together they must not take more than there is.
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

  /** One account through all months. Means and second moments of its MRR are of the case that it is there. */
  private follow(
    { mrr, goneInDays, contraction, expansion }: ForecastAccount,
    hazards: DailyHazards,
    renewal: number,
    sums: Sums,
    variance?: Sums,
  ): void {
    const thereAfter = (days: number): number =>
      goneInDays === null ? stillThere(hazards, days) : Number(days < Math.max(1, goneInDays));
    const add = (flow: Flow, month: number, mean: number, square: number): void => {
      sums[flow][month] = (sums[flow][month] ?? 0) + mean;
      if (variance) variance[flow][month] = (variance[flow][month] ?? 0) + Math.max(0, square - mean * mean);
    };
    let [from, there, mean, square] = [0, 1, mrr, mrr * mrr];
    for (const [month, end] of this.ends.entries()) {
      const later = thereAfter(end);
      const gone = there - later;
      const down = later * within(contraction, end - from);
      const up = later * within(expansion, end - from);
      add('accountsLeaving', month, gone, gone);
      add('leave', month, mean * gone, square * gone);
      add('contract', month, mean * down * contraction.step, square * down * contraction.step ** 2);
      add('expand', month, mean * up * expansion.step, square * up * expansion.step ** 2);
      if (month === renewal) add('renew', month, mean * later, square * later);
      if (later > 0) {
        mean *= 1 - (down / later) * contraction.step + (up / later) * expansion.step;
        square *=
          1 +
          (down / later) * ((1 - contraction.step) ** 2 - 1) +
          (up / later) * ((1 + expansion.step) ** 2 - 1);
      }
      add('end', month, mean * later, square * later);
      [from, there] = [end, later];
    }
  }

  /** Rounded to a `digits`-th. Never below 0. */
  private figure(flow: Flow, month: number, digits = 1): Figure {
    const expected = this.expected[flow][month] ?? 0;
    const others = [this.atLowRisk[flow][month] ?? 0, this.atHighRisk[flow][month] ?? 0];
    const luck = NORMAL_90 * Math.sqrt(this.variance[flow][month] ?? 0);
    const below = expected - Math.min(expected, ...others);
    const above = Math.max(expected, ...others) - expected;
    const rounded = (value: number): number => Math.round(digits * value) / digits;
    return {
      expected: rounded(expected),
      low: rounded(Math.max(0, expected - Math.hypot(luck, below))),
      high: rounded(expected + Math.hypot(luck, above)),
    };
  }
}

const NO_HAZARD: DailyHazards = { early: 0, late: 0 };

function within({ probability, step }: Change, days: number): number {
  return probability === 0 || step === 0 ? 0 : 1 - (1 - probability) ** (days / WINDOW_DAYS);
}

function atMost(most: number, figure: Figure): Figure {
  return figure.expected <= most ? figure : around(most, figure);
}

function around(expected: number, { low, high }: Figure): Figure {
  return { expected, low: Math.min(low, expected), high: Math.max(high, expected) };
}
