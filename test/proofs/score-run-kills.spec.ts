import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { JobSlotsService, type SlotJob } from '../../src/jobs/job-slots.service.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { dayOf } from '../../src/platform/days.js';
import { ScoreRunner } from '../../src/scoring/runs/score-runner.service.js';
import { ScoreRunsRepository } from '../../src/scoring/queue/score-runs.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { daysUpTo, Facts } from '../support/facts.js';
import { makeScoring } from '../support/scoring.js';

const TODAY = dayOf(new Date());
const INSTANCES = 3;
const KILLS = 30;
const ACCOUNTS = 60;
const PACE = { chunk: 5, leaseMs: 400, beatMs: 100 };
const OFTEN = '*/2 * * * * *';

/** One process of the service: looks for slots and runs as the schedule does, on connections of its own. */
class Instance {
  /** Held up in the middle of a transaction until it resolves. */
  private frozen: Promise<unknown> = Promise.resolve();
  private ended = false;
  /** In the middle of a transaction that writes scores. */
  isWriting = false;
  private readonly working: Promise<void>;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly name: string,
    job: SlotJob,
    private readonly isOver: () => boolean,
  ) {
    this.working = this.work(job);
  }

  static async start(url: string, name: string, job: SlotJob, isOver: () => boolean): Promise<Instance> {
    const dataSource = await createDataSource(url, { poolSize: 4, applicationName: name }).initialize();
    return new Instance(dataSource, name, job, isOver);
  }

  /** All its connections go, whatever they are doing, and it does nothing more. */
  async kill(by: DataSource): Promise<void> {
    this.ended = true;
    await by.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
      this.name,
    ]);
    await this.end();
  }

  /** As a process that is stopped by its machine: it does not move for longer than its lease. */
  freeze(): void {
    this.frozen = sleep(3 * PACE.leaseMs);
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.working;
    await this.dataSource.destroy();
  }

  private async work(job: SlotJob): Promise<void> {
    const slots = new JobSlotsService(this.dataSource);
    const { runner } = makeScoring(this.dataSource, {
      pace: PACE,
      afterWrite: () => Promise.resolve(void (this.isWriting = false)),
      beforeWrite: async () => {
        this.isWriting = true;
        await sleep(10);
        await this.frozen;
        if (this.ended) runner.onModuleDestroy();
      },
    });
    while (!this.ended) {
      // What fails here is what a tick of the schedule logs before the next one tries again.
      if (!this.isOver()) await slots.take(job).catch(() => undefined);
      await runner.work().catch(() => undefined);
      await sleep(20);
    }
  }
}

describe(`${ScoreRunner.name} on ${INSTANCES} instances with ${KILLS} kills`, () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const runs = new ScoreRunsRepository();
  const job: SlotJob = {
    name: 'score',
    cron: OFTEN,
    enqueue: async (manager, slot) => void (await runs.create(manager, [TODAY], slot)),
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    const facts = new Facts(dataSource);
    for (let i = 0; i < ACCOUNTS; i++) {
      const account = await facts.account();
      await facts.usage(account, daysUpTo(TODAY, 30));
      await facts.subscription(account);
    }
    // Written in the transaction of the scores: what was rolled back leaves none.
    await dataSource.query(`
      CREATE TABLE written (run_id bigint, account_id int);
      CREATE FUNCTION note_score() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO written VALUES (new.run_id, new.account_id); RETURN NULL; END $$;
      CREATE TRIGGER note_score AFTER INSERT OR UPDATE ON account_score FOR EACH ROW EXECUTE FUNCTION note_score();
      INSERT INTO job_slot VALUES ('score', now() - interval '1 hour');
    `);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const open = () =>
    dataSource.query<object[]>(`SELECT FROM score_run WHERE status IN ('queued', 'running')`);

  /** Which of them is writing scores; after a while, any. */
  const writing = async (instances: readonly Instance[]): Promise<number> => {
    for (let waited = 0; waited < 1_000; waited += 5) {
      const found = instances.findIndex(({ isWriting }) => isWriting);
      if (found >= 0) return found;
      await sleep(5);
    }
    return 0;
  };

  it('runs each slot once, scores every account once per run and leaves a complete list', async () => {
    let over = false;
    let started = 0;
    const start = () => Instance.start(database.url, `instance-${++started}`, job, () => over);
    const instances = await Promise.all(Array.from({ length: INSTANCES }, start));
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(Math.random() * 150);
      const victim = kill % 3 === 0 ? (kill / 3) % INSTANCES : await writing(instances);
      if (kill % 5 === 4) {
        instances[victim]?.freeze();
        await sleep(PACE.leaseMs);
        continue;
      }
      await instances[victim]?.kill(dataSource);
      instances[victim] = await start();
    }
    over = true;
    while ((await open()).length > 0) await sleep(100);
    await Promise.all(instances.map((instance) => instance.end()));

    const stored = await dataSource.query<Record<string, unknown>[]>(
      'SELECT run_id::int AS id, slot, status, error, done, total, epoch FROM score_run ORDER BY run_id',
    );
    expect(stored.length).toBeGreaterThan(2);
    for (const run of stored) {
      expect(run).toMatchObject({ status: 'succeeded', error: null, done: ACCOUNTS, total: ACCOUNTS });
    }
    const slots = await dataSource.query<{ slot: Date }[]>(
      'SELECT slot FROM job_slot ORDER BY slot OFFSET 1',
    );
    expect(stored.map(({ slot }) => slot)).toEqual(slots.map(({ slot }) => slot));
    // Else nobody was killed while it mattered.
    const takenOver = stored.reduce((sum, { epoch }) => sum + Number(epoch) - 1, 0);
    expect(takenOver).toBeGreaterThan(5);

    const written = await dataSource.query<object[]>(
      'SELECT run_id::int AS id, count(*) AS scores, count(DISTINCT account_id) AS accounts FROM written GROUP BY 1 ORDER BY 1',
    );
    expect(written).toEqual(stored.map(({ id }) => ({ id, scores: ACCOUNTS, accounts: ACCOUNTS })));
    const [list] = await dataSource.query<object[]>(
      `SELECT count(*) AS listed, (SELECT count(*) FROM account_score WHERE as_of = $1) AS scored FROM account_now`,
      [TODAY],
    );
    expect(list).toEqual({ listed: ACCOUNTS, scored: ACCOUNTS });
  }, 1_800_000);
});
