import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, type Client, client, clientWithScope } from '../support/client.js';
import { daysUpTo, Facts, plusDays } from '../support/facts.js';
import { expectProblem } from '../support/problem.js';

const MINE = {
  name: 'Only use',
  bands: { green: 80, yellow: 50 },
  dimensions: [
    {
      key: 'adoption',
      weight: 1,
      measures: [
        {
          feature: 'daysSinceLastUse',
          weight: 1,
          curve: [
            [2, 100],
            [30, 0],
          ],
        },
      ],
    },
  ],
  caps: [
    {
      key: 'idle',
      limit: 20,
      when: [{ feature: 'daysSinceLastUse', atLeast: 20 }],
      text: 'idle for 20 days',
    },
  ],
};
const FOR_SMB = { ...MINE, appliesTo: { tiers: ['smb'] } };

describe('scorecards', () => {
  let app: TestApp;
  let sut: Client;

  beforeAll(async () => {
    app = await startTestApp();
    sut = client(app);
    const facts = new Facts(app.dataSource);
    const today = new Date().toISOString().slice(0, 10);
    for (const tier of ['smb', 'enterprise']) {
      const account = await facts.account({ id: tier, tier });
      await facts.subscription(account);
      await facts.usage(account, daysUpTo(plusDays(today, -9), 30));
    }
  });
  afterAll(() => app.stop());

  const put = (key: string, card: object, ifMatch?: string): Promise<Answer> =>
    sut.call('PUT', `/v1/scorecards/${key}`, card, ifMatch === undefined ? {} : { 'if-match': ifMatch });
  const get = (key: string): Promise<Answer> => sut.call('GET', `/v1/scorecards/${key}`);
  const retire = (key: string, ifMatch?: string): Promise<Answer> =>
    sut.call(
      'DELETE',
      `/v1/scorecards/${key}`,
      undefined,
      ifMatch === undefined ? {} : { 'if-match': ifMatch },
    );
  const inUse = async (): Promise<string[]> => {
    const { body } = await sut.call('GET', '/v1/scorecards');
    return (body['items'] as { key: string; version: number }[]).map(
      ({ key, version }) => `${key} ${version}`,
    );
  };
  const trail = async (key: string): Promise<unknown[]> => {
    const { body } = await sut.call('GET', `/v1/audit?target=scorecards/${key}`);
    return (body['items'] as { action: string; detail: { version: number } }[]).map(
      ({ action, detail: { version } }) => `${action} ${version}`,
    );
  };
  const openRuns = (): Promise<unknown[]> =>
    app.dataSource.query(`SELECT FROM score_run WHERE status IN ('queued', 'running')`);
  const runEnds = async (id: unknown): Promise<void> => {
    for (;;) {
      const { body } = await sut.call('GET', `/v1/score-runs/${String(id)}`);
      if (body['status'] === 'succeeded') return;
      expect(body['status']).not.toBe('failed');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const scoredBy = async (account: string): Promise<unknown> => {
    const { body } = await sut.call('GET', `/v1/accounts/${account}/score`);
    return (body['health'] as { scorecard: unknown }).scorecard;
  };

  it('includes the default cards, which can be PUT back as read', async () => {
    expect(await inUse()).toEqual([
      'default 1',
      'default-enterprise 1',
      'default-onboarding 1',
      'default-smb 1',
      'default-trial 1',
    ]);
    const read = await get('default');
    expect(read).toMatchObject({
      status: 200,
      body: { key: 'default', version: 1, builtIn: true, retired: false },
    });
    expect(read.headers.get('etag')).toBe('"1"');
    expect(read.body['versions']).toEqual([
      { version: 1, builtIn: true, retired: false, createdAt: expect.any(String) },
    ]);
    const again = await put('default', read.body['card'] as object);
    expect(again).toMatchObject({ status: 200, body: { version: 1, scoreRunId: null } });
    expect(await openRuns()).toEqual([]);
    expect(await trail('default')).toEqual([]);
  });

  it('creates a version only for changes, and rescores all accounts', async () => {
    const created = await put('mine', FOR_SMB);
    expect(created).toMatchObject({
      status: 201,
      body: { key: 'mine', version: 1, builtIn: false, retired: false, card: FOR_SMB },
    });
    await runEnds(created.body['scoreRunId']);
    expect(await scoredBy('smb')).toEqual({ key: 'mine', version: 1 });
    const narrower = { ...MINE, appliesTo: { tiers: ['smb'], statuses: ['active'] } };
    const updated = await put('mine', narrower, '"1"');
    expect(updated).toMatchObject({ status: 200, body: { version: 2 } });
    expect(updated.headers.get('etag')).toBe('"2"');
    expect(await put('mine', narrower, '"1"')).toMatchObject({
      status: 200,
      body: { version: 2, scoreRunId: null },
    });
    await runEnds(updated.body['scoreRunId']);
    expect(await scoredBy('smb')).toEqual({ key: 'mine', version: 2 });
    expect(await scoredBy('enterprise')).toEqual({ key: 'default-enterprise', version: 1 });
    expect((await get('mine')).body).toMatchObject({
      version: 2,
      versions: [{ version: 2 }, { version: 1 }],
    });
    const old = await sut.call('GET', '/v1/scorecards/mine?version=1');
    expect(old.body).toMatchObject({ version: 1, card: FOR_SMB });
    expectProblem(await sut.call('GET', '/v1/scorecards/mine?version=3'), 404, 'not_found');
    expect(await trail('mine')).toEqual(['scorecard.updated 2', 'scorecard.created 1']);
  });

  it('deactivates a card and restores it', async () => {
    await put('passing', FOR_SMB);
    expectProblem(await retire('passing'), 428, 'precondition_required');
    expect((await retire('passing', '"1"')).status).toBe(204);
    expect((await retire('passing')).status).toBe(204);
    expect(await inUse()).not.toContain(expect.stringContaining('passing'));
    expect((await get('passing')).body).toMatchObject({ version: 2, retired: true, card: FOR_SMB });
    expect(await put('passing', FOR_SMB)).toMatchObject({
      status: 201,
      body: { version: 3, retired: false },
    });
    expect(await inUse()).toContain('passing 3');
    expect(await trail('passing')).toEqual([
      'scorecard.created 3',
      'scorecard.retired 2',
      'scorecard.created 1',
    ]);
    expectProblem(await retire('nobody', '*'), 404, 'not_found');
  });

  it('leaves no account without a card', async () => {
    expectProblem(await retire('default', '"1"'), 409, 'no_card_for_all');
    expectProblem(await put('default', FOR_SMB, '"1"'), 409, 'no_card_for_all');
    expect((await get('default')).body).toMatchObject({ version: 1, retired: false });
    await put('for-all', MINE);
    expect((await retire('default', '"1"')).status).toBe(204);
    expectProblem(await retire('for-all', '"1"'), 409, 'no_card_for_all');
  });

  it('does not overwrite a version the caller has not seen', async () => {
    await put('shared', { ...FOR_SMB, name: '0' });
    expectProblem(await put('shared', { ...FOR_SMB, name: '1' }), 428, 'precondition_required');
    expectProblem(await put('shared', { ...FOR_SMB, name: '1' }, '"2"'), 412, 'precondition_failed');
    expectProblem(await put('unknown', FOR_SMB, '*'), 412, 'precondition_failed');
    const addOne = async (): Promise<void> => {
      for (;;) {
        const { body, headers } = await get('shared');
        const { name } = body['card'] as { name: string };
        const next = { ...FOR_SMB, name: String(Number(name) + 1) };
        const { status } = await put('shared', next, headers.get('etag') ?? '');
        expect([200, 412]).toContain(status);
        if (status === 200) return;
      }
    };
    await Promise.all(Array.from({ length: 25 }, addOne));
    const { body } = await get('shared');
    const versions = body['version'] as number;
    expect(body['card']).toMatchObject({ name: String(versions - 1) });
    expect(await trail('shared')).toHaveLength(versions);
  });

  it('requests one run for several changes before it starts', async () => {
    // While a run is under way no other begins.
    await app.dataSource.query(
      `INSERT INTO score_run (as_of, days, status, lease_until) VALUES ('2020-01-01', '{2020-01-01}', 'running', now() + interval '1 hour')`,
    );
    const answers: Answer[] = [];
    for (const name of ['a', 'b', 'c']) answers.push(await put(`many-${name}`, FOR_SMB));
    await app.dataSource.query(`UPDATE score_run SET status = 'failed' WHERE as_of = '2020-01-01'`);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body['scoreRunId'])).size).toBe(1);
  });

  it('names every invalid place', async () => {
    const [dimension] = MINE.dimensions;
    const answer = await put('wrong', {
      ...MINE,
      color: 'blue',
      bands: { green: 40, yellow: 70 },
      dimensions: [{ ...dimension, weight: 0, measures: [{ ...dimension?.measures[0], feature: 'luck' }] }],
      caps: [{ key: 'a', limit: 39, when: [{ attribute: 'tier', is: ['tiny'] }], text: 'x' }],
    });
    expectProblem(answer, 400, 'validation_failed', '/color');
    const errors = answer.body['errors'] as { pointer: string; code: string }[];
    expect(errors.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'unknown_field /color',
      'out_of_range /bands/yellow',
      'out_of_range /dimensions/0/weight',
      'not_allowed /dimensions/0/measures/0/feature',
      'not_allowed /caps/0/when/0/is/0',
    ]);
    expectProblem(await put('wrong', []), 400, 'validation_failed', '');
    expectProblem(await put('wrong', { ...MINE, key: 'other' }), 400, 'key_differs', '/key');
    expectProblem(await put('1%20a', MINE), 400, 'validation_failed', '/key');
    expectProblem(await get('wrong'), 404, 'not_found');
    expectProblem(
      await sut.call('GET', '/v1/scorecards/mine?version=0'),
      400,
      'validation_failed',
      '/version',
    );
  });

  it('requires read to be read and write to be changed', async () => {
    const reader = await clientWithScope(app, 'read');
    const writer = await clientWithScope(app, 'write');
    expect((await reader.call('GET', '/v1/scorecards')).status).toBe(200);
    expect((await writer.call('GET', '/v1/scorecards/mine')).status).toBe(403);
    expect((await reader.call('PUT', '/v1/scorecards/scoped', FOR_SMB)).status).toBe(403);
    expect((await reader.call('DELETE', '/v1/scorecards/mine')).status).toBe(403);
    expect((await writer.call('PUT', '/v1/scorecards/scoped', FOR_SMB)).status).toBe(201);
  });
});
