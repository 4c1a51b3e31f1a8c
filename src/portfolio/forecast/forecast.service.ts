import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { addDays, dayOf, endOfDay } from '../../platform/days.js';
import { DomainError } from '../../platform/errors.js';
import { Settings } from '../../platform/settings.js';
import { type Status, STATUSES } from '../../scoring/features/account-features.js';
import { WINDOW_DAYS } from '../../scoring/model/daily-hazards.js';
import { type Change, Forecast, type ForecastAccount, ifItStays } from '../../scoring/model/forecast.js';
import { RISK_SCALE } from '../../scoring/scores/packed-score.js';
import { RevenueRepository } from '../revenue/revenue.repository.js';
import { type ScoredDay, SummaryRepository } from '../summary/summary.repository.js';
import type { ForecastSteps, PastForecast, PortfolioForecast } from './forecast.dto.js';
import {
  type AccountRow,
  asStored,
  type EndedMonth,
  ForecastRepository,
  type MadeForecast,
  type StoredMonth,
  type TierSteps,
} from './forecast.repository.js';
import { lastOf, monthsAfter } from './months.js';

const MONTHS = 12;
/** Assumed share of MRR that changes if no change was ever observed; a judgment call. */
const USUAL_STEP = 0.2;
const LEAVING: Status = 'leaving';

interface CompleteForecast {
  readonly made: MadeForecast;
  readonly months: readonly StoredMonth[];
}

@Injectable()
export class ForecastService {
  /** The latest forecast, not stored yet, and the scores it is based on. */
  private unstored: { readonly scores: string; readonly made: Promise<CompleteForecast> } | null = null;

  constructor(
    private readonly forecasts: ForecastRepository,
    private readonly days: SummaryRepository,
    private readonly revenues: RevenueRepository,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** Based on the newest scores of all accounts; writes nothing. */
  async forecast(): Promise<PortfolioForecast> {
    const today = dayOf(this.clock.now());
    const day = await this.days.newestDay(today);
    const newest = day && (await this.newest(day));
    const currency = newest?.made.currency ?? this.settings.reportingCurrency;
    const past: PastForecast[] = [];
    for (const month of await this.forecasts.ended(currency, today, MONTHS)) {
      past.push(pastOf(month.isOpen ? { ...month, actual: await this.actual(month) } : month));
    }
    if (!newest) return { madeOn: null, currency, accounts: 0, withoutMrr: 0, months: [], steps: [], past };
    const { madeOn, accounts, withoutMrr, steps } = newest.made;
    return {
      madeOn,
      currency,
      accounts,
      withoutMrr,
      months: newest.months.map((month) => ({
        ...month,
        month: month.month.slice(0, 7),
        renewalRate: renewalRateOf(month),
      })),
      steps: [...steps],
      past,
    };
  }

  /** Stores the forecast of the latest scored day and the actual MRR for earlier ones, if missing. Idempotent. */
  async keep(): Promise<void> {
    const today = dayOf(this.clock.now());
    const day = await this.days.newestDay(today);
    if (!day) return;
    if (!(await this.stored(day))) {
      const { made, months } = await this.make(day);
      await this.forecasts.store(made, months);
    }
    for (const month of await this.forecasts.ended(day.currency, today, MONTHS)) {
      if (month.isOpen) await this.forecasts.keepActual(month, await this.actual(month), this.clock.now());
    }
  }

  private async newest(day: ScoredDay): Promise<CompleteForecast> {
    const stored = await this.stored(day);
    if (stored) return { made: stored, months: await this.forecasts.months(stored.madeOn) };
    const scores = `${day.asOf} ${day.scoredAt.getTime()}`;
    if (this.unstored?.scores === scores) return this.unstored.made;
    // Concurrent requests share one computation until it is stored.
    const made = this.make(day);
    this.unstored = { scores, made };
    made.catch(() => (this.unstored = null));
    return made;
  }

  /** Null if there is none, or if the day was rescored since. */
  private async stored(day: ScoredDay): Promise<MadeForecast | null> {
    const stored = await this.forecasts.find(day.asOf);
    return stored && stored.at >= momentOf(day) ? stored : null;
  }

  private async make(day: ScoredDay): Promise<CompleteForecast> {
    const at = momentOf(day);
    const days = monthsAfter(day.asOf, MONTHS);
    const steps = stepsFrom(await this.forecasts.steps(at, day.asOf));
    const forecast = new Forecast(days.map(({ endsInDays }) => endsInDays));
    const tiers = new Set<string>();
    let accounts = 0;
    let withoutMrr = 0;
    for await (const rows of this.forecasts.accounts(day.asOf)) {
      for (const row of rows) {
        tiers.add(row.tier);
        accounts++;
        if (row.mrr === null) withoutMrr++;
        forecast.add(accountOf(row, steps(row.tier)));
      }
    }
    const months = forecast
      .months()
      .map((month, index) => asStored({ ...month, month: days[index]?.first ?? '' }));
    const { asOf: madeOn, currency } = day;
    return {
      made: { madeOn, at, currency, accounts, withoutMrr, steps: [...tiers].sort().map(steps) },
      months,
    };
  }

  /** MRR at the month's end of the accounts that existed at the forecast. Null if a rate is missing. */
  private async actual({ madeOn, at, month }: EndedMonth): Promise<number | null> {
    const day = lastOf(month);
    const end = { day, until: endOfDay(day, this.clock.now(), '') };
    try {
      const { start, movements } = await this.revenues.revenue(end, { day: madeOn, until: at });
      if (!start || !movements) return null;
      return start.mrr.amount + movements.expansion + movements.contraction + movements.churn;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'missing_exchange_rate') return null;
      throw error;
    }
  }
}

