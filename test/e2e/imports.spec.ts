import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { ChunkIntake } from '../../src/intake/imports/chunk-intake.js';
import { ImportsRepository } from '../../src/intake/imports/imports.repository.js';
import { bodies, KINDS } from '../support/samples.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type Answer, client, clientWithScope, type Client } from '../support/client.js';

const ROWS = 25;

/** 25 good records of a kind, each of an account of its own. */
function records(kind: string, prefix: string): Record<string, unknown>[] {
  return Array.from({ length: ROWS }, (_, i) => {
    if (kind === 'accounts')
      return { id: `${prefix}-${i}`, name: `Account, "${i}"`, traits: { region: 'EU', seats: i } };
    const id = kind === 'events' ? { messageId: `${prefix}-${kind}-${i}` } : { id: `${prefix}-${kind}-${i}` };
    return { ...id, accountId: `${prefix}-${i}`, ...bodies[kind]?.(i) };
  });
}

const FORMATS: Record<string, [type: string, write: (rows: Record<string, unknown>[]) => string]> = {
  json: ['application/json', (rows) => JSON.stringify(rows)],
  ndjson: ['application/x-ndjson', (rows) => rows.map((row) => JSON.stringify(row)).join('\n')],
  csv: ['text/csv', (rows) => csvOf(rows.map(flat))],
};

function flat({ traits, ...row }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...row,
    ...Object.fromEntries(Object.entries(traits ?? {}).map(([key, value]) => [`traits.${key}`, value])),
  };
}

