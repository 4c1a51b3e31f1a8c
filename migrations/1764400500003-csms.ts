import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Csms1764400500003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Not counted per row: a row that is deleted and created again never has a version it had before.
      CREATE SEQUENCE csm_version;
      CREATE TABLE csm (
        csm text COLLATE "C" PRIMARY KEY,
        name text,
        email text,
        time_zone text,
        digest boolean NOT NULL,
        version bigint NOT NULL DEFAULT nextval('csm_version'),
        updated_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE csm; DROP SEQUENCE csm_version');
  }
}
