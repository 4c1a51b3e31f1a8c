import type { Profile } from './profile.js';

export const MONTH_TICKS = 4;
const TREND_TICKS = 8;
const RATING_TICKS = 12;

/** An urgent ticket as the state of the account keeps it: at most one stays open for long. */
export interface TickHappenings {
  activeUsers: number;
  events: number;
  championLeft: boolean;
  championCame: boolean;
  urgentOpened: boolean;
  urgentResolved: boolean;
  /** Score of each ticket of the tick, 0 for those without an answer. */
  readonly ratings: Uint8Array;
  tickets: number;
  nps: number | null;
  sentiment: number | null;
  twoWay: boolean;
  invoiced: boolean;
  paid: boolean;
  /** Seats and products were changed, on this day of the tick. */
  changedOn: number | null;
  treated: boolean;
}

const MOST_TICKETS = 8;

export function nothing(): TickHappenings {
  return {
    activeUsers: 0,
    events: 0,
    championLeft: false,
    championCame: false,
    urgentOpened: false,
    urgentResolved: false,
    ratings: new Uint8Array(MOST_TICKETS),
    tickets: 0,
    nps: null,
    sentiment: null,
    twoWay: false,
    invoiced: false,
    paid: false,
    changedOn: null,
    treated: false,
  };
}

/**
 * How an account stands at the end of a tick. What leaving depends on is in the facts as it is here: counts, dates, answers. Only `level`
 * (the use that is intended) is seen through the use that it leads to, within a week.
 */
export class Situation {
  ticks = 0;
  /** Day of the first paid start: tenure counts from it. */
  paidSince: number;
  renewalDay: number;
  seats: number;
  /** 2 with the add-on. */
  products = 1;
  /** The share of the seats in use that is intended. */
  level: number;
  /** The share of the seats that are assigned. */
  assigned = 0.15;
  /** Active users of the last ticks. */
  readonly users = new Float64Array(MONTH_TICKS);
  /** Events a day of the last ticks, with the season taken out. */
  readonly events = new Float64Array(TREND_TICKS);
  readonly ratingSums = new Float64Array(RATING_TICKS);
  readonly ratingCounts = new Float64Array(RATING_TICKS);
  /** Ticks since the champion left; 0: there is one. */
  championGone = 0;
  /** Days since the urgent ticket that is open was opened; 0: none is open. */
  urgentDays = 0;
  /** NaN: never answered. */
  nps = Number.NaN;
  npsTicks = 0;
  sentiment = Number.NaN;
  sentimentTicks = 0;
  /** Does not pay for now. */
  unpaid = false;
  /** The day on which the oldest unpaid invoice was due; 0: none is unpaid. */
  unpaidSince = 0;
  daysSinceTwoWay = 0;
  idleDays = 0;
  /** Ticks for which a campaign works on. */
  treatedTicks = 0;

  constructor(profile: Profile) {
    this.seats = profile.seats;
    this.paidSince = profile.since + profile.trialDays;
    this.renewalDay = this.paidSince + 365;
    this.level = profile.slow ? 0.12 : 0.3;
  }

  copyTo(other: Situation): void {
    const { users, events, ratingSums, ratingCounts } = other;
    users.set(this.users);
    events.set(this.events);
    ratingSums.set(this.ratingSums);
    ratingCounts.set(this.ratingCounts);
    Object.assign(other, this, { users, events, ratingSums, ratingCounts });
  }

  /** Active users of 28 days among the seats. */
  use(): number {
    const { users } = this;
    return Math.max(users[0] ?? 0, users[1] ?? 0, users[2] ?? 0, users[3] ?? 0) / this.seats;
  }

  /** Use of the last four ticks against the four before, 0 for no change; 0 also while it is too young to tell. */
  trend(): number {
    if (this.ticks < TREND_TICKS) return 0;
    let recent = 0;
    let earlier = 0;
    for (let back = 0; back < TREND_TICKS; back++) {
      const value = this.events[(this.ticks - 1 - back + TREND_TICKS * 2) % TREND_TICKS] ?? 0;
      if (back < MONTH_TICKS) recent += value;
      else earlier += value;
    }
    return earlier > 0 ? Math.min(1, recent / earlier - 1) : 0;
  }

  /** Mean rating of 90 days; NaN below three answers. */
  csat(): number {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < RATING_TICKS; i++) {
      sum += this.ratingSums[i] ?? 0;
      count += this.ratingCounts[i] ?? 0;
    }
    return count >= 3 ? sum / count : Number.NaN;
  }

  overdueDays(today: number): number {
    return this.unpaidSince === 0 ? 0 : Math.max(0, today - this.unpaidSince);
  }
}
