import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SubscriptionAndTicketFields1764400500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE subscription ADD notice_period_days integer, ADD churn_reason text, ADD service_targets jsonb;
      ALTER TABLE ticket ADD subject text, ADD status text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ticket DROP COLUMN subject, DROP COLUMN status;
      ALTER TABLE subscription DROP COLUMN notice_period_days, DROP COLUMN churn_reason, DROP COLUMN service_targets;
    `);
  }
}
