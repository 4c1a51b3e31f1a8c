import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Override } from '../model/evaluate.js';
import type { HealthOverrideDto } from './override.dto.js';

const COLUMNS = `override_id::text AS id, score::float8 AS score, reason, made_by AS "madeBy", made_at AS "madeAt",
  expires_at AS "expiresAt", ended_at AS "endedAt"`;

/** Overrides, each in effect until it expires or is removed. */
@Injectable()
export class OverridesRepository {
  /** Overrides active at the end of the UTC day (today: now), the latest per account. */
  async holding(
    manager: EntityManager,
    accountIds: readonly number[],
    asOf: string,
  ): Promise<Map<number, Override>> {
    const rows = await manager.query<{ account_id: number; score: number }[]>(
      `SELECT DISTINCT ON (account_id) account_id, score::float8 AS score
       FROM score_override, least(now(), ($2::date + 1)::timestamp AT TIME ZONE 'UTC') AS t
       WHERE account_id = ANY($1) AND made_at <= t AND expires_at > t AND (ended_at IS NULL OR ended_at > t)
       ORDER BY account_id, override_id DESC`,
      [accountIds, asOf],
    );
    return new Map(rows.map(({ account_id, score }) => [account_id, { score }]));
  }

  /** The latest 1,000, including ended ones. */
  async list(manager: EntityManager, accountId: number): Promise<HealthOverrideDto[]> {
    return manager.query<HealthOverrideDto[]>(
      `SELECT ${COLUMNS} FROM score_override WHERE account_id = $1 ORDER BY override_id DESC LIMIT 1000`,
      [accountId],
    );
  }

  /** Replaces an active override. */
  async add(
    manager: EntityManager,
    accountId: number,
    override: { score: number; reason: string; madeBy: string; expiresAt: Date },
  ): Promise<HealthOverrideDto> {
    await this.end(manager, accountId);
    const [row] = await manager.query<HealthOverrideDto[]>(
      `INSERT INTO score_override (account_id, score, reason, made_by, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [accountId, override.score, override.reason, override.madeBy, override.expiresAt],
    );
    if (!row) throw new Error('the override was not stored');
    return row;
  }

  /** Returns whether one was active. */
  async end(manager: EntityManager, accountId: number): Promise<boolean> {
    const [, ended] = await manager.query<[unknown, number]>(
      'UPDATE score_override SET ended_at = now() WHERE account_id = $1 AND ended_at IS NULL AND expires_at > now()',
      [accountId],
    );
    return ended > 0;
  }

  /** Accounts whose override has expired since the last check, so that they need rescoring. */
  async takeExpired(manager: EntityManager): Promise<number[]> {
    const [rows] = await manager.query<[{ account_id: number }[], number]>(
      'UPDATE score_override SET ended_at = expires_at WHERE ended_at IS NULL AND expires_at <= now() RETURNING account_id',
    );
    return rows.map((row) => row.account_id);
  }
}