function renewalRateOf({ upForRenewal, renew }: StoredMonth): number | null {
  return upForRenewal > 0 ? Math.round((10_000 * renew.expected) / upForRenewal) / 10_000 : null;
}

/** Scores of a past day are as of its end, those of today as of when they were computed. */
function momentOf({ asOf, scoredAt }: ScoredDay): Date {
  const end = new Date(`${addDays(asOf, 1)}T00:00:00Z`);
  return scoredAt < end ? scoredAt : end;
}

/** The step of a tier, or of all accounts if the tier has too few. */
function stepsFrom(seen: readonly TierSteps[]): (tier: string) => ForecastSteps {
  const all = seen.find(({ tier }) => tier === null);
  return (tier) => {
    const own = seen.find((one) => one.tier === tier);
    return {
      tier,
      contraction: own?.contraction ?? all?.contraction ?? USUAL_STEP,
      expansion: own?.expansion ?? all?.expansion ?? USUAL_STEP,
    };
  };
}

function accountOf(row: AccountRow, steps: ForecastSteps): ForecastAccount {
  const isLeaving = STATUSES[row.status] === LEAVING;
  const within90Days = (row.probability ?? 0) / RISK_SCALE;
  const change = (parts: number | null, step: number): Change => ({
    probability: ifItStays((parts ?? 0) / RISK_SCALE, within90Days),
    step,
  });
  return {
    mrr: row.mrr ?? 0,
    goneInDays: isLeaving ? Math.min(WINDOW_DAYS, row.renews_in ?? WINDOW_DAYS) : null,
    risk:
      row.probability === null
        ? null
        : {
            within90Days,
            low: row.low / RISK_SCALE,
            high: row.high / RISK_SCALE,
            within12Months: row.probability12m / RISK_SCALE,
          },
    renewsInDays: row.renews_in,
    contraction: change(row.contraction, steps.contraction),
    expansion: change(row.expansion, steps.expansion),
  };
}

function pastOf({ madeOn, month, end, actual }: EndedMonth): PastForecast {
  return { madeOn, month: month.slice(0, 7), ...end, actual };
}
