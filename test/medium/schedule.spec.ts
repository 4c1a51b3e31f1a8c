import type { DataSource } from 'typeorm';
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
    run: async (manager, slot) => void (await runs.create(manager, [dayOf(slot)], slot)),
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

  it('runs the newest missed slot, and only that, after downtime', async () => {
    await lastUp(5);
    await sut.take(score);
    await sut.take(score);
    const stored = await runsStored();
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ newest: true, as_of: stored[0]?.day });
  });

  it('runs a slot once when many instances look at the same time', async () => {
    await lastUp(1);
    const instances = await Promise.all([1, 2, 3].map(() => createDataSource(database.url).initialize()));
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => new JobSlotsService(instances[i % 3] ?? dataSource).take(score)),
    );
    expect(await runsStored()).toHaveLength(1);
    await Promise.all(instances.map((instance) => instance.destroy()));
  });

  it('takes the slot and does its work together or not at all', async () => {
    await lastUp(1);
    const broken: SlotJob = {
      ...score,
      run: async (manager, slot) => {
        await score.run(manager, slot);
        throw new Error('killed');
      },
    };
    await expect(sut.take(broken)).rejects.toThrow('killed');
    expect(await runsStored()).toEqual([]);
    await sut.take(score);
    expect(await runsStored()).toHaveLength(1);
  });

  it('does not go back to an older slot when the schedule changes', async () => {
    await lastUp(0);
    await sut.take({ ...score, cron: '0 0 1 1 *' });
    expect(await runsStored()).toEqual([]);
  });
});
