import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client, clientWithScope } from '../support/client.js';
import { tracesOf } from '../support/intake.js';

const KIM = { name: 'Kim Canary', email: 'kim.canary@example.com', timeZone: 'Europe/Berlin', digest: true };

describe('customer-success managers', () => {
  let app: TestApp;
  let sut: Client;
  const path = `/v1/csms/${encodeURIComponent(KIM.email)}`;

  beforeAll(async () => {
    app = await startTestApp();
    sut = client(app);
  });
  beforeEach(() => app.dataSource.query('TRUNCATE csm'));
  afterAll(() => app.stop());

  it('are created, read, listed and replaced, with If-Match on each change', async () => {
    const created = await sut.call('PUT', path, KIM);
    expect(created).toMatchObject({ status: 201, body: { csm: KIM.email, ...KIM } });
    expect((await sut.call('PUT', path, KIM)).status).toBe(200);
    expect((await sut.call('PUT', path, { name: 'Kim' })).status).toBe(428);
    const read = await sut.call('GET', path);
    const etag = read.headers.get('etag') ?? '';
    expect(read.body).toEqual(created.body);
    const replaced = await sut.call('PUT', path, { name: 'Kim' }, { 'if-match': etag });
    expect(replaced).toMatchObject({
      status: 200,
      body: { name: 'Kim', email: null, timeZone: null, digest: false },
    });
    expect((await sut.call('PUT', path, KIM, { 'if-match': etag })).status).toBe(412);
    await sut.call('PUT', '/v1/csms/ann', {});
    const { body } = await sut.call('GET', '/v1/csms?limit=1');
    expect(body).toMatchObject({ items: [{ csm: 'ann' }] });
    const next = await sut.call('GET', `/v1/csms?limit=1&cursor=${String(body['nextCursor'])}`);
    expect(next.body).toMatchObject({ items: [{ csm: KIM.email }], nextCursor: null });
  });

  it.each([
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ email: 'kim' }, '/email'],
    [{ digest: 'daily' }, '/digest'],
    [{ team: 'north' }, '/team'],
  ])('reject %j', async (body, pointer) => {
    expect(await sut.call('PUT', path, body)).toMatchObject({ status: 400, body: { pointer } });
  });

  it('leave no data when deleted, and the same id gets a new ETag', async () => {
    const { headers } = await sut.call('PUT', path, KIM);
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    expect((await sut.call('DELETE', path)).status).toBe(428);
    expect((await sut.call('DELETE', path, undefined, ifMatch)).status).toBe(204);
    expect((await sut.call('GET', path)).status).toBe(404);
    expect(await tracesOf(app.dataSource, [KIM.email, KIM.name])).toEqual([]);
    await sut.call('PUT', path, KIM);
    expect((await sut.call('DELETE', path, undefined, ifMatch)).status).toBe(412);
    const { body } = await sut.call('GET', '/v1/audit?limit=3');
    expect(body['items']).toMatchObject([
      { action: 'csm.created' },
      { action: 'csm.deleted' },
      { action: 'csm.created' },
    ]);
  });

  it('need the scope read to be read and write to be changed', async () => {
    await sut.call('PUT', path, KIM);
    const reader = await clientWithScope(app, 'read');
    expect((await reader.call('GET', path)).status).toBe(200);
    expect((await reader.call('PUT', path, {})).status).toBe(403);
    expect((await reader.call('DELETE', path)).status).toBe(403);
  });
});
