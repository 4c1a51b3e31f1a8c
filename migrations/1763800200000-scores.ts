import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Scores1763800200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE scorecard (
        scorecard_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text COLLATE "C" NOT NULL,
        version integer NOT NULL,
        definition jsonb NOT NULL,
        -- Made by the service itself; such a card gets a new version when a release changes it.
        built_in boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (key, version)
      );
      CREATE TABLE score_run (
        run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        as_of date NOT NULL,
        status text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
        done integer NOT NULL DEFAULT 0,
        total integer,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        error text,
        -- The nightly slot it belongs to; null: asked for.
        slot timestamptz UNIQUE,
        lease_until timestamptz,
        -- Raised by every claim: a holder with an older one may not write any more.
        epoch integer NOT NULL DEFAULT 0,
        -- Where to go on: accounts up to it are done.
        last_account_id integer NOT NULL DEFAULT 0,
        scorecard_id integer,
        currency text COLLATE "C",
        peers jsonb
      );
      CREATE INDEX score_run_open ON score_run (run_id) WHERE status IN ('queued', 'running');
      CREATE INDEX score_run_succeeded ON score_run (as_of) WHERE status = 'succeeded';
      -- Fixed-point: scores in hundredths of a point, confidence in ten-thousandths, features as the definition's layout says.
      CREATE TABLE account_score (
        account_id integer NOT NULL,
        as_of date NOT NULL,
        scorecard_id integer NOT NULL,
        run_id bigint NOT NULL,
        mrr bigint,
        health smallint,
        confidence smallint NOT NULL,
        band smallint NOT NULL,
        status smallint NOT NULL,
        tier text COLLATE "C" NOT NULL,
        stage text COLLATE "C",
        features integer[] NOT NULL,
        dimension_scores smallint[] NOT NULL,
        measure_scores smallint[] NOT NULL,
        contributions smallint[] NOT NULL,
        -- Pairs: place of the cap in the definition, contribution.
        adjustments smallint[] NOT NULL,
        PRIMARY KEY (account_id, as_of)
      );
      CREATE INDEX account_score_as_of ON account_score (as_of, account_id);
      CREATE TABLE job_slot (
        job text COLLATE "C" NOT NULL,
        slot timestamptz NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (job, slot)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE job_slot, account_score, score_run, scorecard');
  }
}
