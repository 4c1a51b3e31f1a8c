import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OutboxConsumers1764400500001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Numbers are given out before the commit, so a row is found by its transaction: (generation, xid, outbox_id) is its position.
      ALTER TABLE outbox
        ADD generation integer NOT NULL DEFAULT 0,
        ADD xid xid8 NOT NULL DEFAULT pg_current_xact_id();
      DROP INDEX outbox_account;
      CREATE INDEX outbox_position ON outbox (generation, xid, outbox_id);

      -- Transaction ids mean something in one cluster only; data that moves to another begins a new generation.
      CREATE TABLE outbox_generation (
        singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
        generation integer NOT NULL,
        system_identifier text NOT NULL
      );
      INSERT INTO outbox_generation (generation, system_identifier) SELECT 0, system_identifier::text FROM pg_control_system();

      -- Everything up to the position has been taken in: it is in outbox_delivery or acknowledged.
      CREATE TABLE outbox_consumer (
        consumer text COLLATE "C" PRIMARY KEY,
        generation integer NOT NULL,
        xid xid8 NOT NULL,
        outbox_id bigint NOT NULL,
        registered_at timestamptz NOT NULL DEFAULT now()
      );
      -- What a consumer has taken in but not acknowledged.
      CREATE TABLE outbox_delivery (
        consumer text COLLATE "C" NOT NULL,
        generation integer NOT NULL,
        xid xid8 NOT NULL,
        outbox_id bigint NOT NULL,
        -- 0: it concerns no single account.
        account_id integer NOT NULL,
        epoch integer NOT NULL DEFAULT 0,
        leased_until timestamptz,
        PRIMARY KEY (consumer, generation, xid, outbox_id)
      );
      CREATE INDEX outbox_delivery_outbox ON outbox_delivery (outbox_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE outbox_delivery, outbox_consumer, outbox_generation;
      DROP INDEX outbox_position;
      ALTER TABLE outbox DROP COLUMN generation, DROP COLUMN xid;
      CREATE INDEX outbox_account ON outbox (account_id);
    `);
  }
}
