import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Forecast1763800420000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What was expected on the day whose scores it was made from.
      CREATE TABLE forecast (
        made_on date PRIMARY KEY,
        -- The instant at which its accounts stood as they are counted.
        at timestamptz NOT NULL,
        currency text COLLATE "C" NOT NULL,
        accounts integer NOT NULL,
        without_mrr integer NOT NULL,
        -- The steps in which MRR changes, by tier.
        steps json NOT NULL
      );
      -- Triples: expected, low, high. Minor units; accounts in tenths of one.
      CREATE TABLE forecast_month (
        made_on date NOT NULL REFERENCES forecast ON DELETE CASCADE,
        -- Its first day.
        month date NOT NULL,
        start_mrr bigint[] NOT NULL,
        up_for_renewal bigint NOT NULL,
        renew bigint[] NOT NULL,
        contract bigint[] NOT NULL,
        expand bigint[] NOT NULL,
        leave bigint[] NOT NULL,
        end_mrr bigint[] NOT NULL,
        accounts_leaving bigint[] NOT NULL,
        -- What the same accounts paid at the month's end; null: not known.
        actual bigint,
        actual_at timestamptz,
        PRIMARY KEY (made_on, month)
      );
      CREATE INDEX forecast_month_month ON forecast_month (month, made_on);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE forecast_month, forecast');
  }
}
