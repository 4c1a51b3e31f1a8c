import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table installation (
        id smallint primary key default 1 check (id = 1),
        -- Null when the operator keeps the key himself (SECRETS_KEY).
        secret bytea check (octet_length(secret) = 32),
        key_check bytea not null,
        created_at timestamptz not null default now()
      );
      create table api_key (
        id text collate "C" primary key,
        name text not null,
        scopes text[] not null,
        secret_hash bytea not null check (octet_length(secret_hash) = 32),
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        revoked_at timestamptz
      );
      create table audit_entry (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        actor text collate "C" not null,
        action text collate "C" not null,
        target text collate "C" not null,
        detail jsonb
      );
      create index audit_entry_target on audit_entry (target, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_entry, api_key, installation');
  }
}
