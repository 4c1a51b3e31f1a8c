import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns every folded kind has; one row per interval in which the record's state did not change. */
const interval = `
  account_id integer NOT NULL,
  id text COLLATE "C" NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  PRIMARY KEY (account_id, id, valid_from)`;

const directory = `
  CREATE TABLE account (
    account_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    first_fact_at timestamptz,
    merged_into integer
  );
  CREATE TABLE account_ref (
    ref text COLLATE "C" PRIMARY KEY,
    account_id integer NOT NULL,
    source text NOT NULL CHECK (source IN ('id', 'external', 'merged'))
  );
  CREATE INDEX account_ref_account ON account_ref (account_id);
  CREATE TABLE record_ref (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account_id integer NOT NULL,
    PRIMARY KEY (kind, id)
  );
  CREATE INDEX record_ref_account ON record_ref (account_id);
  CREATE TABLE user_account (
    user_id text COLLATE "C" NOT NULL,
    from_at timestamptz NOT NULL,
    account_id integer NOT NULL,
    PRIMARY KEY (user_id, from_at)
  );
  CREATE INDEX user_account_account ON user_account (account_id);
  CREATE TABLE user_alias (
    alias text COLLATE "C" PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL
  );
  CREATE INDEX user_alias_user ON user_alias (user_id);
  CREATE TABLE directory_version (singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton), version bigint NOT NULL,
    events_dropped_until timestamptz);
  INSERT INTO directory_version (version) VALUES (1);
  CREATE TABLE erased_person (hash bytea PRIMARY KEY, erased_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE erasure (erasure_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person jsonb NOT NULL);
  CREATE TABLE touched_account (account_id integer PRIMARY KEY, touched_at timestamptz NOT NULL);
`;

const states = `
  CREATE TABLE statement (
    account_id integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    effective_at timestamptz NOT NULL,
    replaces boolean NOT NULL,
    patch jsonb NOT NULL,
    arrived_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, kind, record_id, effective_at)
  );
  CREATE TABLE account_state (${interval},
    external_ids text[], name text, tier text, stage text, csm text, parent_id text, domains text[], internal boolean,
    acquisition_channel text, referred_by text, created_at timestamptz, traits jsonb
  );
  CREATE INDEX account_state_parent ON account_state (parent_id COLLATE "C") WHERE parent_id IS NOT NULL;
  CREATE INDEX account_state_internal ON account_state (account_id) WHERE internal;
  CREATE TABLE contact (${interval},
    user_ids text[], email text, name text, role text, time_zone text, consents jsonb
  );
  CREATE INDEX contact_email_domain ON contact (split_part(lower(email), '@', 2));
  CREATE TABLE subscription (${interval},
    product text, plan text, billing text, seats bigint, mrr bigint, currency text, started_at timestamptz,
    renews_at timestamptz, term_months integer, auto_renew boolean, trial boolean, limits jsonb,
    notice_given_at timestamptz, ended_at timestamptz, end_reason text, end_comment text
  );
  CREATE TABLE ticket (${interval},
    contact_id text, channel text, priority text, opened_at timestamptz, first_response_at timestamptz,
    resolved_at timestamptz, reopened_at timestamptz[], escalated_at timestamptz, csat numeric, csat_at timestamptz
  );
  CREATE TABLE invoice (${interval},
    subscription_id text, issued_at timestamptz, due_at timestamptz, paid_at timestamptz, amount bigint,
    refunded bigint, refunded_at timestamptz, currency text
  );
  CREATE TABLE survey (${interval},
    contact_id text, kind text, score numeric, comment text, by text, sent_at timestamptz, answered_at timestamptz
  );
  CREATE TABLE activity (${interval},
    contact_id text, kind text, at timestamptz, by text, two_way boolean, note text
  );
  CREATE TABLE milestone (${interval},
    name text, plan text, due_at timestamptz, done_at timestamptz
  );
  CREATE TABLE gauge (${interval},
    name text, value numeric, at timestamptz
  );
`;

/** Pending is a queue: one row a batch, its events as parallel arrays, so that the hot path writes one tuple for 500 events. */
const usage = `
  CREATE TABLE event (
    account_id integer NOT NULL,
    at timestamptz NOT NULL,
    message_hash uuid NOT NULL,
    event text COLLATE "C" NOT NULL,
    user_id text COLLATE "C",
    value numeric,
    product text,
    properties json,
    PRIMARY KEY (account_id, at, message_hash)
  ) PARTITION BY RANGE (at);
  CREATE TABLE event_pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    arrived_at timestamptz NOT NULL DEFAULT now(),
    account_ids integer[] NOT NULL,
    days date[] NOT NULL,
    events text[] NOT NULL,
    user_ids text[] NOT NULL,
    amounts numeric[] NOT NULL
  );
  ALTER TABLE event_pending ALTER account_ids SET STORAGE EXTERNAL, ALTER days SET STORAGE EXTERNAL,
    ALTER events SET STORAGE EXTERNAL, ALTER user_ids SET STORAGE EXTERNAL, ALTER amounts SET STORAGE EXTERNAL;
  CREATE TABLE usage_day (
    account_id integer NOT NULL,
    day date NOT NULL,
    event text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    value numeric,
    PRIMARY KEY (account_id, day, event)
  ) WITH (fillfactor = 80);
  CREATE TABLE user_month (
    account_id integer NOT NULL,
    month date NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    days integer NOT NULL,
    PRIMARY KEY (account_id, month, user_id)
  );
`;

const intake = `
  CREATE TABLE quarantine (
    waits_for text COLLATE "C" NOT NULL CHECK (waits_for IN ('account', 'user')),
    ref text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    fact_key text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    payload jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    problem jsonb,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (ref, waits_for, kind, fact_key)
  );
  CREATE INDEX quarantine_seq ON quarantine (seq);
  CREATE INDEX quarantine_record ON quarantine (kind, id);
  CREATE TABLE import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    format text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    received bigint NOT NULL DEFAULT 0,
    created bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    last_line bigint NOT NULL DEFAULT 0,
    complete boolean NOT NULL DEFAULT false,
    broke_off jsonb
  );
  CREATE TABLE import_error (
    import_id bigint NOT NULL,
    seq bigint NOT NULL,
    line bigint NOT NULL,
    id text,
    code text NOT NULL,
    detail text NOT NULL,
    pointer text,
    PRIMARY KEY (import_id, seq)
  );
  CREATE TABLE exchange_rate (
    base text COLLATE "C" NOT NULL,
    quote text COLLATE "C" NOT NULL,
    day date NOT NULL,
    rate numeric NOT NULL CHECK (rate > 0),
    PRIMARY KEY (base, quote, day)
  );
`;

const tables = [
  'exchange_rate',
  'import_error',
  'import',
  'quarantine',
  'user_month',
  'usage_day',
  'event_pending',
  'event',
  'gauge',
  'milestone',
  'activity',
  'survey',
  'invoice',
  'ticket',
  'subscription',
  'contact',
  'account_state',
  'statement',
  'touched_account',
  'erasure',
  'erased_person',
  'directory_version',
  'user_alias',
  'user_account',
  'record_ref',
  'account_ref',
  'account',
];

export class Facts1763800100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const part of [directory, states, usage, intake]) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${tables.join(', ')}`);
  }
}
