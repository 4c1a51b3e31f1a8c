import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The lists `risk` and `money` become columns with names. */
export class ScoreColumns1764400400001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account_score
        -- Ten-thousandths; null: not predicted.
        ADD churn_risk smallint, ADD churn_risk_low smallint, ADD churn_risk_high smallint, ADD churn_risk12m smallint,
        -- Minor units; null: not known.
        ADD ltv bigint, ADD ltv_low bigint, ADD ltv_high bigint, ADD expected_loss bigint;
      -- With USING all of them are filled in one rewrite of the table, which leaves no dead rows behind.
      ALTER TABLE account_score
        ALTER churn_risk TYPE smallint USING risk[1], ALTER churn_risk_low TYPE smallint USING risk[2],
        ALTER churn_risk_high TYPE smallint USING risk[3], ALTER churn_risk12m TYPE smallint USING risk[4],
        ALTER ltv TYPE bigint USING money[1], ALTER ltv_low TYPE bigint USING money[2],
        ALTER ltv_high TYPE bigint USING money[3], ALTER expected_loss TYPE bigint USING money[4];
      ALTER TABLE account_score DROP risk, DROP money;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE account_score ADD risk smallint[], ADD money bigint[];
      ALTER TABLE account_score
        ALTER risk TYPE smallint[]
          USING CASE WHEN churn_risk IS NOT NULL THEN ARRAY[churn_risk, churn_risk_low, churn_risk_high, churn_risk12m] END,
        ALTER money TYPE bigint[] USING CASE WHEN expected_loss IS NOT NULL THEN ARRAY[ltv, ltv_low, ltv_high, expected_loss] END;
      ALTER TABLE account_score DROP churn_risk, DROP churn_risk_low, DROP churn_risk_high, DROP churn_risk12m,
        DROP ltv, DROP ltv_low, DROP ltv_high, DROP expected_loss;
    `);
  }
}
