import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { addDays, dayOf, endOfDay } from '../../platform/days.js';
import { Cursors } from '../../platform/cursors.js';
import { DomainError } from '../../platform/errors.js';
import { CurrentListRepository } from '../../scoring/scores/current-list.repository.js';
import { listItem, type Names } from '../../scoring/scores/list-item.js';
import { NamesRepository } from '../../scoring/scores/names.repository.js';
import { riskOf } from '../../scoring/model/churn-model.js';
import { evaluate } from '../../scoring/model/evaluate.js';
import type { SortableField } from '../../scoring/scores/score-fields.js';
import { ScoreDaysRepository } from '../../scoring/runs/score-days.repository.js';
import { ScoresRepository } from '../../scoring/scores/scores.repository.js';
import { type StoredScore, StoredScoresRepository } from '../scores/stored-scores.repository.js';
import type { AccountListItem } from '../../scoring/scores/list-item.dto.js';
import {
  AccountListRepository,
  type CurrentRow,
  type ListOrder,
  type ListPosition,
  type PastRow,
} from './account-list.repository.js';
import type { AccountsQueryDto } from './accounts-query.dto.js';

/** The newest scores are sent as stored. */
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
    private readonly stored: StoredScoresRepository,
    private readonly scores: ScoresRepository,
    private readonly names: NamesRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /** Empty before the first run. Throws 404 `not_scored` for a day without a finished run, and 400 for a future day. */
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
      return { ...page, items: await this.itemsOf(page.items) };
    }
    const rows = await this.accounts.past(day, query, order, after, limit + 1);
    const page = this.cursors.page(name, rows, limit, positionOf);
    const items = await Promise.all(page.items.map((row) => this.pastItemOf(row)));
    return { ...page, items: items.map((item) => JSON.stringify(item)) };
  }

  /** Items stored by another release are rebuilt from the stored scores. */
  private async itemsOf(rows: readonly CurrentRow[]): Promise<string[]> {
    const old = rows.filter(({ item }) => item === null).map(({ account_id }) => account_id);
    const made = old.length === 0 ? null : await this.madeAgain(old);
    return rows.flatMap(({ account_id, item }) => item ?? made?.get(account_id) ?? []);
  }

  private async madeAgain(accountIds: readonly number[]): Promise<Map<number, string>> {
    const { manager } = this.dataSource;
    const today = dayOf(this.clock.now());
    const stored = await this.stored.upTo(accountIds, today);
    const names = await this.names.of(manager, accountIds);
    const before = await this.scores.healthAround(manager, accountIds, addDays(today, -30));
    const items = new Map<number, string>();
    for (const [accountId, score] of stored) {
      const named = names.get(accountId);
      if (named) items.set(accountId, JSON.stringify(itemOf(score, named, before.get(accountId))));
    }
    return items;
  }

  private async pastItemOf(row: PastRow): Promise<AccountListItem> {
    const { id, name, csm, health_before: before } = row;
    return itemOf(await this.stored.open(row), { id, name, csm }, before ?? undefined);
  }

  /** The latest scored day, if accounts were never scored as of today. */
  private async onlyPast(): Promise<string | null> {
    if (!(await this.current.isEmpty(this.dataSource.manager))) return null;
    const newest = await this.days.newest(this.dataSource.manager, dayOf(this.clock.now()));
    return newest?.asOf ?? null;
  }

  /** Null for the newest scores. */
  private async day(asOf: string | undefined): Promise<string | null> {
    if (asOf === undefined) return null;
    endOfDay(asOf, this.clock.now(), '/asOf');
    if (await this.days.isFinished(this.dataSource.manager, asOf)) return asOf;
    throw new DomainError(
      'not_scored',
      404,
      `No scores are stored for ${asOf}: request a run with POST /v1/score-runs`,
      { pointer: '/asOf' },
    );
  }
}

function itemOf(stored: StoredScore, names: Names, healthBefore: number | undefined): AccountListItem {
  const { score, model, currency } = stored;
  const { card } = stored.card;
  const risk = riskOf(model.churn, card, score, evaluate(card, score));
  return listItem({ names, score, card, risk, basis: model.churn.basis, currency, healthBefore });
}
