import { startTestApp, type TestApp } from '../support/app.js';
import { client, type Client } from '../support/client.js';

describe('a service under BASE_PATH', () => {
  let app: TestApp;
  let sut: Client;

  beforeAll(async () => {
    app = await startTestApp({ basePath: '/cs/steward' });
    sut = client(app);
  });
  afterAll(() => app.stop());

  it('serves the API and its docs there', async () => {
    expect((await sut.call('PUT', '/cs/steward/v1/accounts/A-1', { name: 'Acme' })).status).toBe(201);
    expect((await sut.call('GET', '/cs/steward/v1/accounts/A-1')).body).toMatchObject({ name: 'Acme' });
    const docs = await fetch(`${app.url}/cs/steward/docs/`);
    expect([docs.status, await docs.text()]).toEqual([200, expect.stringContaining('swagger-ui')]);
    const script = await fetch(`${app.url}/cs/steward/docs/swagger-ui-init.js`);
    expect(await script.text()).toContain('/cs/steward/openapi.json');
  });

  it('still requires a key and answers wrong methods', async () => {
    expect((await fetch(`${app.url}/cs/steward/v1/accounts/A-1`)).status).toBe(401);
    expect((await sut.call('DELETE', '/cs/steward/v1/portfolio/summary')).status).toBe(405);
  });

  it.each(['/v1/accounts/A-1', '/cs/stewards/v1/accounts/A-1', '/cs', '/docs', '/openapi.json', '/'])(
    'serves nothing at %s',
    async (path) => {
      expect(await sut.call('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it.each(['/livez', '/readyz', '/metrics', '/cs/steward/livez', '/cs/steward/readyz'])(
    'answers probes at %s',
    async (path) => {
      expect((await sut.call('GET', path)).status).toBe(200);
    },
  );
});
