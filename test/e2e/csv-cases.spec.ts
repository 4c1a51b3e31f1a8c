import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, type Client } from '../support/client.js';

/** Files as help desks, spreadsheets and databases export them. */
describe('CSV from other systems', () => {
  let app: TestApp;
  let call: Client['call'];
  beforeAll(async () => {
    app = await startTestApp();
    ({ call } = client(app));
    await send('accounts', 'id', '007', 'T2');
  });
  afterAll(() => app.stop());

  const send = (kind: string, ...lines: string[]): Promise<Answer> =>
    call('POST', `/v1/imports/${kind}`, `${lines.join('\n')}\n`, { 'content-type': 'text/csv' });
  const errorsOf = ({ body }: Answer): [line: number, pointer: string, detail: string][] =>
    (body['errors'] as { line: number; pointer: string; detail: string }[]).map(
      ({ line, pointer, detail }) => [line, pointer, detail],
    );
  const stored = async (path: string): Promise<Record<string, unknown>> =>
    (await call('GET', `/v1/${path}`)).body;
  const ticket = async (id: string): Promise<object | undefined> => {
    const sql = `SELECT opened_at AS "openedAt", resolved_at AS "resolvedAt" FROM ticket WHERE id = $1`;
    const [row] = await app.dataSource.query<Record<string, Date | null>[]>(sql, [id]);
    return JSON.parse(JSON.stringify(row)) as object;
  };

  it('splits lists at semicolons, otherwise at commas, and trims quoted cells', async () => {
    const answer = await send(
      'accounts',
      'id,name,externalIds,domains',
      'AB1,Comma lists,"stripe:cus_77,hubspot:77","acme.example, acme2.example"',
      '"AB2 ",Trailing blank in a quoted id,stripe:cus_78;hubspot:78,"a.example, inc;b.example"',
    );
    expect(answer).toMatchObject({ status: 200, body: { created: 2 } });
    expect(await stored('accounts/AB1')).toMatchObject({
      domains: ['acme.example', 'acme2.example'],
    });
    expect(await stored('accounts/AB2')).toMatchObject({
      domains: ['a.example, inc', 'b.example'],
    });
    for (const ref of ['stripe:cus_77', 'hubspot:77'])
      expect(await stored(`accounts/${ref}`)).toMatchObject({ id: 'AB1' });
    for (const ref of ['stripe:cus_78', 'hubspot:78'])
      expect(await stored(`accounts/${ref}`)).toMatchObject({ id: 'AB2' });
  });

  it('accepts times in database formats and reports what a time is missing', async () => {
    const answer = await send(
      'tickets',
      'id,accountId,openedAt',
      'K1,007,2026-11-01 09:00:00+00:00',
      'K2,007,2026-11-01T09:00:00+0000',
      'K3,007,2026-11-01T09:00:00+00',
      'K4,007,2026-11-01T09:00:00',
      'K5,007,1761987600',
      'K6,007,2026-11-01T09:00:00 UTC',
    );
    expect(answer).toMatchObject({ status: 207, body: { created: 4, rejected: 2 } });
    for (const id of ['K1', 'K2', 'K3', 'K6'])
      expect(await ticket(id)).toMatchObject({ openedAt: '2026-11-01T09:00:00.000Z' });
    expect(errorsOf(answer)).toEqual([
      [5, '/openedAt', expect.stringContaining('has no time zone: add an offset such as Z')],
      [6, '/openedAt', expect.stringContaining('not a Unix timestamp')],
    ]);
  });

  it('accepts the same times in JSON', async () => {
    const put = (openedAt: unknown): Promise<Answer> =>
      call('PUT', '/v1/tickets/J1', { accountId: '007', openedAt });
    await put('2026-11-01 10:00:00 +0100');
    expect(await ticket('J1')).toMatchObject({ openedAt: '2026-11-01T09:00:00.000Z' });
    expect(await put('2026-11-01 10:00:00')).toMatchObject({
      status: 400,
      body: { pointer: '/openedAt', detail: expect.stringContaining('add an offset such as Z') },
    });
    expect((await put(1_761_987_600)).body['detail']).toContain('not a Unix timestamp');
  });

  it('names line, column and the right format for amounts and dates in local formats', async () => {
    const answer = await send(
      'subscriptions',
      'id;accountId;mrr;startedAt',
      'J1;007;1.234,56;2024-01-01',
      'J2;007;1234,56;31.12.2024',
      'J3;007;123456;12/31/2024',
      'J4;007;-5000;2024-01-01',
      'J5;007;"123 456";2024-01-01 00:00:00',
      'J6;007;123456;2024-01-01 00:00:00',
      'J7;007;123456;2024-01-01',
    );
    const cents = 'mrr must be a whole number of minor units (cents), such as 123456 for 1,234.56';
    expect(answer.body).toMatchObject({ created: 1, rejected: 6 });
    expect(errorsOf(answer)).toEqual([
      [2, '/mrr', cents],
      [3, '/mrr', cents],
      [4, '/startedAt', expect.stringContaining('year first, such as 2026-12-31')],
      [5, '/mrr', 'mrr must be at least 0'],
      [6, '/mrr', cents],
      [7, '/startedAt', expect.stringContaining('has no time zone')],
    ]);
  });

  it('reads a byte order mark, semicolons, a quoted name on two lines and any script', async () => {
    const answer = await send(
      'accounts',
      '\ufeffid;name;traits.region;createdAt',
      '007;"Müller; Söhne\nGmbH";EMEA;2024-02-29',
      '7;🚀 שלום;APAC;2024-01-31',
    );
    expect(answer).toMatchObject({ status: 200, body: { created: 1, updated: 1 } });
    expect(await stored('accounts/007')).toMatchObject({
      name: 'Müller; Söhne\nGmbH',
      createdAt: '2024-02-29T00:00:00.000Z',
    });
    expect(await stored('accounts/7')).toMatchObject({ name: '🚀 שלום', traits: { region: 'APAC' } });
  });

  it('imports help desk tickets, even if answered before they were opened, and reports errors in others', async () => {
    const answer = await send(
      'tickets',
      'id,accountId,priority,openedAt,firstResponseAt,resolvedAt,csat',
      '35436,T2,urgent,2026-10-25T01:30:00+02:00,,2026-10-25T02:30:00+01:00,',
      '35437,T2,normal,2026-10-26T09:00:00Z,2026-10-26T11:30:00Z,2026-10-27T09:00:00Z,5',
      '35438,,high,2026-10-26T10:00:00Z,,,',
      '35439,T2,URGENT,2026-10-26T10:00:00Z,,,',
      '35440,T2,low,2026-10-28T10:00:00Z,2026-10-28T09:59:00Z,2026-10-30T10:00:00Z,1',
    );
    expect(answer.body).toMatchObject({ created: 3, rejected: 2 });
    expect(errorsOf(answer)).toEqual([
      [4, '/accountId', expect.stringContaining('accountId is required')],
      [5, '/priority', 'priority must be one of low, normal, high, urgent'],
    ]);
    expect(await ticket('35436')).toMatchObject({
      openedAt: '2026-10-24T23:30:00.000Z',
      resolvedAt: '2026-10-25T01:30:00.000Z',
    });
  });
});
