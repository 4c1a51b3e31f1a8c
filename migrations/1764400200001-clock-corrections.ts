import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Facts whose sender's clock was ahead: what it said, and where the fact stands instead. A retry is corrected by another
 * amount, so only this tells that it is one.
 */
export class ClockCorrections1764400200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE clock_correction (
        account_id integer NOT NULL,
        told_at timestamptz NOT NULL,
        message_hash uuid NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (account_id, told_at, message_hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE clock_correction');
  }
}
