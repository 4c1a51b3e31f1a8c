import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarksOfRuns1764500600003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Marks that the present run has taken from touched_account. Given back if its list is never shown.
      CREATE TABLE touched_in_run (account_id integer PRIMARY KEY, touched_at timestamptz NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE touched_in_run');
  }
}
