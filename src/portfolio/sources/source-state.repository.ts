import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Source } from '../../scoring/features/sources.repository.js';

/** Result of the last check of a source, and since when it has been silent. */
export interface SourceState extends Source {
  /** When it was first found silent; null if it is not silent. */
  readonly silentSince: Date | null;
  readonly lookedAt: Date;
}

const LOOK_LOCK = 7008;

@Injectable()
export class SourceStateRepository {
  async all(manager: EntityManager): Promise<SourceState[]> {
    return manager.query<SourceState[]>(
      `SELECT kind, last_at AS "lastAt", usual_gap_days AS "usualGapDays", silent_since IS NOT NULL AS silent,
         silent_since AS "silentSince", looked_at AS "lookedAt" FROM source_state`,
    );
  }

  /**
   * Whether a check is due by the database's clock; the first one is due immediately. Only one transaction gets true until it ends.
   */
  async claim(manager: EntityManager): Promise<boolean> {
    const [row] = await manager.query<{ free: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS free', [
      LOOK_LOCK,
    ]);
    if (row?.free !== true) return false;
    // A separate statement, so that it sees what the previous holder committed.
    const waiting = await manager.query<unknown[]>(
      'SELECT FROM source_state WHERE look_again_at > now() LIMIT 1',
    );
    return waiting.length === 0;
  }

  async put(manager: EntityManager, sources: readonly Source[], nextLookMs: number): Promise<void> {
    await manager.query(
      `INSERT INTO source_state AS s (kind, last_at, usual_gap_days, silent_since, looked_at, look_again_at)
       SELECT kind, last_at, gap, CASE WHEN silent THEN now() END, now(), clock_timestamp() + $5 * interval '1 millisecond'
       FROM unnest($1::text[], $2::date[], $3::float8[], $4::boolean[]) AS t(kind, last_at, gap, silent)
       ON CONFLICT (kind) DO UPDATE SET last_at = excluded.last_at, usual_gap_days = excluded.usual_gap_days,
         silent_since = CASE WHEN excluded.silent_since IS NOT NULL THEN coalesce(s.silent_since, excluded.silent_since) END,
         looked_at = excluded.looked_at, look_again_at = excluded.look_again_at`,
      [
        sources.map(({ kind }) => kind),
        sources.map(({ lastAt }) => lastAt),
        sources.map(({ usualGapDays }) => usualGapDays),
        sources.map(({ silent }) => silent),
        nextLookMs,
      ],
    );
  }
}
