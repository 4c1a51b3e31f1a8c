import type { Monotone } from '../ebm/columns.js';

/** Where the other direction would read absurdly; other features may bend as the data say. A judgement. */
export const CHURN_MONOTONE: Readonly<Record<string, Monotone>> = {
  daysSinceLastUse: 1,
  usageTrend28: -1,
  overdueInvoices: 1,
  overdueDays: 1,
  openUrgent: 1,
  oldestUrgentDays: 1,
  nps: -1,
  sponsorNps60: -1,
  csat90: -1,
  csmSentiment: -1,
  championActive28: -1,
  championLost: 1,
};
