import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `account_current` becomes two halves that stay for good: one is read, a full run fills the other. Their rows can be made from
 * `account_score` again, so the first run fills them.
 */
export class CurrentHalves1764400400002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account_current RENAME TO account_listed;
      CREATE TABLE account_current (
        half smallint NOT NULL,
        account_id integer NOT NULL,
        -- The run that wrote the row, or in whose day its account was scored again.
        run_id bigint NOT NULL,
        -- Of the shape of item; a row of another one is shown from account_score.
        item_version smallint NOT NULL,
        band smallint NOT NULL,
        status smallint NOT NULL,
        tier text COLLATE "C" NOT NULL,
        stage text COLLATE "C",
        csm text COLLATE "C",
        currency text COLLATE "C" NOT NULL,
        -- In lower case.
        name text COLLATE "C",
        -- The expected loss, above that of all others for an account that has given notice.
        urgency bigint,
        expected_loss bigint,
        churn_risk smallint,
        health smallint,
        health_change30d smallint,
        mrr bigint,
        ltv bigint,
        expansion smallint,
        renews_at date,
        item json NOT NULL
      ) PARTITION BY LIST (half);
      CREATE TABLE account_current_0 PARTITION OF account_current FOR VALUES IN (0);
      CREATE TABLE account_current_1 PARTITION OF account_current FOR VALUES IN (1);
      ALTER TABLE account_current_0 ADD PRIMARY KEY (account_id);
      ALTER TABLE account_current_1 ADD PRIMARY KEY (account_id);
      -- One row: the half that is read.
      CREATE TABLE current_half (id boolean PRIMARY KEY DEFAULT true CHECK (id), half smallint NOT NULL);
      INSERT INTO current_half (half) VALUES (0);
      CREATE VIEW account_now AS SELECT * FROM account_current WHERE half = (SELECT half FROM current_half);
      INSERT INTO account_current SELECT 0, account_id, 0, 0, band, status, tier, stage, csm,
        coalesce(item -> 'mrr' ->> 'currency', 'USD'), name, expected_loss,
        CASE WHEN expected_loss >= 2::bigint ^ 52 THEN expected_loss - (2::bigint ^ 52)::bigint ELSE expected_loss END,
        churn_risk, health, health_change30d, mrr, ltv, expansion, renews_at, item FROM account_listed;
      DROP TABLE account_listed;
      DROP TABLE IF EXISTS account_next;
      -- What a run that was under way had filled is gone: it begins its day again.
      DELETE FROM score_day WHERE finished_at IS NULL;
      -- The product of a signal becomes a field of its own; until now it stood in the text only.
      UPDATE account_score SET signals = (
        SELECT jsonb_agg(CASE WHEN signal ->> 'key' = 'productMissing'
          THEN signal || jsonb_build_object('product', regexp_replace(signal ->> 'text', '^[0-9]+ % of its tier have ', ''))
          ELSE signal END ORDER BY n)
        FROM jsonb_array_elements(signals) WITH ORDINALITY AS s(signal, n))
      WHERE signals @> '[{"key": "productMissing"}]';
    `);
    for (const half of [0, 1]) {
      for (const column of SORTED) {
        await runner.query(
          `CREATE INDEX account_current_${half}_${column} ON account_current_${half} (${column}, account_id)`,
        );
      }
      for (const column of FILTERED) {
        await runner.query(
          `CREATE INDEX account_current_${half}_of_${column} ON account_current_${half} (${column}, urgency, account_id)`,
        );
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE account_score SET signals = (
        SELECT jsonb_agg(signal - 'product' ORDER BY n) FROM jsonb_array_elements(signals) WITH ORDINALITY AS s(signal, n))
      WHERE signals @> '[{"key": "productMissing"}]';
      DROP VIEW account_now;
      DROP TABLE account_current, current_half;
      CREATE TABLE account_current (
        account_id integer PRIMARY KEY,
        band smallint NOT NULL,
        status smallint NOT NULL,
        tier text COLLATE "C" NOT NULL,
        stage text COLLATE "C" NOT NULL,
        csm text COLLATE "C",
        name text COLLATE "C",
        expected_loss bigint,
        churn_risk smallint,
        health smallint,
        health_change30d smallint,
        mrr bigint,
        ltv bigint,
        expansion smallint,
        renews_at date,
        item json NOT NULL
      );
    `);
    for (const column of SORTED) {
      const name = column === 'urgency' ? 'expected_loss' : column;
      await runner.query(`CREATE INDEX ON account_current (${name}, account_id)`);
    }
    for (const column of FILTERED) {
      await runner.query(`CREATE INDEX ON account_current (${column}, expected_loss, account_id)`);
    }
  }
}

const FILTERED = ['band', 'status', 'tier', 'stage', 'csm'];

const SORTED = [
  'urgency',
  'churn_risk',
  'health',
  'health_change30d',
  'mrr',
  'ltv',
  'expansion',
  'renews_at',
  'name',
];
