import type { Profile } from './profile.js';

export const MONTH_TICKS = 4;
const TREND_TICKS = 8;
const RATING_TICKS = 12;

/** What happens to an account within a tick. At most one urgent ticket is open at a time. */
export interface TickHappenings {
  activeUsers: number;
  events: number;
  championLeft: boolean;
  championCame: boolean;
  urgentOpened: boolean;
  urgentResolved: boolean;
  /** CSAT of each ticket in the tick; 0 if not answered. */
  readonly ratings: Uint8Array;
  tickets: number;
  nps: number | null;
  sentiment: number | null;
  twoWay: boolean;
  invoiced: boolean;
  paid: boolean;
  /** Day of the tick on which seats or products changed. */
  changedOn: number | null;
  treated: boolean;
}

const MAX_TICKETS = 8;

export function nothing(): TickHappenings {
  return {
    activeUsers: 0,
    events: 0,
    championLeft: false,
    championCame: false,
    urgentOpened: false,
    urgentResolved: false,
    ratings: new Uint8Array(MAX_TICKETS),
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
 * State of an account at the end of a tick. Everything that churn depends on is in the facts as it is here: counts, dates, answers. Only
 * `level` (the intended use) is not; it shows within a week in the actual use.
 */
export class Situation {
  ticks = 0;
  /** Day of the first paid start: tenure counts from it. */
  paidSince: number;
  renewalDay: number;
  seats: number;
  /** 2 with the add-on. */
  products = 1;
  /** Intended share of seats in use. */
  level: number;
  /** Share of seats assigned. */
  assigned = 0.15;
  /** Active users in the last ticks. */
  readonly users = new Float64Array(MONTH_TICKS);
  /** Events per day in the last ticks, seasonally adjusted. */
  readonly events = new Float64Array(TREND_TICKS);
  readonly ratingSums = new Float64Array(RATING_TICKS);
  readonly ratingCounts = new Float64Array(RATING_TICKS);
  /** Ticks since the champion left; 0 while there is one. */
  championGone = 0;
  /** Age in days of the open urgent ticket; 0 if none is open. */
  urgentDays = 0;
  /** NaN until answered. */
  nps = Number.NaN;
  npsTicks = 0;
  sentiment = Number.NaN;
  sentimentTicks = 0;
  /** Currently not paying invoices. */
  unpaid = false;
  /** Due day of the oldest unpaid invoice; 0 if none. */
  unpaidSince = 0;
  daysSinceTwoWay = 0;
  idleDays = 0;
  /** Ticks for which a campaign still has an effect. */
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

  /** Active users within 28 days, as a share of seats. */
  use(): number {
    const { users } = this;
    return Math.max(users[0] ?? 0, users[1] ?? 0, users[2] ?? 0, users[3] ?? 0) / this.seats;
  }

  /** Relative change of use between the last four ticks and the four before; 0 while there are fewer than eight. */
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

  /** Mean CSAT over 90 days; NaN with fewer than three answers. */
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
