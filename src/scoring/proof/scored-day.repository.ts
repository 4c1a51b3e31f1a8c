import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SCORE_COLUMNS, type ScoreRow } from '../scores/scores.repository.js';

const CHUNK = 1_000;

/** Scores of a whole day, which may not fit in memory. */
@Injectable()
export class ScoredDayRepository {
  /** Reads the scores in chunks, without accounts merged since. */
  async *chunks(manager: EntityManager, asOf: string): AsyncGenerator<ScoreRow[]> {
    for (let after = 0; ;) {
      const rows = await manager.query<ScoreRow[]>(
        `SELECT ${SCORE_COLUMNS} FROM account_score s JOIN account a USING (account_id)
         WHERE s.as_of = $1 AND s.account_id > $2 AND a.merged_into IS NULL ORDER BY s.account_id LIMIT ${CHUNK}`,
        [asOf, after],
      );
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      after = last.account_id;
    }
  }

  async accounts(manager: EntityManager): Promise<number> {
    const [row] = await manager.query<{ count: number }[]>('SELECT count(*)::int AS count FROM account');
    return row?.count ?? 0;
  }
}
