import { Injectable } from '@nestjs/common';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { reasonsOf } from '../../scoring/model/reasons.js';
import { unpack } from '../../scoring/runs/packed-score.js';
import { ScorecardsRepository, type StoredCard } from '../../scoring/scorecards/scorecards.repository.js';
import { points } from '../scores/describe-score.js';
import type { AccountList, AccountListItem } from './account-list.dto.js';
import { AccountListRepository, type ListPosition, type ListRow } from './account-list.repository.js';
import type { AccountsQueryDto } from './accounts-query.dto.js';

const MOST_REASONS = 3;

@Injectable()
export class AccountListService {
  constructor(
    private readonly accounts: AccountListRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly cursors: Cursors,
  ) {}

  /** Empty before the first run. Throws 404 `not_scored` for a day without a finished run. */
  async list(query: AccountsQueryDto): Promise<AccountList> {
    const { sort = 'health', limit = 100 } = query;
    const name = `accounts/${sort}`;
    const after =
      query.cursor === undefined ? null : (this.cursors.decode(name, query.cursor) as ListPosition);
    const day = after?.[0] ?? (await this.day(query.asOf));
    if (day === null) return { items: [], nextCursor: null };
    const rows = await this.accounts.list(day, { ...query, sort }, after, limit + 1);
    const cards = await this.scorecards.getAll(rows.map((row) => row.scorecard_id));
    const page = this.cursors.page(name, rows, limit, ({ position, account_id }): ListPosition => [
      day,
      position,
      account_id,
    ]);
    return { ...page, items: page.items.map((row) => describe(row, cards.get(row.scorecard_id))) };
  }

  private async day(asOf: string | undefined): Promise<string | null> {
    if (asOf === undefined) return this.accounts.newestDay();
    if (await this.accounts.isScored(asOf)) return asOf;
    throw new DomainError(
      'not_scored',
      404,
      `No scores are stored as of ${asOf}: ask for them with POST /v1/score-runs`,
      { pointer: '/asOf' },
    );
  }
}

function describe(row: ListRow, stored: StoredCard | undefined): AccountListItem {
  if (!stored) throw new Error(`the scorecard of score run ${row.run_id} is gone`);
  const { status, evaluation, features } = unpack(stored.layout, row);
  const { score, band, confidence } = evaluation;
  return {
    id: row.id,
    name: row.name,
    tier: row.tier,
    status,
    csm: row.csm,
    mrr: row.mrr === null ? null : { amount: row.mrr, currency: row.currency },
    health: { score: points(score), band, confidence: confidence / 10_000 },
    topReasons: reasonsOf(stored.card, evaluation, features)
      .slice(0, MOST_REASONS)
      .map(({ text }) => text),
  };
}
