import type { MigrationInterface, QueryRunner } from 'typeorm';

export class JobEpochs1764500600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Not counted per row: a run that is deleted and requested again never has an epoch that an earlier holder had.
      CREATE SEQUENCE job_run_epoch AS integer;
      SELECT setval('job_run_epoch', max(epoch) + 1) FROM job_run HAVING count(*) > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SEQUENCE job_run_epoch');
  }
}