function csvOf(rows: Record<string, unknown>[]): string {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string =>
    value === undefined
      ? ''
      : `"${(Array.isArray(value) ? value.join(';') : typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;
  return [header.join(','), ...rows.map((row) => header.map((name) => cell(row[name])).join(','))].join(
    '\r\n',
  );
}

const LINES = { 'content-type': 'application/x-ndjson' };
const COUNTS = ['created', 'updated', 'unchanged', 'quarantined', 'rejected'];

describe('imports', () => {
  let app: TestApp;
  let call: Client['call'];

  beforeAll(async () => {
    app = await startTestApp();
    ({ call } = client(app));
  });
  afterAll(() => app.stop());

  /** Every answer has to add up. */
  async function send(kind: string, format: string, rows: Record<string, unknown>[]): Promise<Answer> {
    const [type = '', write] = FORMATS[format] ?? [];
    const answer = await call('POST', `/v1/imports/${kind}`, write?.(rows) ?? '', { 'content-type': type });
    const sum = COUNTS.reduce((total, name) => total + Number(answer.body[name]), 0);
    expect({ sum, received: answer.body['received'] }).toEqual({ sum: rows.length, received: rows.length });
    return answer;
  }

  const count = async (table: string, where = 'true'): Promise<number> => {
    const [row] = await app.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM ${table} WHERE ${where}`,
    );
    return row?.n ?? -1;
  };
  const accountState = async (id: string): Promise<object | undefined> =>
    (
      await app.dataSource.query<object[]>(
        `SELECT name, csm, traits FROM account_state WHERE id = $1 AND valid_to = 'infinity'`,
        [id],
      )
    )[0];

  describe.each(Object.keys(FORMATS))('as %s', (format) => {
    beforeAll(() => send('accounts', 'json', records('accounts', format)));

    it.each(KINDS)(
      'takes in %s with one wrong among them, and the same file again changes nothing',
      async (kind) => {
        const bad =
          kind === 'events'
            ? { messageId: 'bad', accountId: `${format}-0`, event: 'E', timestamp: 'never' }
            : { id: 'x'.repeat(300), accountId: `${format}-0` };
        if (kind === 'accounts') delete (bad as { accountId?: string }).accountId;
        const rows = [...records(kind, kind === 'accounts' ? `${format}-new` : format), bad];
        const first = await send(kind, format, rows);
        expect(first).toMatchObject({
          status: 207,
          body: { kind, created: ROWS, rejected: 1, complete: true },
        });
        expect(first.body['errors']).toMatchObject([{ line: format === 'csv' ? ROWS + 2 : ROWS + 1 }]);
        const again = await send(kind, format, rows.slice(0, ROWS));
        expect(again).toMatchObject({
          status: 200,
          body: { created: 0, unchanged: ROWS, rejected: 0, errors: [] },
        });
        expect(await send(kind, format, rows.slice(0, ROWS))).toMatchObject({
          status: 200,
          body: { unchanged: ROWS },
        });
      },
    );
  });

  it('stores the same records from each format', async () => {
    for (const kind of KINDS) {
      const rows = records(kind, 'same');
      expect((await send(kind, 'json', rows)).body).toMatchObject({ created: ROWS });
      expect((await send(kind, 'ndjson', rows)).body).toMatchObject({ unchanged: ROWS });
      expect((await send(kind, 'csv', rows)).body).toMatchObject({ unchanged: ROWS });
    }
  });

  it('accepts the kinds in any order: quarantined facts are stored once the accounts are imported', async () => {
    const late = KINDS.filter((kind) => kind !== 'accounts').reverse();
    for (const kind of late) {
      expect((await send(kind, 'ndjson', records(kind, 'late'))).body).toMatchObject({
        created: 0,
        quarantined: ROWS,
      });
      expect((await send(kind, 'csv', records(kind, 'late'))).body).toMatchObject({
        created: 0,
        quarantined: ROWS,
      });
    }
    expect(await count('quarantine')).toBe(late.length * ROWS);
    expect((await send('accounts', 'ndjson', records('accounts', 'late'))).body).toMatchObject({
      created: ROWS,
    });
    expect((await call('GET', '/v1/quarantine')).body).toEqual({ items: [], nextCursor: null });
    for (const kind of late) {
      expect((await send(kind, 'json', records(kind, 'late'))).body).toMatchObject({
        created: 0,
        unchanged: ROWS,
      });
    }
  });

  it('merges: absent fields stay, null and \\N clear, traits merge by key; PUT replaces', async () => {
    await call('PUT', '/v1/accounts/merge', { name: 'Acme', csm: 'kim', traits: { a: 1, b: 'x' } });
    await send('accounts', 'csv', [{ id: 'merge', name: 'Acme Ltd', traits: { b: 'y', c: true } }]);
    expect(await accountState('merge')).toEqual({
      name: 'Acme Ltd',
      csm: 'kim',
      traits: { a: 1, b: 'y', c: true },
    });
    await send('accounts', 'ndjson', [{ id: 'merge', name: null, traits: { a: null } }]);
    expect(await accountState('merge')).toEqual({ name: null, csm: 'kim', traits: { b: 'y', c: true } });
    await send('accounts', 'csv', [{ id: 'merge', csm: '\\N', traits: { c: '\\N' } }]);
    expect(await accountState('merge')).toEqual({ name: null, csm: null, traits: { b: 'y' } });
    await call('PUT', '/v1/accounts/merge', { csm: 'lou' });
    expect(await accountState('merge')).toEqual({ name: null, csm: 'lou', traits: null });
  });

  it('lists every rejected line, page by page', async () => {
    const rows = Array.from({ length: 2_500 }, (_, i) => (i % 2 === 0 ? { id: '' } : { id: `page-${i}` }));
    const { body } = await send('accounts', 'ndjson', rows);
    expect(body).toMatchObject({ received: 2_500, created: 1_250, rejected: 1_250, lastLine: 2_500 });
    expect(body['errors']).toHaveLength(1_000);
    const lines: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = `limit=400${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: Answer = await call('GET', `/v1/imports/${String(body['id'])}/errors?${query}`);
      lines.push(...(page.body['items'] as { line: number }[]).map(({ line }) => line));
      cursor = page.body['nextCursor'] as string | null;
    }
    expect(lines).toEqual(Array.from({ length: 1_250 }, (_, i) => 2 * i + 1));
  });

  function open(path: string, headers: Record<string, string>): ClientRequest {
    return request(app.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.key}`, ...headers },
    });
  }
  const lineOf = (prefix: string, i: number): string =>
    `${JSON.stringify({ id: `${prefix}-${i}`, name: `N ${i}` })}\n`;
  const newest = async (): Promise<Record<string, unknown>> =>
    ((await call('GET', '/v1/imports?limit=1')).body['items'] as Record<string, unknown>[])[0] ?? {};

  it.each([
    ['', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ])(
    'reports how far it got when the connection is cut, and accepts the whole file again (%s)',
    async (encoding, packed) => {
      const prefix = `cut${encoding}`;
      const lines = Array.from({ length: 6_000 }, (_, i) => lineOf(prefix, i));
      const whole = packed(Buffer.from(lines.join('')));
      const headers = { ...LINES, ...(encoding && { 'content-encoding': encoding }) };
      const cut = open('/v1/imports/accounts', { ...headers, 'content-length': String(whole.length) });
      cut.on('error', () => undefined);
      cut.write(whole.subarray(0, Math.floor(whole.length * 0.8)));
      while (!((await newest())['received'] as number) || (await newest())['finishedAt'] !== null)
        await sleep(20);
      cut.destroy();
      while ((await newest())['finishedAt'] === null) await sleep(20);

      const broken = await newest();
      const came = Number(broken['received']);
      expect(broken).toMatchObject({
        kind: 'accounts',
        complete: false,
        brokeOff: { code: 'connection_lost' },
        created: came,
        lastLine: came,
      });
      expect(came).toBeGreaterThan(3_000);
      expect(came).toBeLessThan(6_000);
      expect(await count('account', `id LIKE '${prefix}-%'`)).toBe(came);

      const again = await call('POST', '/v1/imports/accounts', whole, headers);
      expect(again).toMatchObject({
        status: 200,
        body: { received: 6_000, created: 6_000 - came, unchanged: came, complete: true },
      });
      expect(await count('account', `id LIKE '${prefix}-%'`)).toBe(6_000);
      expect(await count('statement', `record_id LIKE '${prefix}-%'`)).toBe(6_000);
    },
  );

  it('returns 207 for a truncated gzip and stores what came before the end', async () => {
    const packed = gzipSync(Array.from({ length: 3_000 }, (_, i) => lineOf('half', i)).join(''));
    const answer = await call('POST', '/v1/imports/accounts', packed.subarray(0, packed.length - 3_000), {
      ...LINES,
      'content-encoding': 'gzip',
    });
    expect(answer).toMatchObject({
      status: 207,
      body: { complete: false, brokeOff: { code: 'truncated_encoding' } },
    });
    const received = Number(answer.body['received']);
    expect(received).toBeGreaterThan(100);
    expect(answer.body).toMatchObject({ created: received, lastLine: received });
    expect(await count('account', `id LIKE 'half-%'`)).toBe(received);
  });

  it('accepts a body a few bytes at a time and commits along the way', async () => {
    const slow = open('/v1/imports/accounts', { ...LINES, 'transfer-encoding': 'chunked' });
    const answered = once(slow, 'response');
    const text = Array.from({ length: 6 }, (_, i) => lineOf('slow', i)).join('');
    const half = text.length / 2;
    const write = async (part: string): Promise<void> => {
      for (let at = 0; at < part.length; at += 7) {
        slow.write(part.slice(at, at + 7));
        await sleep(20);
      }
    };
    const before = (await newest())['id'];
    await write(text.slice(0, half));
    while ((await newest())['id'] === before || Number((await newest())['received']) < 2) await sleep(50);
    await write(text.slice(half));
    slow.end();
    const [response] = (await answered) as [import('node:http').IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await count('account', `id LIKE 'slow-%'`)).toBe(6);
  });

  it('commits what a sender sent before going silent', async () => {
    const before = (await newest())['id'];
    const stalled = open('/v1/imports/accounts', { ...LINES, 'transfer-encoding': 'chunked' });
    const answered = once(stalled, 'response');
    stalled.write([0, 1, 2].map((i) => lineOf('stalled', i)).join(''));
    while ((await newest())['id'] === before || (await newest())['received'] !== 3) await sleep(50);
    expect(await newest()).toMatchObject({ received: 3, lastLine: 3, finishedAt: null });
    stalled.end(lineOf('stalled', 3));
    const [response] = (await answered) as [import('node:http').IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    expect(await count('account', `id LIKE 'stalled-%'`)).toBe(4);
  });

  it('commits large lines in small chunks, to bound memory by bytes', async () => {
    const take = jest.spyOn(ChunkIntake.prototype, 'take');
    const large = 'x'.repeat(900_000);
    const lines = Array.from({ length: 12 }, (_, i) => JSON.stringify({ id: `large-${i}`, name: large }));
    const answer = await call('POST', '/v1/imports/accounts', gzipSync(lines.join('\n')), {
      ...LINES,
      'content-encoding': 'gzip',
    });
    const sizes = take.mock.calls.map(([, chunk]) => chunk.length);
    take.mockRestore();
    expect(answer.body).toMatchObject({ received: 12, lastLine: 12, complete: true });
    // Fewer where the machine is slow, as a chunk is closed by the clock too.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(12);
  });

  it('finds an import and its errors through their indexes', async () => {
    const plans: string[] = [];
    await app.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off');
      const query = async (sql: string, parameters: unknown[]): Promise<object[]> => {
        const rows: object[] = await manager.query(`EXPLAIN ${sql}`, parameters);
        plans.push(JSON.stringify(rows));
        return [];
      };
      const explained = { query } as unknown as EntityManager;
      const sut = app.app.get(ImportsRepository, { strict: false });
      await sut.find(explained, '1');
      await sut.errors(explained, '1', 0, 10);
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).toMatch(/Index Cond: \(+import_id = /);
  });

  it.each(['accounts', 'events', 'subscriptions'])(
    'takes each of the %s once when the file comes twice at the same time',
    async (kind) => {
      const owners = records('accounts', 'twin');
      if (kind !== 'accounts') await send('accounts', 'json', owners);
      const rows = Array.from({ length: 3_000 }, (_, i) =>
        kind === 'accounts'
          ? { id: `twin-${i}`, name: 'x' }
          : {
              ...records(kind, 'twin')[0],
              accountId: `twin-${i % ROWS}`,
              [kind === 'events' ? 'messageId' : 'id']: `twin-${i}`,
            },
      );
      const answers = await Promise.all([
        send(kind, 'ndjson', rows),
        send(kind, 'ndjson', rows),
        send(kind, 'ndjson', [...rows].reverse()),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const created = answers.reduce((sum, { body }) => sum + Number(body['created']), 0);
      expect(created).toBe(3_000);
      const stored: Record<string, [table: string, where: string]> = {
        accounts: ['account', `id LIKE 'twin-%'`],
        events: ['event JOIN account USING (account_id)', `id LIKE 'twin-%'`],
        subscriptions: ['subscription', `id LIKE 'twin-%'`],
      };
      expect(await count(...(stored[kind] ?? ['', '']))).toBe(3_000);
    },
  );

  it('rejects a key without the scope', async () => {
    const read = await clientWithScope(app, 'read');
    expect((await read.call('POST', '/v1/imports/accounts', '[]')).status).toBe(403);
    expect((await read.call('GET', '/v1/imports')).status).toBe(403);
  });

  it('records each import in the audit log', async () => {
    const { body } = await send('accounts', 'csv', [{ id: 'audited' }]);
    const { body: audit } = await call('GET', `/v1/audit?limit=2`);
    expect(audit['items']).toMatchObject([
      { action: 'imports.chunk', target: `imports/${String(body['id'])}` },
      { action: 'imports.started', target: `imports/${String(body['id'])}` },
    ]);
  });
});
