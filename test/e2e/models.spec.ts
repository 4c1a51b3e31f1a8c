import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { loadCompany } from '../../bench/company/load-company.js';
import { simulate } from '../../src/demo/simulate.js';
import { ModelChecksService } from '../../src/scoring/models/checks/model-checks.service.js';
import type { ModelVersionDto } from '../../src/scoring/models/model.dto.js';
import type { TrainingDto } from '../../src/scoring/training/training.dto.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { client, clientWithScope } from '../support/client.js';
import { scoreAsOf } from '../support/score-runs.js';

function monthEndBefore(now: Date, days: number): string {
  const at = new Date(now.getTime() - days * 86_400_000);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 0)).toISOString().slice(0, 10);
}

/** Until now, as the thread that trains goes by the clock. */
const until = new Date();

describe('models', () => {
  let sut: TestApp;

  beforeAll(async () => {
    sut = await startTestApp();
    const { options } = sut.dataSource;
    if (options.type !== 'postgres') throw new Error('not PostgreSQL');
    const db = new pg.Client({ connectionString: options.url });
    await db.connect();
    await loadCompany(db, simulate({ seed: 5, accounts: 100, months: 16, until, monthlyChurn: 0.06 }));
    await db.end();
  });
  afterAll(() => sut.stop());

  const get = async <T>(path: string): Promise<T> => (await client(sut).call('GET', path)).body as T;
  const ask = async (key: string): Promise<TrainingDto> => {
    const { status, body } = await client(sut).call('POST', `/v1/models/${key}/trainings`);
    expect(status).toBe(202);
    return body as unknown as TrainingDto;
  };
  const ended = async ({ key, id }: TrainingDto): Promise<[TrainingDto, Set<string>]> => {
    const steps = new Set<string>();
    for (;;) {
      const training = await get<TrainingDto>(`/v1/models/${key}/trainings/${id}`);
      if (training.step !== null) steps.add(training.step);
      if (training.status === 'succeeded' || training.status === 'failed') return [training, steps];
      await sleep(50);
    }
  };

  /** The trainings asked for runs, which adjust priors. */
  const scoredByWhatWasTaken = async (): Promise<void> => {
    for (;;) {
      const [row]: { open: number }[] = await sut.dataSource.query(
        `SELECT count(*)::int AS open FROM score_run WHERE status IN ('queued', 'running')`,
      );
      if (row?.open === 0) return;
      await sleep(50);
    }
  };

  // One story, in order: what was told before the first training is the judgement's.
  it('reports how accurate predictions were once the outcomes are known', async () => {
    const day = monthEndBefore(until, 140);
    await scoreAsOf(sut, day);
    const { items: before } = await get<{ items: ModelVersionDto[] }>('/v1/models?key=churn');
    expect(before).toMatchObject([{ version: 1, basis: 'prior', asOf: day, report: null, drift: [] }]);
    const checks = sut.app.get(ModelChecksService, { strict: false });
    await sut.dataSource.transaction((tx) => checks.check(tx));
    const [window] = (await get<ModelVersionDto>('/v1/models/churn/1')).drift;
    if (!window) throw new Error('nothing was checked');
    const { accounts, observed, expected, ratio, ratioLow, ratioHigh } = window;
    expect(window.asOf).toBe(day);
    expect(accounts).toBeGreaterThan(20);
    expect(observed).toBeGreaterThan(0);
    expect(expected).toBeGreaterThan(0);
    expect(ratio).toBeCloseTo(observed / expected, 9);
    expect(ratioLow).toBeLessThan(Number(ratio));
    expect(ratioHigh).toBeGreaterThan(Number(ratio));
  });

  it('trains in the background on request and reports the results', async () => {
    const asked = await ask('churn');
    expect(asked).toEqual({ id: expect.any(String) as string, key: 'churn', status: 'queued' });
    const next = await ask('expansion');
    expect((await ask('expansion')).id).toBe(next.id);

    const [training, steps] = await ended(asked);
    expect(training).toMatchObject({ status: 'succeeded', error: null, version: 2 });
    expect(steps).toContain('history');
    expect(Date.parse(String(training.finishedAt))).toBeGreaterThan(Date.parse(String(training.startedAt)));

    const model = await get<ModelVersionDto>('/v1/models/churn/2');
    expect(model).toMatchObject({ key: 'churn', version: 2, taken: true, drift: [] });
    expect(model.report?.data.days).toBeGreaterThan(9);
    expect(model.report?.data.rows).toBeGreaterThan(500);
    expect(model.report?.data.happened).toBeGreaterThan(10);
    expect(model.report?.decision).toMatchObject({ taken: true, basis: model.basis });
    expect(model.report?.decision.text).toMatch(/scorecard/);
    expect(training.decision).toBe(model.report?.decision.text);
    expect(model.report?.verdict.text).toMatch(/churns|ranking|Not tested/);

    expect((await ended(next))[0]).toMatchObject({
      status: 'succeeded',
      version: expect.any(Number) as number,
    });
    expect(await get(`/v1/models/churn/trainings`)).toMatchObject({
      items: [{ id: asked.id, status: 'succeeded' }],
      nextCursor: null,
    });
  });

  it('lists the versions of all models, newest first, page by page', async () => {
    await scoredByWhatWasTaken();
    const all = await get<{ items: ModelVersionDto[] }>('/v1/models?adjusted=true');
    // Between trainings, score runs adjust the priors.
    const trained = all.items.filter(({ report }) => report !== null);
    expect(trained.map(({ key }) => key)).toEqual(['expansion', 'churn']);
    const oldest = all.items.slice(-3).map(({ key, version }) => `${key} ${version}`);
    expect(oldest).toEqual(['expansion 1', 'contraction 1', 'churn 1']);
    const first = await get<{ items: ModelVersionDto[]; nextCursor: string }>(
      '/v1/models?adjusted=true&limit=2',
    );
    const second = await get<{ items: ModelVersionDto[] }>(
      `/v1/models?adjusted=true&limit=1000&cursor=${first.nextCursor}`,
    );
    expect([...first.items, ...second.items]).toEqual(all.items);
    const shown = await get<{ items: ModelVersionDto[] }>('/v1/models');
    expect(shown.items).toEqual(all.items.filter(({ report, inUse }) => report !== null || inUse));
    expect(shown.items.length).toBeLessThan(all.items.length);
    expect(await client(sut).call('GET', '/v1/models?adjusted=yes')).toMatchObject({ status: 400 });
    const churn = await get<{ items: ModelVersionDto[] }>('/v1/models?key=churn&adjusted=true');
    expect(churn.items.map(({ key }) => key)).toEqual(churn.items.map(() => 'churn'));
    expect(churn.items.filter(({ inUse }) => inUse)).toHaveLength(1);
  });

  it('names the invalid parameter', async () => {
    const call = (method: string, path: string) => client(sut).call(method, path);
    expect(await call('POST', '/v1/models/luck/trainings')).toMatchObject({ status: 404 });
    expect((await call('GET', '/v1/models/luck/1')).body.detail).toContain('churn, contraction, expansion');
    expect(await call('GET', '/v1/models/churn/99')).toMatchObject({ status: 404 });
    expect(await call('GET', '/v1/models/churn/one')).toMatchObject({ status: 404 });
    expect(await call('GET', '/v1/models/churn/trainings/99')).toMatchObject({ status: 404 });
    const { items } = await get<{ items: TrainingDto[] }>('/v1/models/churn/trainings');
    expect(await call('GET', `/v1/models/expansion/trainings/${items[0]?.id}`)).toMatchObject({
      status: 404,
    });
    const wrong = await call('GET', '/v1/models?key=luck');
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.text).toContain('/key');
  });

  it('requires write to train and read to view', async () => {
    const reader = await clientWithScope(sut, 'read');
    const writer = await clientWithScope(sut, 'write');
    expect((await reader.call('POST', '/v1/models/churn/trainings')).status).toBe(403);
    expect((await reader.call('GET', '/v1/models')).status).toBe(200);
    expect((await writer.call('GET', '/v1/models')).status).toBe(403);
    expect((await writer.call('GET', '/v1/models/churn/trainings')).status).toBe(403);
  });
});
