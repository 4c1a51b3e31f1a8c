import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Portfolio1763800300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What programs are to be told, written in the transaction that makes it true. On the coordinator.
      CREATE TABLE outbox (
        outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text COLLATE "C" NOT NULL,
        account_id integer,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX outbox_account ON outbox (account_id);

      -- How features stand in the rows of scores: a catalogue that grows makes a new layout.
      CREATE TABLE feature_layout (
        layout_id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        definition jsonb NOT NULL
      );
      CREATE TABLE model (
        model_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text COLLATE "C" NOT NULL,
        version integer NOT NULL,
        basis text COLLATE "C" NOT NULL,
        -- The day whose facts it was made from.
        as_of date NOT NULL,
        definition jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (key, version)
      );
      -- A scorecard's newest version may say that it is no longer used.
      ALTER TABLE scorecard ADD retired boolean NOT NULL DEFAULT false;

      -- A person's judgement in place of a score.
      CREATE TABLE score_override (
        account_id integer NOT NULL,
        override_id bigint GENERATED ALWAYS AS IDENTITY,
        score numeric(5, 2) NOT NULL CHECK (score BETWEEN 0 AND 100),
        reason text NOT NULL,
        made_by text COLLATE "C" NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (account_id, override_id)
      );

      -- A run works through its days in turn; as_of is the one it is at.
      ALTER TABLE score_run ADD days date[], ADD day_done integer NOT NULL DEFAULT 0;
      UPDATE score_run SET days = ARRAY[as_of];
      ALTER TABLE score_run ALTER days SET NOT NULL, DROP COLUMN scorecard_id, DROP COLUMN peers, DROP COLUMN currency;
      -- What the accounts of a day were measured against; finished_at: all of them are scored.
      CREATE TABLE score_day (
        as_of date PRIMARY KEY,
        run_id bigint NOT NULL,
        currency text COLLATE "C" NOT NULL,
        peers jsonb NOT NULL,
        model_id integer NOT NULL,
        finished_at timestamptz
      );

      -- Scores of before can be made anew by a run; their features are in another order.
      TRUNCATE account_score;
      DELETE FROM score_run WHERE status = 'succeeded';
      -- All of them built in, with caps of another shape; they are made anew at the start.
      DELETE FROM scorecard;
      -- When sources last told something; the readings of one gauge.
      CREATE INDEX statement_arrived ON statement USING brin (arrived_at);
      CREATE INDEX gauge_reading ON gauge (account_id, name, at);

      -- What the card makes of the features is worked out again when it is asked for.
      ALTER TABLE account_score
        DROP COLUMN dimension_scores, DROP COLUMN measure_scores,
        ADD layout_id smallint NOT NULL,
        ADD model_id integer NOT NULL,
        ADD currency text COLLATE "C" NOT NULL,
        ADD scored_at timestamptz NOT NULL DEFAULT now(),
        -- Ten-thousandths: within 90 days, its low and high, within 12 months; null: not predicted.
        ADD risk smallint[],
        -- Minor units: lifetime value, its low and high, expected loss; null: the MRR is not known.
        ADD money bigint[],
        -- Ten-thousandths.
        ADD expansion smallint,
        -- Null: none.
        ADD signals jsonb,
        ADD renews_at date;

      -- UTC days with usage of anybody: the roll-ups are too many to look for them there.
      CREATE TABLE used_day (day date PRIMARY KEY);
      INSERT INTO used_day SELECT DISTINCT day FROM usage_day;

      -- What the last look found of each kind of fact; what programs were told of it follows from silent_since.
      CREATE TABLE source_state (
        kind text COLLATE "C" PRIMARY KEY,
        last_at date,
        usual_gap_days double precision,
        -- When it was found silent; null: it is not.
        silent_since timestamptz,
        looked_at timestamptz NOT NULL,
        look_again_at timestamptz NOT NULL
      );

      -- The newest score of each account as the list shows it. A full run fills a fresh one and puts it in this one's place.
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
      await runner.query(`CREATE INDEX ON account_current (${column}, account_id)`);
    }
    for (const column of FILTERED) {
      await runner.query(`CREATE INDEX ON account_current (${column}, expected_loss, account_id)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE source_state, used_day, account_current, score_day, score_override, model, feature_layout, outbox;
      DROP INDEX statement_arrived, gauge_reading;
      TRUNCATE account_score;
      DELETE FROM score_run;
      ALTER TABLE account_score DROP COLUMN layout_id, DROP COLUMN model_id, DROP COLUMN currency, DROP COLUMN scored_at, DROP COLUMN risk,
        DROP COLUMN money, DROP COLUMN expansion, DROP COLUMN signals, DROP COLUMN renews_at,
        ADD dimension_scores smallint[] NOT NULL, ADD measure_scores smallint[] NOT NULL;
      ALTER TABLE score_run DROP COLUMN days, DROP COLUMN day_done, ADD scorecard_id integer, ADD peers jsonb, ADD currency text COLLATE "C";
      ALTER TABLE scorecard DROP COLUMN retired;
    `);
  }
}

const FILTERED = ['band', 'status', 'tier', 'stage', 'csm'];

const SORTED = [
  'expected_loss',
  'churn_risk',
  'health',
  'health_change30d',
  'mrr',
  'ltv',
  'expansion',
  'renews_at',
  'name',
];
