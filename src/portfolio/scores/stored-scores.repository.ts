import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../platform/errors.js';
import { LayoutsRepository } from '../../scoring/features/layouts.repository.js';
import { ModelsRepository } from '../../scoring/models/models.repository.js';
import { unpack } from '../../scoring/runs/packed-score.js';
import { SCORE_COLUMNS, type ScoreRow, ScoresRepository } from '../../scoring/runs/scores.repository.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import type { DescribedScore } from './describe-score.js';

export interface StoredScore extends DescribedScore {
  readonly accountId: number;
  /** The UTC day. */
  readonly asOf: string;
  readonly runId: string;
}

/** Scores as they were stored, with the card and the model that made them. */
@Injectable()
export class StoredScoresRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scores: ScoresRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly layouts: LayoutsRepository,
    private readonly models: ModelsRepository,
  ) {}

  /** That of the day; `null`: the newest. */
  async find(accountId: number, asOf: string | null): Promise<StoredScore | null> {
    const row = await this.scores.find(this.dataSource.manager, accountId, asOf);
    return row && this.open(row);
  }

  /** Throws 404 `not_scored`. */
  async get(accountId: number, asOf: string | null): Promise<StoredScore> {
    const stored = await this.find(accountId, asOf);
    if (stored) return stored;
    throw notScored(asOf);
  }

  /** Of each account the newest up to the day, by its number; absent: none was stored by then. */
  async upTo(accountIds: readonly number[], day: string): Promise<Map<number, StoredScore>> {
    const rows = await this.dataSource.query<ScoreRow[]>(
      `SELECT s.* FROM unnest($1::int[]) AS asked(account_id)
       CROSS JOIN LATERAL (SELECT ${SCORE_COLUMNS} FROM account_score s
         WHERE s.account_id = asked.account_id AND s.as_of <= $2 ORDER BY s.as_of DESC LIMIT 1) AS s`,
      [accountIds, day],
    );
    const found = new Map<number, StoredScore>();
    for (const row of rows) found.set(row.account_id, await this.open(row));
    return found;
  }

  /** From the first day to the last, the oldest first. */
  async history(accountId: number, from: string, to: string): Promise<StoredScore[]> {
    const rows = await this.scores.history(this.dataSource.manager, accountId, from, to);
    const opened: StoredScore[] = [];
    for (const row of rows) opened.push(await this.open(row));
    return opened;
  }

  private async open(row: ScoreRow): Promise<StoredScore> {
    const { layout } = await this.layouts.get(row.layout_id);
    return {
      accountId: row.account_id,
      asOf: row.as_of,
      runId: row.run_id,
      card: await this.scorecards.get(row.scorecard_id),
      model: await this.models.get(row.model_id),
      score: unpack(layout, row),
      currency: row.currency,
    };
  }
}

export function notScored(asOf: string | null): DomainError {
  const day = asOf === null ? 'for this account' : `for this account as of ${asOf}`;
  const detail = `No score is stored ${day}: ask for one with POST /v1/score-runs`;
  return new DomainError('not_scored', 404, detail);
}
