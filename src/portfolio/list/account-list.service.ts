import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { dayOf, endOfDay } from '../../platform/days.js';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentListRepository } from '../../scoring/scores/current-list.repository.js';
import { listItem } from '../../scoring/scores/list-item.js';
import { LayoutsRepository } from '../../scoring/features/layouts.repository.js';
import { riskOf } from '../../scoring/model/churn-model.js';
import { evaluate } from '../../scoring/model/evaluate.js';
import { ModelsRepository } from '../../scoring/models/models.repository.js';
import type { SortableField } from '../../scoring/scores/score-fields.js';
import { unpack } from '../../scoring/scores/packed-score.js';
import { ScoreDaysRepository } from '../../scoring/runs/score-days.repository.js';
import { ScorecardsRepository } from '../../scoring/scorecards/scorecards.repository.js';
import type { AccountListItem } from './account-list.dto.js';
import {
  AccountListRepository,
  type ListOrder,
  type ListPosition,
  type PastRow,
} from './account-list.repository.js';
import type { AccountsQueryDto } from './accounts-query.dto.js';

/** The newest scores go out as they are stored. */
export interface ListPage {
  /** Each an `AccountListItem` as JSON. */
  readonly items: readonly string[];
  readonly nextCursor: string | null;
}

@Injectable()
export class AccountListService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountListRepository,
    private readonly current: CurrentListRepository,
    private readonly days: ScoreDaysRepository,
    private readonly scorecards: ScorecardsRepository,
    private readonly models: ModelsRepository,
    private readonly layouts: LayoutsRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /** Empty before the first run. Throws 404 `not_scored` for a day without a finished run, 400 for a day to come. */
  async list(query: AccountsQueryDto): Promise<ListPage> {
    const { sort = '-expectedLoss', limit = 100 } = query;
    const order: ListOrder = {
      key: sort.replace('-', '') as SortableField,
      descending: sort.startsWith('-'),
    };
    const name = `accounts/${sort}`;
    const after =
      query.cursor === undefined ? null : (this.cursors.decode(name, query.cursor) as ListPosition);
    const day = after === null ? await this.day(query.asOf) : after[0];
    const positionOf = (row: { position: number | string | null; account_id: number }): ListPosition => [
      day,
      row.position,
      row.account_id,
    ];
    if (day === null) {
      const rows = await this.accounts.current(dayOf(this.clock.now()), query, order, after, limit + 1);
      const newest = rows.length === 0 && after === null ? await this.onlyPast() : null;
      if (newest !== null) return this.list({ ...query, asOf: newest });
      const page = this.cursors.page(name, rows, limit, positionOf);
      return { ...page, items: page.items.map(({ item }) => item) };
    }
    const rows = await this.accounts.past(day, query, order, after, limit + 1);
    const page = this.cursors.page(name, rows, limit, positionOf);
    const items = await Promise.all(page.items.map((row) => this.itemOf(row)));
    return { ...page, items: items.map((item) => JSON.stringify(item)) };
  }

  private async itemOf(row: PastRow): Promise<AccountListItem> {
    const { layout } = await this.layouts.get(row.layout_id);
    const card = await this.scorecards.get(row.scorecard_id);
    const model = await this.models.get(row.model_id);
    const score = unpack(layout, row);
    return listItem({
      names: { id: row.id, name: row.name, csm: row.csm },
      score,
      card: card.card,
      risk: riskOf(model.churn, card.card, score, evaluate(card.card, score)),
      basis: model.churn.basis,
      currency: row.currency,
      healthBefore: row.health_before ?? undefined,
    });
  }

  /** The newest day that was scored, when the accounts of today never were. */
  private async onlyPast(): Promise<string | null> {
    if (!(await this.current.isEmpty(this.dataSource.manager))) return null;
    const newest = await this.days.newest(this.dataSource.manager, dayOf(this.clock.now()));
    return newest?.asOf ?? null;
  }

  /** Null: the newest scores. */
  private async day(asOf: string | undefined): Promise<string | null> {
    if (asOf === undefined) return null;
    endOfDay(asOf, this.clock.now(), '/asOf');
    if (await this.days.isFinished(this.dataSource.manager, asOf)) return asOf;
    throw new DomainError(
      'not_scored',
      404,
      `No scores are stored as of ${asOf}: ask for them with POST /v1/score-runs`,
      { pointer: '/asOf' },
    );
  }
}
