import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { RollUpService } from '../../src/intake/events/roll-up.service.js';
import { Clock } from '../../src/platform/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { loadSettings } from '../../src/platform/settings.js';
import type { ModelKey } from '../../src/scoring/model/training/trained.js';
import { ModelsRepository } from '../../src/scoring/models/models.repository.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { TrainingPace } from '../../src/scoring/training/training-pace.js';
import { TrainingRunner } from '../../src/scoring/training/training-runner.service.js';
import { TrainingLost, TrainingsRepository } from '../../src/scoring/training/trainings.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe(TrainingRunner.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const trainings = new TrainingsRepository();

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const runner = (): TrainingRunner =>
    new TrainingRunner(
      dataSource,
      loadSettings({}),
      trainings,
      new ModelsRepository(dataSource, loadSettings({})),
      new ScoreRunsRepository(),
      new Clock(),
      { drain: () => Promise.resolve() } as RollUpService,
      Object.assign(new TrainingPace(), { leaseMs: 2_000, beatMs: 50 }),
    );
  const ask = async (key: ModelKey, slot?: Date): Promise<string | null> =>
    dataSource.transaction((tx) => trainings.request(tx, key, slot));
  const statuses = async (): Promise<string[]> => {
    const rows: { text: string }[] = await dataSource.query(
      `SELECT key || ' ' || status AS text FROM training ORDER BY training_id`,
    );
    return rows.map(({ text }) => text);
  };
  const versions = async (): Promise<number> => {
    const [row]: { n: number }[] = await dataSource.query('SELECT count(*)::int AS n FROM model_version');
    return row?.n ?? 0;
  };

  it('runs each training once across many instances', async () => {
    for (const key of ['churn', 'contraction', 'expansion'] as const) await ask(key);
    const suts = [runner(), runner(), runner()];
    while ((await statuses()).some((status) => !status.endsWith('succeeded'))) {
      await Promise.all(suts.map((sut) => sut.work()));
      await sleep(20);
    }
    expect(await versions()).toBe(3);
    // All are scored anew by what was taken over: once, as none of the runs has begun.
    expect(await dataSource.query('SELECT status, cardinality(days) AS days FROM score_run')).toEqual([
      { status: 'queued', days: 1 },
    ]);
  });

  it('takes over a training whose holder went silent and rejects its later writes', async () => {
    await ask('churn');
    const gone = await trainings.claim(dataSource.manager, 100);
    if (!gone) throw new Error('nothing to claim');
    const sut = runner();
    await sut.work();
    while ((await statuses())[0] !== 'churn succeeded') {
      await sleep(20);
      await sut.work();
    }
    await expect(trainings.succeed(dataSource.manager, gone, 99)).rejects.toThrow(TrainingLost);
    expect(await versions()).toBe(1);
  });

  it('stops during a training and leaves it to the next start', async () => {
    await ask('churn');
    const sut = runner();
    const working = sut.work();
    while ((await statuses())[0] !== 'churn running') await sleep(5);
    await sut.onModuleDestroy();
    await sut.beforeApplicationShutdown();
    await working;
    expect(await statuses()).toEqual(['churn queued']);
    expect(await versions()).toBe(0);
    await runner().work();
    expect(await statuses()).toEqual(['churn succeeded']);
  });

  it('records a failed training and continues with the next', async () => {
    await ask('churn');
    await dataSource.query('ALTER TABLE subscription RENAME TO elsewhere');
    await runner().work();
    await dataSource.query('ALTER TABLE elsewhere RENAME TO subscription');
    await ask('expansion');
    await runner().work();
    expect(await statuses()).toEqual(['churn failed', 'expansion succeeded']);
    const [failed] = await trainings.list(dataSource.manager, { key: 'churn', before: null, limit: 1 });
    expect(failed?.error).toBe('internal_error: see the log');
  });

  it('gives up a training interrupted too often', async () => {
    await ask('churn');
    for (let tries = 0; tries < 10; tries++) {
      const claimed = await trainings.claim(dataSource.manager, 60_000);
      if (!claimed) throw new Error('nothing to claim');
      await trainings.release(dataSource.manager, claimed);
    }
    expect(await trainings.claim(dataSource.manager, 60_000)).toBeNull();
    expect(await statuses()).toEqual(['churn failed']);
  });

  it('keeps one waiting training per target and one per slot', async () => {
    const slot = new Date('2025-01-05T03:00:00Z');
    const id = await ask('churn', slot);
    expect(await ask('churn')).toBe(id);
    expect(await ask('expansion', slot)).not.toBe(id);
    await trainings.claim(dataSource.manager, 60_000);
    expect(await ask('churn', slot)).toBeNull();
    expect(await ask('churn')).not.toBe(id);
    const asked = await Promise.all([ask('contraction'), ask('contraction'), ask('contraction')]);
    expect(new Set(asked).size).toBe(1);
  });
});
