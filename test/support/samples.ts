export const KINDS = [
  'accounts',
  'contacts',
  'events',
  'gauges',
  'subscriptions',
  'tickets',
  'invoices',
  'surveys',
  'activities',
  'milestones',
];
/** A few days ago. */
export const day = new Date(Date.now() - 5 * 86_400_000).toISOString();

/** A valid record of each kind except accounts, without id and account. */
export const bodies: Record<string, (i: number) => object> = {
  contacts: (i) => ({ email: `c${i}@example.com`, role: 'champion', userIds: [`u-${i}`] }),
  events: (i) => ({ event: 'Report Created', timestamp: day, userId: `u-${i}`, value: 2.5 }),
  gauges: (i) => ({ name: `licences ${i}`, value: 7, at: day }),
  subscriptions: () => ({
    plan: 'Pro',
    mrr: 1000,
    seats: 5,
    currency: 'EUR',
    startedAt: '2025-01-01',
    autoRenew: true,
  }),
  tickets: () => ({ priority: 'urgent', openedAt: day, csat: 4.5, reopenedAt: [day] }),
  invoices: () => ({ issuedAt: '2025-01-01', amount: 1200, currency: 'EUR' }),
  surveys: () => ({ kind: 'nps', score: 9, sentAt: day }),
  activities: () => ({ kind: 'meeting', at: day, twoWay: true }),
  milestones: () => ({ name: 'first_value', dueAt: '2025-03-01' }),
};
