import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

const LEASE_SECONDS = 60;
const RENEW_MS = 15_000;
const MAX_PAUSE_SECONDS = 3_600;

interface Claim {
  readonly job: string;
  readonly slot: string;
  readonly epoch: number;
}

/**
 * Runs jobs requested by slots. An instance claims a run with a lease and renews it while it works; if it dies, another
 * takes over. So a job may run twice and must do only what is missing. A failed job is retried with increasing delays.
 */
@Injectable()
export class JobRunsService {
  private readonly logger = new Logger(JobRunsService.name);

  constructor(private readonly dataSource: DataSource) {}

  /** Runs in the slot's transaction. A waiting run is moved forward; a running one is followed by another. */
  async enqueue(manager: EntityManager, job: string, slot: Date): Promise<void> {
    await manager.query(
      `INSERT INTO job_run (job, slot) VALUES ($1, $2)
       ON CONFLICT (job) DO UPDATE SET slot = excluded.slot, run_after = now(), attempts = 0`,
      [job, slot],
    );
  }

  /** Runs the due jobs. */
  async work(jobs: ReadonlyMap<string, () => Promise<unknown>>): Promise<void> {
    for (;;) {
      const claim = await this.claim([...jobs.keys()]);
      const run = claim && jobs.get(claim.job);
      if (!run) return;
      await this.perform(claim, run);
    }
  }

  private async perform(claim: Claim, run: () => Promise<unknown>): Promise<void> {
    const renewing = setInterval(() => void this.renew(claim).catch(() => undefined), RENEW_MS);
    try {
      await run();
    } catch (error) {
      this.logger.warn(error);
      await this.postpone(claim);
      return;
    } finally {
      clearInterval(renewing);
    }
    await this.finish(claim);
  }

  private async claim(jobs: readonly string[]): Promise<Claim | undefined> {
    const [rows] = await this.dataSource.query<[Claim[], number]>(
      `UPDATE job_run SET epoch = nextval('job_run_epoch'), leased_until = now() + $2 * interval '1 second'
       WHERE job = (
         SELECT job FROM job_run
         WHERE job = ANY($1) AND run_after <= now() AND (leased_until IS NULL OR leased_until <= now())
         ORDER BY run_after, job LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING job, slot::text AS slot, epoch`,
      [jobs, LEASE_SECONDS],
    );
    return rows[0];
  }

  private async renew({ job, epoch }: Claim): Promise<void> {
    await this.dataSource.query(
      `UPDATE job_run SET leased_until = now() + $3 * interval '1 second' WHERE job = $1 AND epoch = $2`,
      [job, epoch, LEASE_SECONDS],
    );
  }

  /** A slot that became due meanwhile gets its own run. */
  private async finish({ job, slot, epoch }: Claim): Promise<void> {
    await this.dataSource.query(
      `WITH done AS (DELETE FROM job_run WHERE job = $1 AND epoch = $2 AND slot = $3::timestamptz)
       UPDATE job_run SET leased_until = NULL WHERE job = $1 AND epoch = $2 AND slot <> $3::timestamptz`,
      [job, epoch, slot],
    );
  }

  private async postpone({ job, epoch }: Claim): Promise<void> {
    await this.dataSource.query(
      `UPDATE job_run SET leased_until = NULL, attempts = attempts + 1,
         run_after = now() + least(30 * 2 ^ least(attempts, 10), $3) * interval '1 second'
       WHERE job = $1 AND epoch = $2`,
      [job, epoch, MAX_PAUSE_SECONDS],
    );
  }
}
