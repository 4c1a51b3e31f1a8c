import { startTestApp, type TestApp } from '../support/app.js';
import { type Client, client } from '../support/client.js';
import { Facts } from '../support/facts.js';
import { expectProblem } from '../support/problem.js';

const GREEN = 0;
const RED = 2;
const ACTIVE = 1;
const CHURNED = 3;

describe('families', () => {
  let app: TestApp;
  let sut: Client;

  beforeAll(async () => {
    app = await startTestApp();
    sut = client(app);
    const facts = new Facts(app.dataSource);
    const make = async (
      id: string,
      parent: string | null,
      [mrr, health, band, status = ACTIVE]: [number, number, number, number?] | [],
    ): Promise<number> => {
      const account = await facts.account({ id, name: `Name of ${id}`, parent_id: parent });
      if (mrr === undefined) return account;
      await app.dataSource.query(
        `INSERT INTO account_current (half, run_id, item_version, account_id, band, status, tier, stage, mrr, health, currency, item)
         SELECT half, 1, 1, $1, $2, $3, 'smb', 'adopting', $4, $5, 'USD', '{}' FROM current_half`,
        [account, band, status, mrr, health],
      );
      return account;
    };
    const top = await make('top', 'outside', [10_000, 8_000, GREEN]);
    await app.dataSource.query(`INSERT INTO account_ref VALUES ('crm:top', $1, 'external')`, [top]);
    await make('left', 'top', [30_000, 2_000, RED]);
    await make('right', 'crm:top', []);
    await make('below', 'right', [60_000, 9_000, GREEN]);
    await make('gone', 'top', [0, 1_000, RED, CHURNED]);
    await make('merged', 'top', [99_000, 100, RED]);
    await app.dataSource.query(`UPDATE account SET merged_into = $1 WHERE id = 'merged'`, [top]);
    const moved = await facts.account({ id: 'moved', name: null });
    await app.dataSource.query(
      `UPDATE account_state SET parent_id = 'top', valid_to = now() - interval '1 day' WHERE account_id = $1`,
      [moved],
    );
    await facts.record('account_state', moved, {
      id: 'moved',
      valid_from: new Date(Date.now() - 86_400_000),
    });
    await make('round-1', 'round-3', [10_000, 5_000, GREEN]);
    await make('round-2', 'round-1', [10_000, 6_000, GREEN]);
    await make('round-3', 'round-2', [20_000, 7_000, GREEN]);
  });
  afterAll(() => app.stop());

  const family = async (id: string): Promise<Record<string, unknown>> =>
    (await sut.call('GET', `/v1/accounts/${id}/family`)).body;
  const memberIds = async (id: string): Promise<string[]> =>
    ((await family(id))['members'] as { id: string; parentId: string | null }[]).map(
      ({ id: member, parentId }) => `${member} < ${parentId ?? '-'}`,
    );

  it('weights all descendants of an account by MRR', async () => {
    expect(await family('crm:top')).toMatchObject({
      accountId: 'top',
      parentId: 'outside',
      // (10 × 80 + 30 × 20 + 60 × 90) ÷ 100
      subtree: { accounts: 5, mrr: { amount: 100_000, currency: 'USD' }, health: 68, redShare: 0.3 },
    });
    expect(await memberIds('top')).toEqual([
      'top < -',
      'below < right',
      'left < top',
      'gone < top',
      'right < top',
    ]);
  });

  it('shows each member as in the list', async () => {
    const { members } = (await family('top')) as { members: { id: string }[] };
    expect(members.find(({ id }) => id === 'left')).toEqual({
      id: 'left',
      name: 'Name of left',
      parentId: 'top',
      status: 'active',
      mrr: { amount: 30_000, currency: 'USD' },
      health: 20,
      band: 'red',
    });
    expect(members.find(({ id }) => id === 'right')).toMatchObject({
      status: null,
      mrr: null,
      health: null,
      band: 'unknown',
    });
  });

  it('names the parent by its canonical id', async () => {
    expect(await family('right')).toMatchObject({ parentId: 'top', subtree: { accounts: 2, health: 90 } });
  });

  it('has no figures for an account without children', async () => {
    expect(await family('left')).toMatchObject({ subtree: null, members: [{ id: 'left', parentId: null }] });
    expect(await family('moved')).toMatchObject({ parentId: null, subtree: null });
  });

  it('treats the requested account as the top of a cycle', async () => {
    expect(await family('round-2')).toMatchObject({ subtree: { accounts: 3, health: 62.5 } });
    expect(await memberIds('round-2')).toEqual(['round-2 < -', 'round-3 < round-2', 'round-1 < round-3']);
  });

  it('returns 404 for an unknown account', async () => {
    expectProblem(await sut.call('GET', '/v1/accounts/nobody/family'), 404, 'not_found');
  });
});
