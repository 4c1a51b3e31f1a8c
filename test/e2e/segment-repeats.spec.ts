import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';
import { batch, counted, daysAgo, track } from '../support/intake.js';

describe('repeated calls at every login', () => {
  let app: TestApp;
  let api: Client;

  beforeAll(async () => {
    app = await startTestApp();
    api = client(app);
  });
  afterAll(() => app.stop());

  const at = (minute: number) => new Date(Date.parse('2026-03-01T00:00:00Z') + minute * 60_000).toISOString();
  const group = (userId: string, groupId: string, minute: number, traits: object = { plan: 'pro' }) => ({
    type: 'group',
    userId,
    groupId,
    timestamp: at(minute),
    traits,
  });
  const identify = (userId: string, groupId: string, minute: number) => ({
    type: 'identify',
    userId,
    timestamp: at(minute),
    context: { groupId },
    traits: { email: `${userId}@customer.example` },
  });
  const rows = async (table: string, where: string): Promise<number> => {
    const [row]: { n: number }[] = await app.dataSource.query(
      `SELECT count(*)::int AS n FROM ${table} WHERE ${where}`,
    );
    return row?.n ?? 0;
  };

  it('leave two rows each, in any order and number', async () => {
    const calls = Array.from({ length: 60 }, (_, i) => (i * 37) % 60).flatMap((minute) => [
      group('u1', 'R1', minute),
      identify('u1', 'R1', minute),
    ]);
    await batch(app, calls.slice(0, 40));
    for (const call of calls.slice(40, 50)) await api.call('POST', `/v1/${call.type}`, call);
    await batch(app, calls.slice(50));
    expect(await rows('statement', `kind = 'accounts' AND record_id = 'R1'`)).toBe(2);
    expect(await rows('statement', `kind = 'contacts' AND record_id = 'u1'`)).toBe(2);
    expect(await rows('user_account', `user_id = 'u1'`)).toBe(2);
    const again = await batch(app, calls);
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 120 });
  });

  it('keep the statement of a batch at a time when its repeat became redundant', async () => {
    const moving = [0, 1, 2, 3].map((minute) => group('u2', 'R2', minute));
    await batch(app, [...moving, group('u2', 'R2', 2, { plan: 'free' })]);
    const told: { at: Date; plan: string }[] = await app.dataSource.query(
      `SELECT effective_at AS at, patch->'traits'->>'plan' AS plan FROM statement WHERE record_id = 'R2' ORDER BY 1`,
    );
    expect(told.map(({ at: time, plan }) => [time.toISOString(), plan])).toEqual([
      [at(0), 'pro'],
      [at(2), 'free'],
      [at(3), 'pro'],
    ]);
  });

  it('leave two rows when 2,000 arrive in one batch', async () => {
    const calls = Array.from({ length: 2_000 }, (_, i) => group('u20', 'R20', i));
    await batch(app, calls);
    expect(await rows('statement', `record_id = 'R20'`)).toBe(2);
  });

  it('keep every change of account', async () => {
    const minutes = Array.from({ length: 40 }, (_, i) => i);
    await batch(
      app,
      minutes.map((i) => group('u3', i % 20 < 10 ? 'R3' : 'R4', i)),
    );
    expect(await rows('user_account', `user_id = 'u3'`)).toBe(8);
    await batch(app, [group('u4', 'R3', 0), group('u4', 'R3', 9), group('u4', 'R4', 5)]);
    expect(await rows('user_account', `user_id = 'u4'`)).toBe(3);
  });

  it('are accepted when only the user is new to the account', async () => {
    await batch(app, [group('u5', 'R5', 0), group('u5', 'R5', 9)]);
    expect((await batch(app, [group('u6', 'R5', 5)])).body).toMatchObject({ accepted: 1 });
    expect((await batch(app, [group('u6', 'R5', 5)])).body).toMatchObject({ duplicates: 1 });
  });

  it('leave one audit entry per request, without names, and none if nothing changed', async () => {
    const entries = async (): Promise<unknown[]> =>
      app.dataSource.query(
        `SELECT actor <> '' AS acted, action, target, detail FROM audit_entry
         WHERE action IN ('accounts.grouped', 'contacts.identified', 'users.aliased') ORDER BY id`,
      );
    const before = (await entries()).length;
    const calls = [
      ...['a', 'b'].map((user) => group(`audit-${user}`, 'R7', 1)),
      identify('audit-a', 'R7', 1),
      { type: 'alias', previousId: 'audit-old', userId: 'audit-a', timestamp: at(1) },
      track({ userId: 'audit-a', timestamp: daysAgo(2) }),
    ];
    await batch(app, calls);
    const told = [
      { acted: true, action: 'accounts.grouped', target: 'accounts', detail: { created: 1, joined: 2 } },
      { acted: true, action: 'users.aliased', target: 'users', detail: { aliased: 1 } },
      { acted: true, action: 'contacts.identified', target: 'contacts', detail: { created: 1 } },
    ];
    expect((await entries()).slice(before)).toEqual(told);
    await batch(app, calls);
    expect((await entries()).slice(before)).toEqual(told);
  });

  it('are audited separately from PUT events and import chunks', async () => {
    const entries = (): Promise<unknown[]> =>
      app.dataSource.query(
        `SELECT action, split_part(target, '/', 1) AS target, detail FROM audit_entry
         WHERE action IN ('events.put', 'imports.chunk') ORDER BY id`,
      );
    const event = { accountId: 'R10', event: 'Ran', timestamp: daysAgo(1) };
    const put = () => api.call('PUT', '/v1/events/audited-1', event);
    const lines = ['{"id":"R10"}', '{"id":"R11"}', '{"id":"R12","mrr":"x"}'].join('\n');
    const imported = () =>
      api.call('POST', '/v1/imports/accounts', lines, { 'content-type': 'application/x-ndjson' });
    for (let turn = 0; turn < 2; turn++) {
      expect((await imported()).status).toBeLessThan(300);
      expect((await put()).status).toBeLessThan(300);
    }
    expect(await entries()).toEqual([
      {
        action: 'imports.chunk',
        target: 'imports',
        detail: { kind: 'accounts', lastLine: 3, created: 2, updated: 0, quarantined: 0 },
      },
      { action: 'events.put', target: 'events', detail: { created: 1, quarantined: 0 } },
    ]);
  });

  it('reject an alias that is already another user, and name the place', async () => {
    const alias = (userId: string) => ({
      type: 'alias',
      previousId: 'shared',
      userId,
      timestamp: at(1),
    });
    const answer = await batch(app, [alias('x'), alias('y'), alias('x')]);
    expect(answer.body).toMatchObject({
      accepted: 1,
      duplicates: 1,
      rejected: 1,
      errors: [{ index: 1, code: 'alias_taken', pointer: '/previousId' }],
    });
    expect(await api.call('POST', '/v1/alias', alias('y'))).toMatchObject({
      status: 409,
      body: { code: 'alias_taken', pointer: '/previousId' },
    });
  });

  it('make an alias wait while a person is being erased', async () => {
    const runner = app.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock(7001, 0)');
    const sent = batch(app, [{ type: 'alias', previousId: 'waits-old', userId: 'waits', timestamp: at(1) }]);
    const early = await Promise.race([sent, new Promise((done) => setTimeout(done, 300, 'waiting'))]);
    await runner.commitTransaction();
    await runner.release();
    expect(early).toBe('waiting');
    expect((await sent).body).toMatchObject({ accepted: 1 });
  });

  it('attribute events as if all calls had been kept', async () => {
    // Yesterday at noon: all on one day, whenever this runs.
    const noon = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000 + 43_200_000;
    const then = (minute: number) => new Date(noon + minute * 60_000).toISOString();
    const event = (minute: number) => track({ userId: 'u8', event: 'Ran', timestamp: then(minute) });
    const joined = (groupId: string, minute: number) => ({
      ...group('u8', groupId, 0),
      timestamp: then(minute),
    });
    await batch(app, [
      ...[0, 1, 2, 3].map((minute) => joined('R8', minute)),
      ...[10, 11, 12, 13].map((minute) => joined('R9', minute)),
      ...[20, 21, 22].map((minute) => joined('R8', minute)),
    ]);
    await batch(app, [event(-5), event(2), event(11), event(12), event(30)]);
    const { users } = await counted(app);
    expect(users).toMatchObject({ 'R8 u8': 1, 'R9 u8': 1 });
    const found: { id: string; n: number }[] = await app.dataSource.query(
      `SELECT a.id, count(*)::int AS n FROM event e JOIN account a USING (account_id) WHERE e.user_id = 'u8' GROUP BY 1 ORDER BY 1`,
    );
    expect(found).toEqual([
      { id: 'R8', n: 3 },
      { id: 'R9', n: 2 },
    ]);
  });
});
