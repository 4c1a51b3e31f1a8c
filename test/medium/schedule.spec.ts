import type { DataSource } from 'typeorm';
import { JobRunsService } from '../../src/jobs/job-runs.service.js';
import { JobSlotsService, type SlotJob } from '../../src/jobs/job-slots.service.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { dayOf } from '../../src/platform/days.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const HOURLY = '0 * * * *';

describe(JobSlotsService.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sut: JobSlotsService;
  const runs = new ScoreRunsRepository();
  const score: SlotJob = {
    name: 'score',
    cron: HOURLY,
    enqueue: async (manager, slot) => void (await runs.create(manager, [dayOf(slot)], slot)),
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    sut = new JobSlotsService(dataSource);
  });
  beforeEach(() => dataSource.query('TRUNCATE job_slot, score_run'));
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  /** As if it had last been up so many hours ago. */
  const lastUp = (hours: number) =>
    dataSource.query(
      `INSERT INTO job_slot VALUES ('score', date_trunc('hour', now()) - $1 * interval '1 hour')`,
      [hours],
    );
  const runsStored = () =>
    dataSource.query<{ slot: Date; newest: boolean; as_of: string; day: string }[]>(
      `SELECT slot, slot = date_trunc('hour', now()) AS newest, as_of, slot::date AS day FROM score_run`,
    );

  it('does not run a slot that was due before the first start', async () => {
    await sut.take(score);
    await sut.take(score);
    expect(await runsStored()).toEqual([]);
  });

  it('runs only the newest missed slot after downtime', async () => {
    await lastUp(5);
    await sut.take(score);
    await sut.take(score);
    const stored = await runsStored();
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ newest: true, as_of: stored[0]?.day });
  });

  it('runs a slot once when many instances check concurrently', async () => {
    await lastUp(1);
    const instances = await Promise.all([1, 2, 3].map(() => createDataSource(database.url).initialize()));
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => new JobSlotsService(instances[i % 3] ?? dataSource).take(score)),
    );
    expect(await runsStored()).toHaveLength(1);
    await Promise.all(instances.map((instance) => instance.destroy()));
  });

  it('takes the slot and does its work atomically', async () => {
    await lastUp(1);
    const broken: SlotJob = {
      ...score,
      enqueue: async (manager, slot) => {
        await score.enqueue(manager, slot);
        throw new Error('killed');
      },
    };
    await expect(sut.take(broken)).rejects.toThrow('killed');
    expect(await runsStored()).toEqual([]);
    await sut.take(score);
    expect(await runsStored()).toHaveLength(1);
  });

  it('does not return to an older slot when the schedule changes', async () => {
    await lastUp(0);
    await sut.take({ ...score, cron: '0 0 1 1 *' });
    expect(await runsStored()).toEqual([]);
  });
});

describe(JobRunsService.name, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sut: JobRunsService;
  let other: JobRunsService;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    sut = new JobRunsService(dataSource);
    other = new JobRunsService(dataSource);
  });
  beforeEach(async () => {
    await dataSource.query('TRUNCATE job_run');
    await sut.enqueue(dataSource.manager, 'tidy', new Date('2025-01-01'));
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const tidying = (run: () => Promise<unknown>) => new Map([['tidy', run]]);
  const waiting = () => dataSource.query<{ attempts: number }[]>('SELECT * FROM job_run');

  it('runs a requested slot once, on any instance', async () => {
    let ran = 0;
    const jobs = tidying(() => Promise.resolve(ran++));
    await Promise.all([sut.work(jobs), other.work(jobs), sut.work(jobs)]);
    expect(ran).toBe(1);
    expect(await waiting()).toEqual([]);
  });

  it('leaves a run alone while its lease is renewed and takes over when it expires', async () => {
    let ran = 0;
    await sut.work(
      tidying(async () => {
        await other.work(tidying(() => Promise.resolve(ran++)));
        expect(ran).toBe(0);
        await dataSource.query('UPDATE job_run SET leased_until = now()');
        await other.work(tidying(() => Promise.resolve(ran++)));
      }),
    );
    expect(ran).toBe(1);
    expect(await waiting()).toEqual([]);
  });

  it('leaves the next run alone when a former holder wakes up', async () => {
    let ran = 0;
    let next: Promise<void> = Promise.resolve();
    let end: () => void = () => undefined;
    const holdsNext = (begun: () => void) => (): Promise<void> => {
      begun();
      return new Promise((resolve) => (end = resolve));
    };
    await sut.work(
      tidying(async () => {
        if (ran++ > 0) return;
        await dataSource.query('UPDATE job_run SET leased_until = now()');
        await other.work(tidying(() => Promise.resolve()));
        await sut.enqueue(dataSource.manager, 'tidy', new Date('2025-01-02'));
        await new Promise<void>((begun) => {
          next = other.work(tidying(holdsNext(begun)));
        });
      }),
    );
    expect(ran).toBe(1);
    end();
    await next;
    expect(await waiting()).toEqual([]);
  });

  it('runs again for a slot that came due meanwhile', async () => {
    let ran = 0;
    await sut.work(
      tidying(async () => {
        if (ran++ === 0) await sut.enqueue(dataSource.manager, 'tidy', new Date('2025-01-02'));
      }),
    );
    expect(ran).toBe(2);
  });

  it('retries later after a failure', async () => {
    let ran = 0;
    const failing = tidying(() => Promise.reject(new Error(`failed ${ran++}`)));
    await sut.work(failing);
    await sut.work(failing);
    expect(ran).toBe(1);
    await dataSource.query('UPDATE job_run SET run_after = now()');
    await sut.work(failing);
    expect(await waiting()).toMatchObject([{ attempts: 2, leased_until: null }]);
  });
});
