import type { Monotone } from '../ebm/columns.js';

/**
 * Where the other direction would read absurdly; other features may bend as the data say. What the scorecard weighs heavily (use and its trend,
 * overdue bills) is free: the direction is in the offset, and the boosting must be able to take back what the offset overdoes. A judgement.
 */
export const CHURN_MONOTONE: Readonly<Record<string, Monotone>> = {
  openUrgent: 1,
  oldestUrgentDays: 1,
  nps: -1,
  sponsorNps60: -1,
  csat90: -1,
  csmSentiment: -1,
  championActive28: -1,
  championLost: 1,
};
