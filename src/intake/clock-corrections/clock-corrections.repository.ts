import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What identifies a fact to its sender, in the account it belongs to. */
export interface ToldFact {
  readonly accountId: number;
  /** By the sender's own clock, epoch milliseconds. */
  readonly toldAt: number;
  readonly messageHash: string;
}

export interface CorrectedFact extends ToldFact {
  /** The corrected time, epoch milliseconds. */
  readonly at: number;
}

interface Row {
  account_id: number;
  told_ms: string;
  message_hash: string;
  at_ms: string;
}

const COLUMNS = `account_id, extract(epoch FROM told_at) * 1000 AS told_ms, replace(message_hash::text, '-', '') AS message_hash,
  extract(epoch FROM at) * 1000 AS at_ms`;

const keyOf = ({ accountId, toldAt, messageHash }: ToldFact): string =>
  `${accountId} ${toldAt} ${messageHash}`;

/** The corrected times of facts. A fact keeps the time it got when it first arrived. */
export class Corrections {
  private readonly times = new Map<string, number>();

  constructor(facts: readonly CorrectedFact[] = []) {
    for (const fact of facts) this.times.set(keyOf(fact), fact.at);
  }

  timeOf(fact: ToldFact): number | undefined {
    return this.times.get(keyOf(fact));
  }
}

@Injectable()
export class ClockCorrectionsRepository {
  /** SQL: whether any time was ever corrected. If not, there is nothing to look up. */
  static readonly ANY = 'EXISTS (SELECT FROM clock_correction)';

  async find(manager: EntityManager, facts: readonly ToldFact[]): Promise<Corrections> {
    if (facts.length === 0) return new Corrections();
    const rows: Row[] = await manager.query(
      `SELECT ${COLUMNS} FROM clock_correction
       JOIN unnest($1::int[], $2::timestamptz[], $3::uuid[]) AS t(account_id, told_at, message_hash)
         USING (account_id, told_at, message_hash)`,
      parametersOf(facts),
    );
    return new Corrections(rows.map(factOf));
  }

  /** Stores corrections and returns the ones in force: for facts that arrived before, the earlier ones. */
  async keep(manager: EntityManager, facts: readonly CorrectedFact[]): Promise<Corrections> {
    if (facts.length === 0) return new Corrections();
    // The same order everywhere, so that batches with the same facts do not deadlock. The first of two in a batch counts.
    const unique = [...new Map([...facts].reverse().map((fact) => [keyOf(fact), fact])).entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, fact]) => fact);
    const rows: Row[] = await manager.query(
      `WITH kept AS (
         INSERT INTO clock_correction (account_id, told_at, message_hash, at)
         SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::uuid[], $4::timestamptz[])
         ON CONFLICT (account_id, told_at, message_hash) DO UPDATE SET at = clock_correction.at
         RETURNING *
       ) SELECT ${COLUMNS} FROM kept`,
      [...parametersOf(unique), unique.map((fact) => new Date(fact.at).toISOString())],
    );
    return new Corrections(rows.map(factOf));
  }
}

function parametersOf(facts: readonly ToldFact[]): unknown[][] {
  return [
    facts.map((fact) => fact.accountId),
    facts.map((fact) => new Date(fact.toldAt).toISOString()),
    facts.map((fact) => fact.messageHash),
  ];
}

function factOf(row: Row): CorrectedFact {
  return {
    accountId: row.account_id,
    toldAt: Number(row.told_ms),
    messageHash: row.message_hash,
    at: Number(row.at_ms),
  };
}
