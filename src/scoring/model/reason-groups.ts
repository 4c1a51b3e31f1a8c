const GROUPS: readonly (readonly string[])[] = [
  ['activeDays7', 'activeDays28', 'activeDays90', 'events28', 'usagePercentile', 'daysSinceLastUse'],
  ['usageTrend28', 'usageGrowth28', 'usageGrowthPrior28', 'usageVsOwn90'],
  ['licenceUse28', 'licenceUse7', 'activeUsers28'],
  ['featuresUsed28', 'featuresUsedPercentile'],
  ['openUrgent', 'oldestUrgentDays'],
  ['ticketsPerSeat90', 'ticketsPerSeatPercentile', 'openTickets'],
  ['overdueInvoices', 'overdueDays'],
  ['mrr', 'seats', 'tier'],
  ['limitUse', 'daysToLimit'],
  ['nps', 'npsChange', 'sponsorNps60'],
  ['championActive28', 'championLost'],
  ['milestonesLate', 'milestoneLateDays', 'milestonesDoneShare'],
  ['autoRenew', 'autoRenew30'],
  ['tenureDays', 'stage'],
];

/** Features that say the same to people, each with the group it is in. */
export const SAME_THING: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap((group) => group.map((feature) => [feature, group[0] ?? feature] as const)),
);
