const ACCOUNTS = 1_000;
const USERS = 20;
/** Live traffic: events of the last day. */
const SPREAD_SECONDS = 86_400;
const NAMES = [
  'Report Created',
  'Report Shared',
  'Dashboard Viewed',
  'Export Started',
  'User Invited',
  'Filter Saved',
];

/** Distinct events of about 250 bytes of JSON, numbered from `from` so that calls with different ranges never repeat one. */
export function trackCalls(from: number, count: number, now: number): object[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    // Scattered over accounts, users and times like real traffic, but deterministic.
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
