const ACCOUNTS = 1_000;
const USERS = 20;
/** Live traffic: what happened within the last day. */
const SPREAD_SECONDS = 86_400;
const NAMES = [
  'Report Created',
  'Report Shared',
  'Dashboard Viewed',
  'Export Started',
  'User Invited',
  'Filter Saved',
];

/** Events of about 250 bytes as JSON, all different; `from` numbers them on, so that two calls never repeat one. */
export function trackCalls(from: number, count: number, now: number): object[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    // Scattered over accounts, users and times as real traffic is, but the same for the same number.
    const mixed = Math.imul(n ^ (n >>> 15), 2_654_435_761) >>> 0;
    const account = mixed % ACCOUNTS;
    return {
      type: 'track',
      messageId: `bench-${n.toString(36)}-${mixed.toString(36)}`,
      userId: `user-${account}-${(mixed >>> 10) % USERS}`,
      event: NAMES[mixed % NAMES.length],
      timestamp: new Date(now - ((mixed >>> 3) % SPREAD_SECONDS) * 1_000).toISOString(),
      context: { groupId: `bench-${account}` },
      properties: { format: 'pdf', rows: mixed % 5_000, template: `quarterly-${mixed % 40}`, source: 'menu' },
    };
  });
}

export function batches(from: number, count: number, size: number, now: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    Buffer.from(JSON.stringify({ batch: trackCalls(from + i * size, size, now), sentAt: new Date(now) })),
  );
}

export function accounts(): object[] {
  return Array.from({ length: ACCOUNTS }, (_, account) => ({
    id: `bench-${account}`,
    name: `Account ${account}`,
  }));
}
