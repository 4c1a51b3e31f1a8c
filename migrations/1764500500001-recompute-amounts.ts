import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Until now some currencies (such as HUF, IDR and COP) had the wrong number of digits, so stored amounts may be off by 100 or 1,000.
 * Scores are computed again by a run, and the actual MRR of past months by the next forecast, which computes those that have none.
 */
export class RecomputeAmounts1764500500001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE forecast_month SET actual = NULL, actual_at = NULL WHERE actual_at IS NOT NULL;
      INSERT INTO score_run (as_of, days)
        SELECT day, ARRAY[day] FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS day) AS today
        WHERE EXISTS (SELECT FROM account);
    `);
  }

  /** Amounts that were reset cannot be restored; they are computed again. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}
