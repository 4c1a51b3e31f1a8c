import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Peers } from '../features/peers.js';

/** What accounts of a day are compared with; fixed for the whole run. */
export interface ScoreDay {
  asOf: string;
  runId: number;
  currency: string;
  peers: Peers;
  modelId: number;
}

interface Row {
  as_of: string;
  run_id: string;
  currency: string;
  peers: Peers;
  model_id: number;
}

const COLUMNS = 'as_of, run_id, currency, peers, model_id';

@Injectable()
export class ScoreDaysRepository {
  async begin(manager: EntityManager, { asOf, runId, currency, peers, modelId }: ScoreDay): Promise<void> {
    await manager.query(
      `INSERT INTO score_day AS d (${COLUMNS}) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (as_of) DO UPDATE SET run_id = excluded.run_id, currency = excluded.currency, peers = excluded.peers,
         model_id = excluded.model_id, finished_at = NULL`,
      [asOf, runId, currency, JSON.stringify(peers), modelId],
    );
  }

  async finish(manager: EntityManager, asOf: string): Promise<void> {
    await manager.query('UPDATE score_day SET finished_at = now() WHERE as_of = $1', [asOf]);
  }

  /** Null if the run has not started the day. */
  async begun(manager: EntityManager, asOf: string, runId: number): Promise<ScoreDay | null> {
    return this.one(manager, 'as_of = $1 AND run_id = $2', [asOf, runId]);
  }

  /** The latest day up to `asOf` with scores of all accounts. */
  async newest(manager: EntityManager, asOf: string): Promise<ScoreDay | null> {
    return this.one(manager, 'finished_at IS NOT NULL AND as_of <= $1 ORDER BY as_of DESC LIMIT 1', [asOf]);
  }

  async isFinished(manager: EntityManager, asOf: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT FROM score_day WHERE as_of = $1 AND finished_at IS NOT NULL',
      [asOf],
    );
    return rows.length > 0;
  }

  private async one(manager: EntityManager, where: string, values: unknown[]): Promise<ScoreDay | null> {
    const [row] = await manager.query<Row[]>(`SELECT ${COLUMNS} FROM score_day WHERE ${where}`, values);
    return row
      ? {
          asOf: row.as_of,
          runId: Number(row.run_id),
          currency: row.currency,
          peers: row.peers,
          modelId: row.model_id,
        }
      : null;
  }
}
