import type { MigrationInterface, QueryRunner } from 'typeorm';

export class JobRuns1764400500002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Work that a slot asked for and nobody has finished: at most one run a job.
      CREATE TABLE job_run (
        job text COLLATE "C" PRIMARY KEY,
        slot timestamptz NOT NULL,
        run_after timestamptz NOT NULL DEFAULT now(),
        attempts integer NOT NULL DEFAULT 0,
        epoch integer NOT NULL DEFAULT 0,
        leased_until timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job_run');
  }
}
