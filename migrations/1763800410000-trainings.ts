import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Trainings1763800410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE training (
        training_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text COLLATE "C" NOT NULL,
        status text COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
        -- What it is at; null: it has not begun.
        step text,
        done integer NOT NULL DEFAULT 0,
        total integer,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        finished_at timestamptz,
        error text,
        -- The weekly slot it belongs to; null: asked for.
        slot timestamptz,
        lease_until timestamptz,
        -- Raised by every claim: a holder with an older one may not write any more.
        epoch integer NOT NULL DEFAULT 0,
        -- What it led to.
        model_version_id integer,
        UNIQUE (slot, key)
      );
      CREATE INDEX training_open ON training (training_id) WHERE status IN ('queued', 'running');
      -- What was predicted on a day against what came of it, once that is known.
      CREATE TABLE model_check (
        model_version_id integer NOT NULL,
        as_of date NOT NULL,
        accounts integer NOT NULL,
        observed integer NOT NULL,
        expected double precision NOT NULL,
        -- Of the number observed, if what was predicted is right.
        standard_deviation double precision NOT NULL,
        -- Logits that the predictions are too low by; null: it happened to nobody, or to all.
        intercept double precision,
        -- Whether the difference is more than chance.
        stale boolean NOT NULL,
        checked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (model_version_id, as_of)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE model_check, training');
  }
}
