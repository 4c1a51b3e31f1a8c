import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Models1763800400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What each target is predicted by; a row of model says which of them made a score.
      CREATE TABLE model_version (
        model_version_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text COLLATE "C" NOT NULL,
        version integer NOT NULL,
        basis text COLLATE "C" NOT NULL CHECK (basis IN ('prior', 'fitted')),
        -- The day whose facts it was made from.
        as_of date NOT NULL,
        definition json NOT NULL,
        -- What its training found; null: made by a run, without one.
        report json,
        -- Whether it was good enough to take the place of the one before.
        taken boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (key, version)
      );
      INSERT INTO model_version (key, version, basis, as_of, definition, taken, created_at)
        SELECT 'churn', version, 'prior', as_of, (definition -> 'churn')::json, true, created_at FROM model ORDER BY model_id;
      INSERT INTO model_version (key, version, basis, as_of, definition, taken, created_at)
        SELECT 'expansion', version, 'prior', as_of, json_build_object('basis', 'prior', 'base', definition -> 'expansion' -> 'base', 'scale', 1,
          'happened', definition -> 'expansion' -> 'expanded', 'windows', definition -> 'expansion' -> 'windows'), true, created_at
        FROM model ORDER BY model_id;
      ALTER TABLE model ADD churn_id integer, ADD contraction_id integer, ADD expansion_id integer, ADD terms json;
      UPDATE model m SET terms = (definition -> 'terms')::json,
        churn_id = (SELECT model_version_id FROM model_version v WHERE v.key = 'churn' AND v.version = m.version),
        expansion_id = (SELECT model_version_id FROM model_version v WHERE v.key = 'expansion' AND v.version = m.version);
      ALTER TABLE model ALTER churn_id SET NOT NULL, ALTER expansion_id SET NOT NULL, ALTER terms SET NOT NULL,
        DROP COLUMN key, DROP COLUMN version, DROP COLUMN basis, DROP COLUMN definition;
      -- Ten-thousandths; null: not predicted.
      ALTER TABLE account_score ADD contraction smallint;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account_score DROP COLUMN contraction;
      TRUNCATE account_score;
      DELETE FROM model;
      ALTER TABLE model DROP COLUMN churn_id, DROP COLUMN contraction_id, DROP COLUMN expansion_id, DROP COLUMN terms,
        ADD key text COLLATE "C" NOT NULL, ADD version integer NOT NULL, ADD basis text COLLATE "C" NOT NULL, ADD definition jsonb NOT NULL,
        ADD UNIQUE (key, version);
      DROP TABLE model_version;
    `);
  }
}
